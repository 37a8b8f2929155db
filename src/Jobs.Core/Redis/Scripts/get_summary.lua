--[[ Reads the counters.
     KEYS     the namespace's keys
     ARGV[1] how many full minutes of rates
     Returns { server time in ms, { status:type, count, ... }, { lanes in use }, per minute: { outcome:type, count, ... } } ]]
--@include keys

local result = { now, read_list('HGETALL', counts_key), redis.call('SMEMBERS', lanes_key) }
local minute = math.floor(now / 60000)
for m = minute - tonumber(ARGV[1]), minute do result[#result + 1] = read_list('HGETALL', prefix .. 'minute:' .. int(m)) end
return result
