--[[ Makes a pool's types, their defaults and limits known, and tells how the names it uses are spelled in this store.
     KEYS     the namespace's keys
     ARGV[1] how many queues   ARGV[2..] the queues it serves, then per type: name, fields to remove separated by spaces, how many fields and
              values, fields and values...
     Returns the spellings of the queues, then of the types, in the order given ]]
--@include keys
--@include writes
--@include layout
--@include names

note_layout()
local result, i = {}, 2 + tonumber(ARGV[1])
for q = 2, i - 1 do result[#result + 1] = spell('queue', ARGV[q]) end
while i <= #ARGV do
  local name, remove, size = spell('type', ARGV[i]), ARGV[i + 1], tonumber(ARGV[i + 2])
  redis.call('SADD', types_key, name)
  for field in string.gmatch(remove, '[^ ]+') do write('HDEL', type_key(name), field) end
  in_parts(ARGV, i + 3, i + 2 + size, function(...) redis.call('HSET', type_key(name), ...) end)
  i = i + 3 + size
  result[#result + 1] = name
end
return result
