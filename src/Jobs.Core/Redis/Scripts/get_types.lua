--[[ Reads types.
     KEYS     the namespace's keys
     ARGV[1..] names, in any case; none for all
     Returns per type: { name, fields and values... }; of a name that is not known just the name ]]
--@include keys
--@include names

local names = #ARGV > 0 and ARGV or redis.call('SMEMBERS', types_key)
local result = {}
for _, given in ipairs(names) do
  local name = find_spelling('type', given) or given
  local fields = read_list('HGETALL', type_key(name))
  table.insert(fields, 1, name)
  result[#result + 1] = fields
end
return result
