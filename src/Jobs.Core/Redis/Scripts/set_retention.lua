--[[ Sets how long ended jobs are kept, for all pools.
     KEYS     the namespace's keys
     ARGV[1] finished, ms   ARGV[2] failed, ms   ARGV[3] cancelled, ms   ARGV[4] at most so many of each
     Returns 1, or 0 when one of them is no number from 0 on ]]
--@include keys
--@include writes

for i = 1, 4 do
  if number(ARGV[i], -1) < 0 then return 0 end
end
write('HSET', settings_key, 'finished', ARGV[1], 'failed', ARGV[2], 'cancelled', ARGV[3], 'maxCount', ARGV[4])
return 1
