--[[ Puts jobs among those that wait: releases held ones, or runs ended ones again.
     KEYS     the namespace's keys
     ARGV[1] resume or restart   ARGV[2..] ids
     Returns per job: 'done', 'recorded' (it is executing: takes effect when the run ends), 'missing', 'ended', 'unfinished',
              or 'taken <id of the job that has its unique key>' ]]
--@include keys
--@include counts
--@include places
--@include endings
--@include changes

local action = ARGV[1]
local result, actions = {}, {}

function actions.resume(id, job)
  if has_ended(job) then return 'ended' end
  redis.call('HDEL', job_key(id), 'hold')
  if job.status == 'saved' and job.waits <= 0 then move_to_wait(id, job, job.time) end
  return job.status == 'executing' and 'recorded' or 'done'
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
  reschedule(id, job, now, 'base', int(job.fence), 'retried', 0, 'crashes', 0)
  return 'done'
end

for i = 2, #ARGV do
  local job = load_job(ARGV[i])
  result[#result + 1] = job and actions[action](ARGV[i], job) or 'missing'
end
close()
return result
