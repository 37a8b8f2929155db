--[[ Changes a job's priority, queue or recurrence. It keeps its turn within its new priority.
     KEYS     the namespace's keys
     ARGV[1] id   ARGV[2] fields to remove, separated by spaces   ARGV[3..] fields and values
     Returns 'done', 'recorded' (it is executing: takes effect when it next waits), 'missing', or 'ended' ]]
--@include keys
--@include counts
--@include places
--@include endings

local id = ARGV[1]
local job = load_job(id)
if not job then return 'missing' end
if job.status == 'finished' or job.status == 'failed' or job.status == 'cancelled' then return 'ended' end

if job.status == 'queued' then remove_from_place(id, job) end
for field in string.gmatch(ARGV[2], '[^ ]+') do redis.call('HDEL', job_key(id), field) end
if #ARGV > 2 then redis.call('HSET', job_key(id), unpack(ARGV, 3)) end
if job.status == 'queued' then
  local changed = load_job(id)
  add_to_place(id, changed, 'queued')
end
close()
return job.status == 'executing' and 'recorded' or 'done'
