--[[ Cancels jobs, or holds them back. Of an executing job it is recorded, and takes effect when the run ends.
     KEYS     the namespace's keys
     ARGV[1] cancelled or saved   ARGV[2] reason, kept on a cancelled job   ARGV[3..] ids
     Returns per job: 'done', 'recorded', 'missing', or 'ended'; and 'more' when jobs are left to be settled (settle_children) ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling

local status, reason = ARGV[1], ARGV[2]
local result = {}

local function cancel(id, job)
  if job.status == 'cancelled' then return 'done' end
  if job.status == 'finished' or job.status == 'failed' then return 'ended' end
  if job.status == 'executing' then
    job.cancel = true
    save(id, job, 'reason', reason)
    redis.call('PUBLISH', prefix .. 'control', 'cancel ' .. id)
    return 'recorded'
  end
  end_job(id, job, 'cancelled', now, 'reason', reason)
  return 'done'
end

local function hold(id, job)
  if job.status == 'cancelled' or job.status == 'finished' or job.status == 'failed' then return 'ended' end
  job.hold = true
  if job.status == 'executing' or job.status == 'saved' then save(id, job) else move(id, job, 'saved', now) end
  return job.status == 'executing' and 'recorded' or 'done'
end

for i = 3, #ARGV do
  local id = ARGV[i]
  local job = load_job(id)
  if not job then
    result[#result + 1] = 'missing'
  elseif status == 'cancelled' then
    result[#result + 1] = cancel(id, job)
  else
    result[#result + 1] = hold(id, job)
  end
end

if close() then result[#result + 1] = 'more' end
return result
