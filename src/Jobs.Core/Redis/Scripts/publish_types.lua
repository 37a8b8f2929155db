--[[ Makes a pool's types, their defaults and limits known.
     KEYS     the namespace's keys
     ARGV[1..] per type: name, fields to remove separated by spaces, how many fields and values, fields and values...
     Returns how many ]]
--@include keys

local published, i = 0, 1
while i <= #ARGV do
  local name, remove, size = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  redis.call('SADD', types_key, name)
  for field in string.gmatch(remove, '[^ ]+') do redis.call('HDEL', type_key(name), field) end
  redis.call('HSET', type_key(name), unpack(ARGV, i + 3, i + 2 + size))
  i = i + 3 + size
  published = published + 1
end
return published
