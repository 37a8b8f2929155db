--[[ Puts jobs among those that wait: releases held ones, gives them another time, or runs ended ones again.
     KEYS     the namespace's keys
     ARGV[1] resume, reschedule or restart   ARGV[2] when (now|at|in)   ARGV[3] time in ms   ARGV[4..] ids
     Returns per job: 'done', 'recorded' (it is executing: takes effect when the run ends), 'missing', 'ended', 'unfinished',
              or 'taken <id of the job that has its unique key>' ]]
--@include keys
--@include counts
--@include places
--@include endings

local action, when, time = ARGV[1], ARGV[2], tonumber(ARGV[3])
local due = when == 'at' and time or when == 'in' and now + time or now
local result = {}

local function has_ended(job)
  return job.status == 'finished' or job.status == 'failed' or job.status == 'cancelled'
end

local actions = {}

function actions.resume(id, job)
  if has_ended(job) then return 'ended' end
  redis.call('HDEL', job_key(id), 'hold')
  if job.status == 'saved' and job.waits <= 0 then move_to_wait(id, job, job.time) end
  return job.status == 'executing' and 'recorded' or 'done'
end

function actions.reschedule(id, job)
  if has_ended(job) then return 'ended' end
  if job.status == 'executing' then
    redis.call('HSET', job_key(id), 'resched', int(due))
    return 'recorded'
  end
  if job.recurs then redis.call('HSET', job_key(id), 'slot', int(due)) end
  if job.status == 'saved' then
    redis.call('HSET', job_key(id), 'time', int(due))
  else
    move_to_wait(id, job, due)
  end
  return 'done'
end

function actions.restart(id, job)
  if not has_ended(job) then return 'unfinished' end
  if job.unique then
    local key = prefix .. 'unique:' .. job.unique
    local holder = redis.call('GET', key)
    if holder and holder ~= id and redis.call('EXISTS', job_key(holder)) == 1 then return 'taken ' .. holder end
    redis.call('SET', key, id)
  end
  redis.call('HDEL', job_key(id), 'error', 'reason', 'finished', 'progress', 'started', 'poolId', 'host', 'waits', 'lapsed')
  if job.recurs then redis.call('HSET', job_key(id), 'slot', int(due)) end
  move_to_wait(id, job, due, 'base', int(job.fence), 'retried', 0, 'crashes', 0)
  return 'done'
end

for i = 4, #ARGV do
  local job = load_job(ARGV[i])
  result[#result + 1] = job and actions[action](ARGV[i], job) or 'missing'
end
close()
return result
