-- What the end of a job entails: its unique key is free, jobs that wait for it go on or are cancelled, old history goes. Needs keys, jobs, states, writes, counts, places.
local to_settle, first_unsettled = {}, 1
local newly_ended = { finished = 0, failed = 0, cancelled = 0 }

local function release_unique(id, job)
  if job.unique then
    local key = prefix .. 'unique:' .. job.unique
    if read_value('GET', key) == id then redis.call('DEL', key) end
  end
end

-- An ending in words: a job fails, it is not failed.
local function how_ended(status)
  return status == 'cancelled' and 'was cancelled' or status
end

-- Ends a job for good as finished, failed or cancelled, and writes the given fields with it.
local function end_job(id, job, status, ended, ...)
  local obsolete = job.resched or job.waits > 0
  job.ended, job.cancel, job.hold, job.resched = int(ended), false, false, false
  move(id, job, status, ended, ...)
  if obsolete then redis.call('HDEL', job_key(id), 'resched', 'waits') end
  release_unique(id, job)
  newly_ended[status] = newly_ended[status] + 1
  if job.children then to_settle[#to_settle + 1] = { id = id, status = status } end
end

local function settle_child(id, parent)
  local job = load_job(id)
  if not job or job.status ~= 'saved' or job.waits <= 0 then return end
  local any = redis.call('HGET', job_key(id), 'afterAny')
  if parent.status == 'finished' or any then
    redis.call('HSET', job_key(id), 'waits', job.waits - 1)
    if job.waits == 1 and not job.hold then move_to_wait(id, job, job.time) end
  else
    end_job(id, job, 'cancelled', now, 'reason', 'Job ' .. parent.id .. ', which it waited for, ' .. how_ended(parent.status) .. '.')
  end
end

-- A list rather than recursion: a chain of a thousand jobs may end at once.
local function settle_children()
  while first_unsettled <= #to_settle do
    local parent = to_settle[first_unsettled]
    first_unsettled = first_unsettled + 1
    local key = prefix .. 'children:' .. parent.id
    for _, child in ipairs(read_list('SMEMBERS', key)) do settle_child(child, parent) end
    redis.call('DEL', key)
    local job = parent.status ~= 'removed' and load_job(parent.id)
    if job then
      job.children = false
      save(parent.id, job)
    end
  end
end

-- Forgets a job, wherever it is.
local function destroy_job(id, job)
  release_unique(id, job)
  if job.children then to_settle[#to_settle + 1] = { id = id, status = 'removed' } end
  redis.call('ZREM', jobs_key, id)
  remove_from_place(id, job)
  redis.call('UNLINK', job_key(id), prefix .. 'log:' .. id, prefix .. 'output:' .. id, prefix .. 'runs:' .. id)
end

-- Forgets jobs that have ended as the status says: together, since each command costs more than what it does.
local function destroy_ended(ids, status)
  local gone, keys = {}, {}
  for _, id in ipairs(ids) do
    local v = read_list('HMGET', job_key(id), 'state', 'job')
    local ended_as, _, _, _, _, flags = split_state(v[1])
    local type = split_job(v[2])
    if ended_as == status and type ~= '' and not string.find(flags, '[ku]') then
      gone[#gone + 1] = id
      local k = #keys
      keys[k + 1], keys[k + 2], keys[k + 3], keys[k + 4] = job_key(id), prefix .. 'log:' .. id, prefix .. 'output:' .. id, prefix .. 'runs:' .. id
      count(status, type, -1)
    else
      local job = load_job(id, status)
      if job then
        destroy_job(id, job)
      else
        gone[#gone + 1] = id
      end
    end
  end
  in_parts(gone, 1, #gone, function(...)
    redis.call('ZREM', set_of[status], ...)
    redis.call('ZREM', jobs_key, ...)
  end)
  in_parts(keys, 1, #keys, function(...) redis.call('UNLINK', ...) end)
end

local default_keep = { finished = 604800000, failed = 2592000000, cancelled = 604800000 }

-- Drops up to `room` jobs of an ended status that are older or more than the store keeps.
local function trim(status, room)
  local settings = read_list('HMGET', settings_key, status, 'maxCount')
  local keep, most = number(settings[1], -1), number(settings[2], -1)
  if keep < 0 then keep = default_keep[status] end
  if most < 0 then most = 100000 end
  local old = redis.call('ZRANGEBYSCORE', set_of[status], '-inf', int(now - keep), 'LIMIT', 0, room)
  if #old == 0 then
    local over = redis.call('ZCARD', set_of[status]) - most
    if over > 0 then old = redis.call('ZRANGE', set_of[status], 0, math.min(over, room) - 1) end
  end
  destroy_ended(old, status)
end

-- Written last, in this order: settling may still end jobs, and what has ended may be too much to keep.
local function close()
  settle_children()
  for status, n in pairs(newly_ended) do
    if n > 0 then trim(status, n * 2 + 10) end
  end
  settle_children()
  flush_counts()
  wake_pools()
end
