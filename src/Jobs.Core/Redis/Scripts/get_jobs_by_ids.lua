--[[ Reads jobs, as many as fit, and at least one.
     KEYS     the namespace's keys
     ARGV[1] how many bytes end the reading   ARGV[2] most bytes of data: what comes after is left out
     ARGV[3] fields, separated by spaces, the data last   ARGV[4..] ids
     Returns { server time in ms, per job that was read: { values..., without the last where the data are left out } } ]]
--@include keys

local names, room, room_for_data = {}, tonumber(ARGV[1]), tonumber(ARGV[2])
for name in string.gmatch(ARGV[3], '[^ ]+') do names[#names + 1] = name end

local result = { now }
for i = 4, #ARGV do
  local values = read_list('HMGET', job_key(ARGV[i]), unpack(names, 1, room_for_data > 0 and #names or #names - 1))
  local data = values[#names]
  if data then
    room_for_data = room_for_data - #data
    if room_for_data < 0 then values[#names] = nil end
  end
  result[#result + 1] = values
  for _, value in ipairs(values) do
    if value then room = room - #value end
  end
  if room <= 0 then break end
end
return result
