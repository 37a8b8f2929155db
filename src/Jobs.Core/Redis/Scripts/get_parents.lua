--[[ Reads what a job gets to know of those that it waited for.
     KEYS     the namespace's keys
     ARGV[1] how many bytes, unless one output alone is larger: fewer jobs than asked for are told then   ARGV[2..] ids
     Returns per job: { type, status, output or false }, empty when its history is gone ]]
--@include keys
--@include jobs

local room, result = tonumber(ARGV[1]), {}
for i = 2, #ARGV do
  local v = read_list('HMGET', job_key(ARGV[i]), 'state', 'job')
  local status, type = status_in(v[1]), split_job(v[2])
  local output = status and read_value('GET', prefix .. 'output:' .. ARGV[i])
  room = room - (output and #output or 0)
  if room < 0 and i > 2 then break end
  result[i - 1] = status and { type, status, output } or {}
end
return result
