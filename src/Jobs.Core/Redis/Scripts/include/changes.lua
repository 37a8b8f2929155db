-- Other times and other fields for jobs that have not ended. Needs keys, jobs, states, writes, counts, places.

local function has_ended(job)
  return job.status == 'finished' or job.status == 'failed' or job.status == 'cancelled'
end

-- What 'now', 'at' a time or 'in' so many ms comes to.
local function due_time(when, time)
  if when == 'at' then return number(time, now) end
  return when == 'in' and now + number(time, 0) or now
end

-- Of an executing job it is recorded, and takes effect when the run ends.
local function reschedule(id, job, due)
  if job.status == 'executing' then
    job.resched = due
    save(id, job, 'resched', int(due))
  elseif job.status == 'saved' then
    job.extra = true
    save(id, job, 'time', int(due))
  else
    move_to_wait(id, job, due)
  end
  if job.recurs then
    if job.status ~= 'executing' then redis.call('HSET', job_key(id), 'slot', int(due)) end
  else
    redis.call('HDEL', job_key(id), 'slot')
  end
end

-- Gives a job another type, queue, priority or recurrence (the changes), and other fields: values[first..last], fields and values; then removes the
-- fields named. A queued job goes where its lane, priority and type now put it.
local function redefine(id, job, changes, values, first, last, obsolete)
  local before = { status = job.status, type = job.type, queue = job.queue }
  for what, value in pairs(changes) do job[what] = value end
  in_parts(values, first, last, function(...) redis.call('HSET', job_key(id), ...) end)
  in_parts(obsolete, 1, #obsolete, function(...) redis.call('HDEL', job_key(id), ...) end)
  save_definition(id, job)
  save(id, job)
  if job.status == 'queued' then
    add_to_place(id, job, 'queued')
    if job.queue == before.queue and job.type == before.type then
      count('queued', job.type, -1)
    else
      remove_from_place(id, before)
    end
  elseif job.type ~= before.type then
    count(job.status, before.type, -1)
    count(job.status, job.type, 1)
  end
end
