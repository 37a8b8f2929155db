--[[ Reads jobs.
     KEYS     the namespace's keys
     ARGV[1..] ids
     Returns { server time in ms, per job: { fields and values... }, empty when there is no such job } ]]
--@include keys

local result = { now }
for _, id in ipairs(ARGV) do result[#result + 1] = redis.call('HGETALL', job_key(id)) end
return result
