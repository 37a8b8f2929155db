--[[ Removes every trace of jobs. Safe to repeat.
     KEYS     the namespace's keys
     ARGV[1] 1 to remove executing ones too: their runs are stopped and no longer count   ARGV[2..] ids
     Returns per job: 'done', 'missing', or 'executing' ]]
--@include keys
--@include counts
--@include places
--@include endings

local force, result = ARGV[1] == '1', {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local job = load_job(id)
  if not job then
    redis.call('ZREM', jobs_key, id)
    result[#result + 1] = 'missing'
  elseif job.status == 'executing' and not force then
    result[#result + 1] = 'executing'
  else
    if job.status == 'executing' then redis.call('PUBLISH', prefix .. 'control', 'lost ' .. id) end
    destroy_job(id, job)
    result[#result + 1] = 'done'
  end
end
close()
return result
