--[[ Reads what is kept beside a job.
     KEYS     the namespace's keys
     ARGV[1] id   ARGV[2] log, output or runs   ARGV[3] first entry   ARGV[4] how many bytes of entries, unless one alone is larger
     Returns { 1 when the job exists, output or false, entries... }; of the entries those that have room: none when there are no more ]]
--@include keys

local id, what, first, room = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local key = prefix .. what .. ':' .. id
local result = { redis.call('EXISTS', job_key(id)), false }
if what == 'output' then
  result[2] = read_value('GET', key)
  return result
end

local at_once, page = 100, nil
repeat
  page = read_list('LRANGE', key, first, first + at_once - 1)
  first = first + at_once
  for _, entry in ipairs(page) do
    room = room - #entry
    if room < 0 and #result > 2 then return result end
    result[#result + 1] = entry
  end
until #page < at_once
return result
