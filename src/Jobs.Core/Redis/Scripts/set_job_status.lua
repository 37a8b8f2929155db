--[[ Cancels jobs, or holds them back. Of an executing job it is recorded, and takes effect when the run ends.
     KEYS     the namespace's keys
     ARGV[1] cancelled or saved   ARGV[2] reason, kept on a cancelled job   ARGV[3..] ids
     Returns per job: 'done', 'recorded', 'missing', or 'ended' ]]
--@include keys
--@include writes
--@include counts
--@include places
--@include endings

local status, reason = ARGV[1], ARGV[2]
local result = {}

local function cancel(id, job)
  if job.status == 'cancelled' then return 'done' end
  if job.status == 'finished' or job.status == 'failed' then return 'ended' end
  redis.call('HSET', job_key(id), 'reason', reason)
  if job.status == 'executing' then
    redis.call('HSET', job_key(id), 'cancel', 1)
    redis.call('PUBLISH', prefix .. 'control', 'cancel ' .. id)
    return 'recorded'
  end
  end_job(id, job, 'cancelled', now)
  return 'done'
end

local function hold(id, job)
  if job.status == 'cancelled' or job.status == 'finished' or job.status == 'failed' then return 'ended' end
  redis.call('HSET', job_key(id), 'hold', 1)
  if job.status == 'executing' then return 'recorded' end
  if job.status ~= 'saved' then move(id, job, 'saved', now) end
  return 'done'
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

close()
return result
