--[[ Changes jobs' priority, queue, recurrence and time, in one step. Each keeps its turn within its new priority.
     KEYS     the namespace's keys
     ARGV[1] the request's name: sent again under it, a new time counts once   ARGV[2] when (now|at|in), '' to leave their time
     ARGV[3] time in ms   ARGV[4] fields to remove, separated by spaces   ARGV[5] number of fields and values
     ARGV[6..] fields and values, then ids
     Returns per job: 'done', 'recorded' (it is executing: takes effect when it next waits), 'missing', or 'ended' ]]
--@include keys
--@include jobs
--@include states
--@include names
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling
--@include changes
--@include requests

local request, when, time, last_field = ARGV[1], ARGV[2], ARGV[3], 5 + tonumber(ARGV[5])
local obsolete, result = {}, {}
for field in string.gmatch(ARGV[4], '[^ ]+') do obsolete[#obsolete + 1] = field end

-- What is not in fields of its own, and what is.
local changes, fields = {}, {}
for f = 6, last_field, 2 do
  local field, value = ARGV[f], ARGV[f + 1]
  if field == 'priority' or field == 'queue' or field == 'recurs' then
    changes[field] = value
  else
    fields[#fields + 1], fields[#fields + 2] = field, value
  end
end

local function change(id)
  local this = request .. ':' .. id
  local before = when ~= '' and answered(this)
  if before then return before end
  local job = load_job(id)
  if not job then return 'missing' end
  if has_ended(job) then return 'ended' end
  if changes.queue then changes.queue = spell('queue', changes.queue) end
  redefine(id, job, changes, fields, 1, #fields, obsolete)
  local outcome = job.status == 'executing' and 'recorded' or 'done'
  if when == '' then return outcome end
  reschedule(id, job, due_time(when, time))
  return answer(this, outcome)
end

for i = last_field + 1, #ARGV do result[#result + 1] = change(ARGV[i]) end
close()
return result
