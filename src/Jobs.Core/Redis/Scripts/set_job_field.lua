--[[ Changes jobs' priority, queue, recurrence and time, in one step. Each keeps its turn within its new priority.
     KEYS     the namespace's keys
     ARGV[1] the request's name: sent again under it, a new time counts once   ARGV[2] when (now|at|in), '' to leave their time
     ARGV[3] time in ms   ARGV[4] fields to remove, separated by spaces   ARGV[5] number of fields and values
     ARGV[6..] fields and values, then ids
     Returns per job: 'done', 'recorded' (it is executing: takes effect when it next waits), 'missing', or 'ended' ]]
--@include keys
--@include names
--@include writes
--@include counts
--@include places
--@include endings
--@include changes
--@include requests

local request, when, time, last_field = ARGV[1], ARGV[2], ARGV[3], 5 + tonumber(ARGV[5])
local obsolete, result = {}, {}
for field in string.gmatch(ARGV[4], '[^ ]+') do obsolete[#obsolete + 1] = field end

local function change(id)
  local this = request .. ':' .. id
  local before = when ~= '' and answered(this)
  if before then return before end
  local job = load_job(id)
  if not job then return 'missing' end
  if has_ended(job) then return 'ended' end
  for f = 6, last_field, 2 do
    if ARGV[f] == 'queue' then ARGV[f + 1] = spell('queue', ARGV[f + 1]) end
  end
  job = redefine(id, job, 6, last_field, obsolete)
  local outcome = job.status == 'executing' and 'recorded' or 'done'
  if when == '' then return outcome end
  reschedule(id, job, due_time(when, time))
  return answer(this, outcome)
end

for i = last_field + 1, #ARGV do result[#result + 1] = change(ARGV[i]) end
close()
return result
