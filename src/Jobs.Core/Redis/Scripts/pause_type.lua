--[[ Pauses a type in all pools, or lets it go on.
     KEYS     the namespace's keys
     ARGV[1] name, in any case   ARGV[2] 1 to pause, 0 to go on
     Returns 1, or 0 when no pool has published such a type and no job of it was ever scheduled ]]
--@include keys
--@include writes
--@include names
--@include wakes

local name = find_spelling('type', ARGV[1])
if not name then return 0 end
redis.call('SADD', types_key, name)
if ARGV[2] == '1' then
  write('HSET', type_key(name), 'paused', 1)
else
  write('HDEL', type_key(name), 'paused')
  wake_type(name, math.huge)
end
return 1
