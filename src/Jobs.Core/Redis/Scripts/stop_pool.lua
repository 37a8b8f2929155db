--[[ Asks a pool to stop, or forgets one that has.
     KEYS     the namespace's keys
     KEYS[16] where it may be noted as idle, of one that is to be forgotten (include/wakes.lua)
     ARGV[1] id   ARGV[2] ask or forget   ARGV[3] grace in ms, or '' for the pool's own
     Returns 1, or 0 when there is no such pool ]]
--@include keys
--@include jobs
--@include writes
--@include wakes

local id = ARGV[1]
local pool_key = prefix .. 'pool:' .. id

-- Another watches for the next job to be due, where this pool did.
local function hand_watch_over()
  if string.match(read_value('GET', watch_key('scheduled')) or '', '%S+$') ~= id then return end
  redis.call('DEL', watch_key('scheduled'))
  local head = redis.call('ZRANGE', scheduled_key, 0, 0, 'WITHSCORES')
  local job = head[1] and load_job(head[1])
  if job then announce('scheduled', number(head[2], now), job.queue .. ':' .. job.type) end
end

local known = redis.call('ZSCORE', pools_key, id) and 1 or 0
if ARGV[2] == 'forget' then
  redis.call('ZREM', pools_key, id)
  redis.call('DEL', pool_key)
  mark_busy(id, KEYS[fixed_keys + 1])
  hand_watch_over()
elseif known == 1 then
  write('HSET', pool_key, 'stop', ARGV[3])
  redis.call('PUBLISH', prefix .. 'control', 'stop ' .. id .. ' ' .. ARGV[3])
end
return known
