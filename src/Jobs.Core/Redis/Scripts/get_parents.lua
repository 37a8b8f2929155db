--[[ Reads what a job gets to know of those that it waited for.
     KEYS     the namespace's keys
     ARGV[1..] ids
     Returns per job: { type, status, output or false }, empty when its history is gone ]]
--@include keys

local result = {}
for i, id in ipairs(ARGV) do
  local job = redis.call('HMGET', job_key(id), 'type', 'status')
  result[i] = job[2] and { job[1], job[2], redis.call('GET', prefix .. 'output:' .. id) } or {}
end
return result
