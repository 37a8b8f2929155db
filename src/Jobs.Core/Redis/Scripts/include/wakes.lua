-- Who hears of work: of the pools that have room and found nothing more to do, as many as there are jobs; the others sleep on. Pools that serve the same
-- lanes are a group: `idle:<group>` has those that are idle, `groups:<lane>` the groups that serve a lane. Needs keys, writes.
local woken, earliest, earliest_lane = {}, nil, nil

local function groups_key(lane) return prefix .. 'groups:' .. lane end
local function watch_key(what) return prefix .. 'watch:' .. what end

-- Notes that a lane got work.
local function note_work(lane, n) woken[lane] = (woken[lane] or 0) + n end

-- Notes when a job of a lane will be due.
local function note_due(due, lane)
  if not earliest or due < earliest then earliest, earliest_lane = due, lane end
end

-- Notes that a pool is idle, in the group whose key and lanes these are. An entry of the group's own, the last of all, keeps the key while no pool is
-- idle; it is gone a day after the last pool, and then the lanes forget the group.
local function mark_idle(pool, key, lanes)
  if redis.call('EXPIRE', key, 86400) == 0 then
    write('ZADD', key, '+inf', 'group')
    redis.call('EXPIRE', key, 86400)
    local group = string.sub(key, #prefix + 6)
    for _, lane in ipairs(lanes) do write('SADD', groups_key(lane), group) end
  end
  write('ZADD', key, int(now), pool)
end

local function mark_busy(pool, key) write('ZREM', key, pool) end

-- Up to n idle pools that serve a lane from each group that does, the one that has been idle longest first.
local function idle_pools(lane, n)
  local found = {}
  for _, group in ipairs(read_list('SMEMBERS', groups_key(lane))) do
    local key = prefix .. 'idle:' .. group
    local entries = read_list('ZRANGE', key, 0, int(n - 1), 'WITHSCORES')
    if #entries == 0 then
      redis.call('DEL', key) -- nothing, or no list of pools
      redis.call('SREM', groups_key(lane), group)
    end
    for e = 1, #entries, 2 do
      if entries[e] ~= 'group' then found[#found + 1] = { id = entries[e], key = key, since = tonumber(entries[e + 1]) } end
    end
  end
  table.sort(found, function(a, b) return a.since < b.since end)
  return found
end

-- False when nobody hears it: the pool has ended.
local function tell(pool, word) return redis.call('PUBLISH', prefix .. 'wake:' .. pool, word) > 0 end

-- Wakes n idle pools that serve a lane. With fewer of them the work waits for whoever gets room.
local function wake(lane, n)
  while n > 0 do
    local idle = idle_pools(lane, n)
    if #idle == 0 then return end
    for _, pool in ipairs(idle) do
      if n == 0 then return end
      redis.call('ZREM', pool.key, pool.id)
      if tell(pool.id, lane) then n = n - 1 end
    end
  end
end

-- What is to be done at a time is watched by one pool, not by all: `watch:<what>` has the time and the pool.

local function watch_of(what)
  local time, pool = string.match(read_value('GET', watch_key(what)) or '', '^(%d+) (%S+)$')
  return number(time, 0), pool
end

-- Whether such a watch serves for a time: it is before it, and its pool has not ended.
local function is_kept(time, pool, due)
  return time > now and time <= due and number(redis.call('ZSCORE', pools_key, pool), 0) > now
end

local function set_watch(what, due, pool) redis.call('SET', watch_key(what), int(due) .. ' ' .. pool, 'PX', int(math.max(due - now, 0) + 60000)) end

-- Has an idle pool that serves the lane watch for a time, unless one does.
local function announce(what, due, lane)
  local time, watching = watch_of(what)
  if is_kept(time, watching, due) then return end
  for _, pool in ipairs(idle_pools(lane, 3)) do
    if tell(pool.id, '@' .. int(due)) then return set_watch(what, due, pool.id) end
  end
end

-- Whether a pool that looks now is to look again at a time: nobody else does by then.
local function watches(what, due, pool)
  local time, watching = watch_of(what)
  if watching == pool and time == due then return true end
  if watching ~= pool and is_kept(time, watching, due) then return false end
  set_watch(what, due, pool)
  return true
end

-- Up to n more jobs of a type may start, whichever lane they wait in.
local function wake_type(type, n)
  for _, lane in ipairs(redis.call('SMEMBERS', lanes_key)) do
    if string.sub(lane, -#type - 1) == ':' .. type then wake(lane, math.min(n, read_value('ZCARD', lane_key(lane)) or 0)) end
  end
end

-- Runs of types have ended, so many each: one with a limit has room again.
local function wake_limited(ended)
  for type, n in pairs(ended) do
    if read_value('HGET', type_key(type), 'limit') then wake_type(type, n) end
  end
end

-- Tells of all that was noted.
local function wake_pools()
  for lane, n in pairs(woken) do
    redis.call('SADD', lanes_key, lane)
    wake(lane, n)
  end
  if earliest then announce('scheduled', earliest, earliest_lane) end
end
