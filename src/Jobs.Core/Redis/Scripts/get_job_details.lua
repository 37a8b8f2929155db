--[[ Reads what is kept beside a job.
     KEYS     the namespace's keys
     ARGV[1] id   ARGV[2] log, output or runs   ARGV[3] first log entry
     Returns { 1 when the job exists, output or false, entries... } ]]
--@include keys

local id, what = ARGV[1], ARGV[2]
local key = prefix .. what .. ':' .. id
local result = { redis.call('EXISTS', job_key(id)), false }
if what == 'output' then
  result[2] = redis.call('GET', key)
else
  for _, entry in ipairs(redis.call('LRANGE', key, tonumber(ARGV[3]), -1)) do result[#result + 1] = entry end
end
return result
