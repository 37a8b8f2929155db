-- A job is in one place: a lane while queued, else the set of its status. Needs keys, writes, counts.
local woken, earliest = {}, nil

-- The head of a lane is the highest priority, first in first out within it.
local function lane_score(priority, seq)
  return int(number(seq, 0) - number(priority, 0) * 8589934592)
end

local function is_status(status) return status == 'queued' or set_of[status or ''] ~= nil end

local function exists(id) return is_status(read_value('HGET', job_key(id), 'status')) end

-- What a transition decides by; nil when there is no such job. Of a job whose status is none, the set it was found in tells it.
local function load_job(id, found_in)
  local v = read_list('HMGET', job_key(id), 'status', 'type', 'queue', 'priority', 'seq', 'time', 'fence', 'base',
    'unique', 'cancel', 'hold', 'resched', 'waits', 'children', 'recurs', 'retries', 'retried', 'poolId', 'crashes')
  local status = v[1]
  if not is_status(status) then status = v[2] and found_in end
  if not status then return nil end
  return {
    status = status, type = v[2] or '', queue = v[3] or '', priority = v[4], seq = v[5], time = number(v[6], now),
    fence = number(v[7], 0), base = number(v[8], 0), unique = v[9], cancel = v[10], hold = v[11],
    resched = v[12] and number(v[12], now), waits = number(v[13], 0), children = v[14], recurs = v[15],
    retries = number(v[16], 0), retried = number(v[17], 0), pool = v[18], crashes = number(v[19], 0),
  }
end

-- Whether a job has no lane that a pool could serve.
local function is_laneless(job) return job.type == '' or job.queue == '' end

local function add_to_place(id, job, status, score)
  if status == 'queued' then
    local lane = job.queue .. ':' .. job.type
    write('ZADD', lane_key(lane), lane_score(job.priority, job.seq), id)
    woken[lane] = true
  else
    redis.call('ZADD', set_of[status], int(score), id)
    if status == 'scheduled' and (not earliest or score < earliest) then earliest = score end
  end
  count(status, job.type, 1)
end

local function remove_from_place(id, job)
  if job.status == 'queued' then
    write('ZREM', lane_key(job.queue .. ':' .. job.type), id)
  else
    redis.call('ZREM', set_of[job.status], id)
  end
  count(job.status, job.type, -1)
end

-- Moves a job and writes the given fields with it: the new place first, so that a script cut short leaves no job without one.
local function move(id, job, status, score, ...)
  -- The reaper fails it, with an error that says what is wrong with it.
  if status == 'queued' and is_laneless(job) then status, score = 'executing', 0 end
  if status == job.status then
    remove_from_place(id, job)
    add_to_place(id, job, status, score)
  else
    add_to_place(id, job, status, score)
    redis.call('HSET', job_key(id), 'status', status, ...)
    remove_from_place(id, job)
    job.status = status
    return
  end
  redis.call('HSET', job_key(id), 'status', status, ...)
end

-- To its lane when due, else to wait for its time.
local function move_to_wait(id, job, due, ...)
  if due <= now then
    move(id, job, 'queued', nil, 'time', int(due), ...)
  else
    move(id, job, 'scheduled', due, 'time', int(due), ...)
  end
end

-- Tells pools about lanes that got work, and about a time earlier than any they know of.
local function wake_pools()
  for lane in pairs(woken) do
    redis.call('SADD', lanes_key, lane)
    redis.call('PUBLISH', prefix .. 'wake', lane)
  end
  if earliest then
    local head = redis.call('ZRANGE', scheduled_key, 0, 0, 'WITHSCORES')
    if head[2] and number(head[2], 0) >= earliest then redis.call('PUBLISH', prefix .. 'wake', '@' .. int(earliest)) end
  end
end
