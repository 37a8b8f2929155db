--[[ Reads types.
     KEYS     the namespace's keys
     ARGV[1..] names; none for all
     Returns per type: { name, fields and values... }; of a name that is not known just the name ]]
--@include keys

local names = #ARGV > 0 and ARGV or redis.call('SMEMBERS', types_key)
local result = {}
for _, name in ipairs(names) do
  local fields = redis.call('HGETALL', type_key(name))
  table.insert(fields, 1, name)
  result[#result + 1] = fields
end
return result
