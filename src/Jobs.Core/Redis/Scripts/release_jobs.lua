--[[ Gives claimed jobs back without an outcome; the attempt does not count.
     KEYS     the namespace's keys
     ARGV[1..] per job: id, fence, a later due time in ms or '' for its old place in the queue, why the pool can't run it as JSON or '', progress
              as JSON or '', how many log entries of the run came before or '' when none did, how many come now, log entries... Without a reason the later time is its next regular one, to which it is put off.
     Returns per job what became of it: its status, 'stale' or 'gone'; and 'more' when jobs are left to be settled (settle_children) ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling
--@include runs

local result, limited, i = {}, {}, 1
while i <= #ARGV do
  local id, fence, due, reason, progress, before, entries = unpack(ARGV, i, i + 6)
  local log = i + 7
  entries = tonumber(entries)
  i = log + entries

  local job, outcome = take_run(id, fence)
  if job then
    keep_records(id, fence, progress, before, log, entries)
    job.keys = job.keys or entries > 0
    limited[job.type] = (limited[job.type] or 0) + 1
    job.base = job.base + 1
    outcome = apply_requests(id, job, now)
    if not outcome then
      if reason ~= '' then
        job.error = true
        wait_again(id, job, tonumber(due), 'error', reason)
      elseif due ~= '' then
        wait_again(id, job, tonumber(due), 'slot', due, 'putOff', due)
      else
        wait_again(id, job, math.min(job.time, now))
      end
      outcome = job.status
    end
  end
  result[#result + 1] = outcome
end
wake_limited(limited)
if close() then result[#result + 1] = 'more' end
return result
