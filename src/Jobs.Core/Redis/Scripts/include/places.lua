-- A job is in one place: a lane while queued, else the set of its status. Needs keys, counts.
local woken, earliest = {}, nil

-- The head of a lane is the highest priority, first in first out within it.
local function lane_score(priority, seq)
  return int(tonumber(seq) - tonumber(priority) * 8589934592)
end

-- What a transition decides by. Nil when there is no such job.
local function load_job(id)
  local v = redis.call('HMGET', job_key(id), 'status', 'type', 'queue', 'priority', 'seq', 'time', 'fence', 'base',
    'unique', 'cancel', 'hold', 'resched', 'waits', 'children', 'recurs', 'retries', 'retried', 'poolId')
  if not v[1] then return nil end
  return {
    status = v[1], type = v[2], queue = v[3], priority = v[4], seq = v[5], time = tonumber(v[6]),
    fence = tonumber(v[7] or 0), base = tonumber(v[8] or 0), unique = v[9], cancel = v[10], hold = v[11],
    resched = v[12], waits = tonumber(v[13] or 0), children = v[14], recurs = v[15],
    retries = tonumber(v[16] or 0), retried = tonumber(v[17] or 0), pool = v[18],
  }
end

local function add_to_place(id, job, status, score)
  if status == 'queued' then
    local lane = job.queue .. ':' .. job.type
    redis.call('ZADD', lane_key(lane), lane_score(job.priority, job.seq), id)
    woken[lane] = true
  else
    redis.call('ZADD', set_of[status], int(score), id)
    if status == 'scheduled' and (not earliest or score < earliest) then earliest = score end
  end
  count(status, job.type, 1)
end

local function remove_from_place(id, job)
  if job.status == 'queued' then
    redis.call('ZREM', lane_key(job.queue .. ':' .. job.type), id)
  else
    redis.call('ZREM', set_of[job.status], id)
  end
  count(job.status, job.type, -1)
end

-- Moves a job and writes the given fields with it: the new place first, so that a script cut short leaves no job without one.
local function move(id, job, status, score, ...)
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
    if head[2] and tonumber(head[2]) >= earliest then redis.call('PUBLISH', prefix .. 'wake', '@' .. int(earliest)) end
  end
end
