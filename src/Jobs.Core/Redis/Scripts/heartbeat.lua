--[[ Renews the leases of a pool's jobs and its own record; tells what happened to them meanwhile.
     KEYS     the namespace's keys
     ARGV[1] pool id   ARGV[2] lease in ms   ARGV[3] how many fields and values   ARGV[4..] the record's fields and values, then per job: id, fence
     Returns { server time in ms, the stop asked of the pool (ms of grace, or '' for its own) or false, earliest lease end of all jobs or -1,
               { ids of jobs it no longer holds }, { ids of jobs to be cancelled } } ]]
--@include keys
--@include jobs
--@include writes

local pool, lease, size = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local pool_key = prefix .. 'pool:' .. pool
local lease_end = int(now + lease)

-- A full Redis refuses what grows it, unless a write that can't came first (include/runs.lua): leases are renewed all the same.
redis.call('DEL', guard_key)
write('HSET', pool_key, 'heartbeat', int(now), 'lease', int(lease))
in_parts(ARGV, 4, 3 + size, function(...) redis.call('HSET', pool_key, ...) end)
redis.call('ZADD', pools_key, lease_end, pool)

local lost, cancelled = {}, {}
for i = 4 + size, #ARGV, 2 do
  local id = ARGV[i]
  local status, fence, _, _, _, flags = split_state(read_value('HGET', job_key(id), 'state'))
  if status == 'executing' and fence == ARGV[i + 1] then
    redis.call('ZADD', executing_key, lease_end, id)
    if string.find(flags, 'c', 1, true) then cancelled[#cancelled + 1] = id end
  else
    lost[#lost + 1] = id
  end
end

local first = redis.call('ZRANGE', executing_key, 0, 0, 'WITHSCORES')
return { now, redis.call('HGET', pool_key, 'stop'), number(first[2], -1), lost, cancelled }
