--[[ Keeps what running jobs say of their progress, and what they log.
     KEYS     the namespace's keys
     ARGV[1..] per job: id, fence, progress as JSON or '', how many log entries of the run came before, how many come now, log entries...
     Returns how many of them still hold their claim ]]
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

local held, i = 0, 1
while i <= #ARGV do
  local id, fence, progress, before, entries = unpack(ARGV, i, i + 4)
  entries = tonumber(entries)
  local job = find_run(id, fence)
  if job then
    keep_records(id, fence, progress, before, i + 5, entries)
    if entries > 0 and not job.keys then
      job.keys = true
      save(id, job)
    end
    held = held + 1
  end
  i = i + 5 + entries
end
return held
