--[[ Keeps what running jobs say of their progress, and what they log.
     KEYS     the namespace's keys
     ARGV[1..] per job: id, fence, progress as JSON or '', how many log entries, log entries...
     Returns how many of them still hold their claim ]]
--@include keys
--@include counts
--@include places
--@include endings
--@include runs

local held, i = 0, 1
while i <= #ARGV do
  local id, fence, progress, entries = unpack(ARGV, i, i + 3)
  entries = tonumber(entries)
  if open_run(id, fence) then
    keep_records(id, progress, i + 4, entries)
    held = held + 1
  end
  i = i + 4 + entries
end
return held
