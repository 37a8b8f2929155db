-- Other times and other fields for jobs that have not ended. Needs keys, writes, counts, places.

local function has_ended(job)
  return job.status == 'finished' or job.status == 'failed' or job.status == 'cancelled'
end

-- What 'now', 'at' a time or 'in' so many ms comes to.
local function due_time(when, time)
  if when == 'at' then return number(time, now) end
  return when == 'in' and now + number(time, 0) or now
end

-- Of an executing job it is recorded, and takes effect when the run ends.
local function reschedule(id, job, due, ...)
  if job.status == 'executing' then
    redis.call('HSET', job_key(id), 'resched', int(due))
  elseif job.status == 'saved' then
    redis.call('HSET', job_key(id), 'time', int(due), 'slot', int(due), ...)
  else
    move_to_wait(id, job, due, 'slot', int(due), ...)
  end
  if not job.recurs then redis.call('HDEL', job_key(id), 'slot') end
end

-- Writes ARGV[first..last], fields and values, then removes the fields named. A queued job goes where its lane, priority and type now put it.
-- Returns the job as it is then.
local function redefine(id, job, first, last, obsolete)
  in_parts(ARGV, first, last, function(...) redis.call('HSET', job_key(id), ...) end)
  in_parts(obsolete, 1, #obsolete, function(...) redis.call('HDEL', job_key(id), ...) end)
  local changed = load_job(id)
  if job.status == 'queued' then
    add_to_place(id, changed, 'queued')
    if changed.queue == job.queue and changed.type == job.type then
      count('queued', job.type, -1)
    else
      remove_from_place(id, job)
    end
  elseif changed.type ~= job.type then
    count(job.status, job.type, -1)
    count(job.status, changed.type, 1)
  end
  return changed
end
