--[[ Changes a job's priority, queue, recurrence and time, in one step. It keeps its turn within its new priority.
     KEYS     the namespace's keys
     ARGV[1] id   ARGV[2] when (now|at|in), '' to leave its time   ARGV[3] time in ms   ARGV[4] fields to remove, separated by spaces
     ARGV[5..] fields and values
     Returns 'done', 'recorded' (it is executing: takes effect when it next waits), 'missing', or 'ended' ]]
--@include keys
--@include names
--@include counts
--@include places
--@include endings
--@include changes

local id, when, time = ARGV[1], ARGV[2], ARGV[3]
local job = load_job(id)
if not job then return 'missing' end
if has_ended(job) then return 'ended' end

local obsolete = {}
for field in string.gmatch(ARGV[4], '[^ ]+') do obsolete[#obsolete + 1] = field end
for f = 5, #ARGV, 2 do
  if ARGV[f] == 'queue' then ARGV[f + 1] = spell('queue', ARGV[f + 1]) end
end
job = redefine(id, job, 5, #ARGV, obsolete)
if when ~= '' then reschedule(id, job, due_time(when, time)) end
close()
return job.status == 'executing' and 'recorded' or 'done'
