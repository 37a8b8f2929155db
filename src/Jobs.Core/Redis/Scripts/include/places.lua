-- A job is in one place: a lane while queued, else the set of its status. Needs keys, jobs, states, writes, counts, wakes.

-- The head of a lane is the highest priority, first in first out within it.
local function lane_score(priority, seq)
  return int(number(seq, 0) - number(priority, 0) * 8589934592)
end

-- Whether a job has no lane that a pool could serve.
local function is_laneless(job) return job.type == '' or job.queue == '' end

local function add_to_place(id, job, status, score)
  if status == 'queued' then
    local lane = job.queue .. ':' .. job.type
    write('ZADD', lane_key(lane), lane_score(job.priority, job.seq), id)
    note_work(lane, 1)
  else
    redis.call('ZADD', set_of[status], int(score), id)
    if status == 'scheduled' then note_due(score, job.queue .. ':' .. job.type) end
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

-- Moves a job and writes its state and the given fields with it: the new place first, so that a script cut short leaves no job without one.
local function move(id, job, status, score, ...)
  -- The reaper fails it, with an error that says what is wrong with it.
  if status == 'queued' and is_laneless(job) then status, score = 'executing', 0 end
  local before = { status = job.status, type = job.type, queue = job.queue }
  if status == job.status then remove_from_place(id, before) end
  add_to_place(id, job, status, score)
  job.status = status
  save(id, job, ...)
  if status ~= before.status then remove_from_place(id, before) end
end

-- To its lane when due, else to wait for its time.
local function move_to_wait(id, job, due, ...)
  job.extra = true
  if due <= now then
    move(id, job, 'queued', nil, 'time', int(due), ...)
  else
    move(id, job, 'scheduled', due, 'time', int(due), ...)
  end
end
