-- The end of a run: whose it is, and what was asked of the job meanwhile. Needs keys, counts, places, endings.

-- The job, when the caller's claim still stands; else nil and why: 'gone' or 'stale'.
local function open_run(id, fence)
  local job = load_job(id)
  if not job then return nil, 'gone' end
  if job.status ~= 'executing' or job.fence ~= tonumber(fence) then return nil, 'stale' end
  return job
end

-- A cancel, a new time or a hold asked for during the run. Returns the status it led to, or nil when nothing was asked that applies.
-- `going_on` says that the job would run again anyway, at `due`.
local function apply_requests(id, job, ended, going_on, due, ...)
  if job.cancel then
    end_job(id, job, 'cancelled', ended, ...)
  elseif job.hold and (job.resched or going_on) then
    local at = tonumber(job.resched or due)
    move(id, job, 'saved', now, 'time', int(at), ...)
    redis.call('HDEL', job_key(id), 'resched')
  elseif job.resched then
    redis.call('HDEL', job_key(id), 'resched')
    if job.recurs then redis.call('HSET', job_key(id), 'slot', job.resched) end
    move_to_wait(id, job, tonumber(job.resched), 'base', int(job.fence), 'retried', 0, 'crashes', 0, ...)
  else
    return nil
  end
  return job.status
end

-- Keeps the last 50 runs of a recurring job.
local function record_run(id, job, started, ended, outcome, reason)
  local key = prefix .. 'runs:' .. id
  redis.call('LPUSH', key, cjson.encode({ started = started, finished = ended, status = outcome, error = reason, pool = job.pool }))
  redis.call('LTRIM', key, 0, 49)
end

-- A recurring job goes on to its next occurrence with all its retries.
local function go_on(id, job, due, ...)
  move_to_wait(id, job, tonumber(due), 'slot', due, 'base', int(job.fence), 'retried', 0, 'crashes', 0, ...)
end

-- Appends `n` log entries from ARGV[i] on.
local function append_log(id, i, n)
  if n == 0 then return end
  local key = prefix .. 'log:' .. id
  -- In parts: Lua can't pass many thousands at once.
  for first = i, i + n - 1, 1000 do
    redis.call('RPUSH', key, unpack(ARGV, first, math.min(first + 999, i + n - 1)))
  end
  redis.call('LTRIM', key, -20000, -1)
end

-- A type with a limit has room again: pools that found it full look once more.
local function wake_limited(types)
  for type, queue in pairs(types) do
    local limits = redis.call('HMGET', type_key(type), 'limit')
    if limits[1] then redis.call('PUBLISH', prefix .. 'wake', queue .. ':' .. type) end
  end
end
