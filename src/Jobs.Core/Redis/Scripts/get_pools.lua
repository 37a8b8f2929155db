--[[ Reads the records of pools.
     KEYS     the namespace's keys
     Returns { server time in ms, per pool: { id, fields and values... } } ]]
--@include keys

local result = { now }
for _, id in ipairs(redis.call('ZRANGE', pools_key, 0, -1)) do
  local fields = read_list('HGETALL', prefix .. 'pool:' .. id)
  table.insert(fields, 1, id)
  result[#result + 1] = fields
end
return result
