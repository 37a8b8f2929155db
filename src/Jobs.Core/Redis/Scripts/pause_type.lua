--[[ Pauses a type in all pools, or lets it go on.
     KEYS     the namespace's keys
     ARGV[1] name   ARGV[2] 1 to pause, 0 to go on
     Returns 1, or 0 when the type is not known ]]
--@include keys

local name = ARGV[1]
if redis.call('SISMEMBER', types_key, name) == 0 then return 0 end
if ARGV[2] == '1' then
  redis.call('HSET', type_key(name), 'paused', 1)
else
  redis.call('HDEL', type_key(name), 'paused')
  redis.call('PUBLISH', prefix .. 'wake', '*:' .. name)
end
return 1
