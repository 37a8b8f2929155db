--[[ Changes jobs' priority, queue, recurrence and time, in one step. Each keeps its turn within its new priority.
     KEYS     the namespace's keys
     ARGV[1] when (now|at|in), '' to leave their time   ARGV[2] time in ms   ARGV[3] fields to remove, separated by spaces
     ARGV[4] number of fields and values   ARGV[5..] fields and values, then ids
     Returns per job: 'done', 'recorded' (it is executing: takes effect when it next waits), 'missing', or 'ended' ]]
--@include keys
--@include names
--@include counts
--@include places
--@include endings
--@include changes

local when, time, last_field = ARGV[1], ARGV[2], 4 + tonumber(ARGV[4])
local obsolete, result = {}, {}
for field in string.gmatch(ARGV[3], '[^ ]+') do obsolete[#obsolete + 1] = field end

local function change(id)
  local job = load_job(id)
  if not job then return 'missing' end
  if has_ended(job) then return 'ended' end
  for f = 5, last_field, 2 do
    if ARGV[f] == 'queue' then ARGV[f + 1] = spell('queue', ARGV[f + 1]) end
  end
  job = redefine(id, job, 5, last_field, obsolete)
  if when ~= '' then reschedule(id, job, due_time(when, time)) end
  return job.status == 'executing' and 'recorded' or 'done'
end

for i = last_field + 1, #ARGV do result[#result + 1] = change(ARGV[i]) end
close()
return result
