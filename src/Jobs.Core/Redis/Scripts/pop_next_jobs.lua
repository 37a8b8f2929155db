--[[ Moves due jobs to their lanes, then claims the best ones that the pool can run.
     KEYS     the namespace's keys
     KEYS[16] where idle pools of its group are noted (include/wakes.lua)
     KEYS[17..] the pool's lanes: for each queue in order of preference, its lane of each type
     ARGV[1] claim number   ARGV[2] pool id   ARGV[3] host name   ARGV[4] lease in ms   ARGV[5] how many, at most 1,000   ARGV[6] how many bytes,
     unless one job alone is larger   ARGV[7] lanes that it was told of, separated by spaces   ARGV[8..] the pool's types
     Returns { server time in ms, when this pool is to look again or -1: the next scheduled job is due then, or a rate limit ends,
               1 when there may be more than was looked at or had room, 2 when jobs wait for a rate limit's end, else 0,
               per claimed job: id, state, job, data or '', how many other fields and values, fields and values... }
     A call repeated with the same claim number answers with the same jobs; numbers only rise. ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include claims

local promote_at_most = 500
local claim, pool, host, lease, room = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[6])
local wanted = math.min(tonumber(ARGV[5]), 1000)
local lease_end = int(now + lease)
local pool_key, holder, started = prefix .. 'pool:' .. pool, pool .. ' ' .. host, int(now)
local result = { now, -1, 0 }

local idle_key, first_lane = KEYS[fixed_keys + 1], fixed_keys + 2
local lanes = {}
for k = first_lane, #KEYS do lanes[#lanes + 1] = string.sub(KEYS[k], #prefix + 8) end

local function finish()
  flush_counts()
  wake_pools()
  if wanted > 0 then return result end
  mark_busy(pool, idle_key)
  -- It was chosen for these, and has no room: others are.
  for lane in string.gmatch(ARGV[7], '%S+') do
    if redis.call('EXISTS', lane_key(lane)) == 1 then wake(lane, 1) end
  end
  return result
end

-- The pool looks again at a time, unless another does.
local function look_again(what, due)
  if (result[2] < 0 or due < result[2]) and watches(what, due, pool) then result[2] = due end
end

-- Due jobs go to their lanes, whoever serves those.
local head = redis.call('ZRANGE', scheduled_key, 0, 0, 'WITHSCORES')
if head[2] and number(head[2], 0) <= now then
  local due = redis.call('ZRANGEBYSCORE', scheduled_key, '-inf', int(now), 'LIMIT', 0, promote_at_most)
  for _, id in ipairs(due) do
    local job = load_job(id, 'scheduled')
    if job and job.status == 'scheduled' then
      move(id, job, 'queued')
    else
      redis.call('ZREM', scheduled_key, id)
    end
  end
  -- Before the lanes are looked at: they are found through this set.
  for lane in pairs(woken) do redis.call('SADD', lanes_key, lane) end
  head = redis.call('ZRANGE', scheduled_key, 0, 0, 'WITHSCORES')
  if #due == promote_at_most then result[3] = 1 end
end
local next_due = number(head[2], -1)
if next_due >= 0 then look_again('scheduled', next_due) end

-- A pool may be left without a type.
if wanted == 0 or #lanes == 0 then return finish() end

local claimed = {}

local function claimed_state(fence, base, ended, flags)
  return 'executing ' .. (fence == '0' and '1' or int(number(fence, 0) + 1)) .. ' ' .. base .. ' ' .. started .. ' ' .. ended .. ' ' .. flags
end

-- A job to be claimed that has more than most, or is not as it should be: as look_at. A type, queue or status that is none, or not the lane's, is the
-- lane's: by it the job was counted.
local function look_closely(id, lane)
  local state, job, data, others = read_all(id)
  if not state and job == '' and #others == 0 then return nil end
  local status, fence, base, _, ended, flags = split_state(state)
  if status ~= 'queued' and is_status(status) then return nil end
  if string.sub(job, 1, #lane.head) ~= lane.head then
    local _, _, priority, seq, created = split_job(job)
    job = lane.head .. part(priority) .. ' ' .. part(seq) .. ' ' .. part(created)
    redis.call('HSET', job_key(id), 'job', job)
  end
  state = claimed_state(fence, base == '' and '0' or base, part(ended), part((string.gsub(flags, 'l', ''))))
  return state, job, data, others, size_of(data, others)
end

-- The job to be claimed: its new state, job, data, other fields, if it has any, and about how many bytes; nil when it was destroyed, or is a leftover of
-- a script cut short.
local seen = {}
local function look_at(id, lane)
  if seen[id] then return nil end
  seen[id] = true
  local v = read_list('HMGET', job_key(id), 'state', 'job', 'data')
  local job, data = v[2], v[3] or ''
  -- Flags that say of no other fields.
  local fence, base, ended, flags = string.match(v[1] or '', '^queued (%d+) (%d+) %S+ (%S+) ([%-o])$')
  if fence and job and string.sub(job, 1, #lane.head) == lane.head then return claimed_state(fence, base, ended, flags), job, data, nil, #data end
  return look_closely(id, lane)
end

-- A claim whose reply was lost: what it took and still holds, with new leases. One that was overtaken on its way takes nothing: nobody waits for it.
local last = read_list('HMGET', pool_key, 'claim', 'claimed')
if last[1] and tonumber(claim) < number(last[1], 0) then return finish() end
if last[1] == claim then
  for id in string.gmatch(last[2] or '', '[^ ]+') do
    if read_value('HGET', job_key(id), 'pool') == holder and status_of(id) == 'executing' then
      redis.call('ZADD', executing_key, lease_end, id)
      reply_with(result, id, read_all(id))
    end
  end
  return finish()
end

-- How many more jobs of a type may start now, up to what is wanted. Gathered once a call.
local allowances, rated = {}, {}
local function allowance(type)
  local left = allowances[type]
  if left then return left end
  left = wanted
  local limits = read_list('HMGET', type_key(type), 'paused', 'limit', 'rate', 'window')
  local limit, rate, window = number(limits[2]), number(limits[3]), number(limits[4])
  if limits[1] == '1' then left = 0 end
  if left > 0 and limit then
    local running = number(read_value('HGET', counts_key, 'executing:' .. type), 0)
    left = math.max(0, math.min(left, limit - running))
  end
  if left > 0 and rate and window then
    -- The starts of the last window, oldest first: as many of them as are past it, and those not yet made, may be made now.
    local starts = read_list('LRANGE', prefix .. 'starts:' .. type, 0, left - 1)
    local free = math.max(0, rate - (read_value('LLEN', prefix .. 'starts:' .. type) or 0))
    for _, text in ipairs(starts) do
      local start = number(text, 0)
      if start > now - window then
        if free < left then look_again('rate:' .. type, start + window) end
        break
      end
      free = free + 1
    end
    left = math.min(left, free)
    rated[type] = left == 0
  end
  allowances[type] = left
  return left
end

local function note_starts(lane, n)
  local type = lane.type
  local limits = read_list('HMGET', type_key(type), 'rate', 'window')
  local rate, window = number(limits[1]), number(limits[2])
  if not rate or rate < 1 then return end
  local key = prefix .. 'starts:' .. type
  for _ = 1, n do write('RPUSH', key, int(now)) end
  write('LTRIM', key, int(-rate), -1)
  -- A pool that is full now does not look again when the limit ends.
  if n == wanted and window and redis.call('LLEN', key) >= rate then announce('rate:' .. type, number(redis.call('LRANGE', key, 0, 0)[1], now) + window, lane.name) end
end

-- Takes the jobs that were looked at out of their lane, and what no longer belongs there.
local function claim_from(lane)
  if #lane.ids == 0 then return end
  local taken = #lane.taken
  if taken > 0 then
    -- The leases first: a claim cut short after them leaves the job to be claimed, never without a place.
    in_parts(lane.leases, 1, #lane.leases, function(...) redis.call('ZADD', executing_key, ...) end)
    for i, id in ipairs(lane.taken) do redis.call('HSET', job_key(id), 'state', lane.states[i], 'pool', holder) end
    count('queued', lane.type, -taken)
    count('executing', lane.type, taken)
    note_starts(lane, taken)
    if woken[lane.name] then note_work(lane.name, -taken) end
    allowances[lane.type] = allowances[lane.type] - taken
    wanted = wanted - taken
  end
  -- Behind what was none, jobs may wait.
  if taken < #lane.ids then result[3] = 1 end
  in_parts(lane.ids, 1, #lane.ids, function(...) redis.call('ZREM', lane.key, ...) end)
end

local types = #ARGV - 7
local full = false
local in_use = {}
in_parts(lanes, 1, #lanes, function(...)
  for _, is_member in ipairs(redis.call('SMISMEMBER', lanes_key, ...)) do in_use[#in_use + 1] = is_member end
end)

for queue_start = 0, #lanes - 1, types do
  if wanted == 0 or full then break end
  local open = {}
  for t = 1, types do
    local l = queue_start + t
    if in_use[l] == 1 then
      local lane = { key = KEYS[first_lane + l - 1], name = lanes[l], type = ARGV[7 + t] }
      lane.head = lane.type .. ' ' .. string.sub(lane.name, 1, -#lane.type - 2) .. ' '
      local most = math.min(wanted, allowance(lane.type))
      lane.heads = most > 0 and read_list('ZRANGE', lane.key, 0, int(most - 1), 'WITHSCORES') or {}
      lane.next, lane.ids, lane.taken, lane.states, lane.leases = 1, {}, {}, {}, {}
      if #lane.heads > 0 then
        open[#open + 1] = lane
      elseif most > 0 or redis.call('EXISTS', lane.key) == 0 then
        redis.call('SREM', lanes_key, lane.name)
      elseif rated[lane.type] and result[3] == 0 then
        result[3] = 2
      end
    end
  end
  -- The best head of all lanes of the queue, again and again.
  local left = wanted
  while left > 0 do
    local best
    for _, lane in ipairs(open) do
      local score = lane.heads[lane.next + 1]
      if score and (not best or tonumber(score) < tonumber(best.heads[best.next + 1])) then best = lane end
    end
    if not best then break end
    local id = best.heads[best.next]
    local state, job, data, others, bytes = look_at(id, best)
    if state then
      if bytes > room and #claimed > 0 then full = true; break end
      room = room - bytes
      reply_with(result, id, state, job, data, others)
      claimed[#claimed + 1] = id
      local at = #best.taken
      best.taken[at + 1], best.states[at + 1] = id, state
      best.leases[2 * at + 1], best.leases[2 * at + 2] = lease_end, id
    end
    best.ids[#best.ids + 1] = id
    best.next = best.next + 2
    left = left - 1
  end
  for _, lane in ipairs(open) do claim_from(lane) end
end
if full then result[3] = 1 end

if #claimed > 0 then write('HSET', pool_key, 'claim', claim, 'claimed', table.concat(claimed, ' ')) end
if wanted > 0 and result[3] ~= 1 then mark_idle(pool, idle_key, lanes) end
return finish()
