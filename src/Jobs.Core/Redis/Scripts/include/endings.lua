-- What the end of a job entails: its unique key is free, jobs that wait for it are to be settled (settling.lua), old history goes.
-- Needs keys, jobs, states, writes, counts, places.
local to_settle = {}
local newly_ended = { finished = 0, failed = 0, cancelled = 0 }

local function release_unique(id, job)
  if job.unique then
    local key = prefix .. 'unique:' .. job.unique
    if read_value('GET', key) == id then redis.call('DEL', key) end
  end
end

-- Notes that those are to be settled that have waited for a job until this turn.
local function note_end(id, status)
  to_settle[#to_settle + 1] = { id = id, status = status, turn = int(number(redis.call('GET', seq_key), 0)) }
end

-- An ending in words: a job fails, it is not failed.
local function how_ended(status)
  return status == 'cancelled' and 'was cancelled' or status
end

-- Ends a job for good as finished, failed or cancelled, and writes the given fields with it.
local function end_job(id, job, status, ended, ...)
  local obsolete, is_awaited = job.resched or job.waits > 0, job.children
  job.ended, job.cancel, job.hold, job.resched, job.children = int(ended), false, false, false, false
  move(id, job, status, ended, ...)
  if obsolete then redis.call('HDEL', job_key(id), 'resched', 'waits') end
  release_unique(id, job)
  newly_ended[status] = newly_ended[status] + 1
  if is_awaited then note_end(id, status) end
end

-- Forgets a job, wherever it is.
local function destroy_job(id, job)
  release_unique(id, job)
  if job.children then note_end(id, 'removed') end
  redis.call('ZREM', jobs_key, id)
  remove_from_place(id, job)
  redis.call('UNLINK', job_key(id), prefix .. 'log:' .. id, prefix .. 'output:' .. id, prefix .. 'runs:' .. id)
end

-- Forgets jobs that have ended as the status says: together, since each command costs more than what it does.
local function destroy_ended(ids, status)
  local gone, keys, types = {}, {}, {}
  for _, id in ipairs(ids) do
    local v = read_list('HMGET', job_key(id), 'state', 'job')
    local ended_as, flags = string.match(v[1] or '', '^(%l+) %S+ %S+ %S+ %S+ (%S+)$')
    local type = string.match(v[2] or '', '^%S+')
    if ended_as == status and type and not string.find(flags, '[ku]') then
      local k = #keys
      gone[#gone + 1], keys[k + 1] = id, job_key(id)
      if flags ~= '-' and flags ~= 'x' then keys[k + 2], keys[k + 3], keys[k + 4] = prefix .. 'log:' .. id, prefix .. 'output:' .. id, prefix .. 'runs:' .. id end
      types[type] = (types[type] or 0) + 1
    else
      local job = load_job(id, status)
      if job then
        destroy_job(id, job)
      else
        gone[#gone + 1] = id
      end
    end
  end
  for type, n in pairs(types) do count(status, type, -n) end
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
