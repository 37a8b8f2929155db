--[[ Goes on with the jobs that wait for others which have ended, where a call has left some hundred or more of them. One caller at a time does so.
     KEYS     the namespace's keys
     ARGV[1] who calls
     Returns 1 when there are more and the caller is to call again, 2 when another does so, 0 when there are none ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling

take_up_settling()
if taken_up == 0 then return 0 end

-- Who called last has so long to come back before another takes it up.
local patience = 5000
local settler_key = prefix .. 'settler'
local till, settler = string.match(read_value('GET', settler_key) or '', '^(%d+) (%S+)$')
local left = number(till, 0) - now
if settler ~= ARGV[1] and left > 0 and left <= patience then return 2 end

if close() then
  redis.call('SET', settler_key, int(now + patience) .. ' ' .. ARGV[1], 'PX', patience)
  return 1
end
redis.call('DEL', settler_key)
return 0
