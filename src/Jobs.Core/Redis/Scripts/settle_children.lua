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

local settler_key = prefix .. 'settler'
local settler = read_value('GET', settler_key)
if settler and settler ~= ARGV[1] then return 2 end

take_up_settling()
if taken_up == 0 then return 0 end
if close() then
  -- Another takes it up when this one has not come back.
  redis.call('SET', settler_key, ARGV[1], 'PX', 5000)
  return 1
end
redis.call('DEL', settler_key)
return 0
