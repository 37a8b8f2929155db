--[[ Asks a pool to stop, or forgets one that has.
     KEYS     the namespace's keys
     ARGV[1] id   ARGV[2] ask or forget   ARGV[3] grace in ms, or '' for the pool's own
     Returns 1, or 0 when there is no such pool ]]
--@include keys
--@include writes

local id = ARGV[1]
local pool_key = prefix .. 'pool:' .. id
local known = redis.call('ZSCORE', pools_key, id) and 1 or 0
if ARGV[2] == 'forget' then
  redis.call('ZREM', pools_key, id)
  redis.call('DEL', pool_key)
elseif known == 1 then
  write('HSET', pool_key, 'stop', ARGV[3])
  redis.call('PUBLISH', prefix .. 'control', 'stop ' .. id .. ' ' .. ARGV[3])
end
return known
