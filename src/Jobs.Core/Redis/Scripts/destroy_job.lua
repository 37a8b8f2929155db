--[[ Removes every trace of jobs. Safe to repeat.
     KEYS     the namespace's keys
     ARGV[1] 1 to remove executing ones too: their runs are stopped and no longer count   ARGV[2..] ids
     Returns per job: 'done', 'missing', or 'executing'; and 'more' when jobs are left to be settled (settle_children) ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling

local force, result = ARGV[1] == '1', {}

-- What is left under the id of something that is no job. True when it had a job's key.
local function forget_leftovers(id)
  for _, set in pairs(set_of) do redis.call('ZREM', set, id) end
  redis.call('ZREM', jobs_key, id)
  return redis.call('DEL', job_key(id)) == 1
end

for i = 2, #ARGV do
  local id = ARGV[i]
  local job = load_job(id)
  if not job then
    result[#result + 1] = forget_leftovers(id) and 'done' or 'missing'
  elseif job.status == 'executing' and not force then
    result[#result + 1] = 'executing'
  else
    if job.status == 'executing' then redis.call('PUBLISH', prefix .. 'control', 'lost ' .. id) end
    destroy_job(id, job)
    result[#result + 1] = 'done'
  end
end
if close() then result[#result + 1] = 'more' end
return result
