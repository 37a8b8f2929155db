--[[ Takes jobs whose lease has ended back from pools that died or were cut off: they are queued again in their old places. A job that was taken
     back too often is claimed by the caller, who fails it. Forgets pools that were silent for a day, and history that is too old.
     KEYS     the namespace's keys
     ARGV[1] the caller's pool id   ARGV[2] its host name   ARGV[3] its lease in ms   ARGV[4] how many at most   ARGV[5] crashes that fail a job
     ARGV[6] how many bytes of jobs that crashed too often, unless one alone is larger
     Returns { server time in ms, how many leases had ended, earliest lease end left or -1,
               per job that crashed too often: { id, fence, fields and values... } } ]]
--@include keys
--@include counts
--@include places
--@include endings
--@include runs

local pool, host, lease, room, max_crashes = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local bytes_left, looked_at = tonumber(ARGV[6]), 0
local result, limited = { now, 0, -1 }, {}

-- Claims the job for the caller, as pop_next_jobs does, so that its failure goes the way of all failures.
local function claim_poison(id, job)
  local fence = job.fence + 1
  redis.call('HSET', job_key(id), 'fence', int(fence), 'base', int(job.base + 1), 'poolId', pool, 'host', host)
  redis.call('ZADD', executing_key, int(now + lease), id)
  local fields = redis.call('HGETALL', job_key(id))
  result[#result + 1] = { id, fence, fields }
  for _, value in ipairs(fields) do bytes_left = bytes_left - #value end
end

local expired = redis.call('ZRANGEBYSCORE', executing_key, '-inf', int(now), 'LIMIT', 0, room)
for _, id in ipairs(expired) do
  if bytes_left <= 0 then break end
  looked_at = looked_at + 1
  local job = load_job(id)
  if not job then
    redis.call('ZREM', executing_key, id)
  elseif job.status ~= 'executing' then
    -- A script was cut short after its first writes: the hash says where the job belongs.
    if default_keep[job.status] then redis.call('ZADD', set_of[job.status], 'NX', int(now), id) end
    redis.call('ZREM', executing_key, id)
  else
    limited[job.type] = job.queue
    local crashes = redis.call('HINCRBY', job_key(id), 'crashes', 1)
    if crashes >= max_crashes and not job.cancel then
      claim_poison(id, job)
    elseif job.cancel or job.resched or job.hold then
      -- Whatever the run still sends, what was asked for stands: its token is void.
      job.fence = redis.call('HINCRBY', job_key(id), 'fence', 1)
      redis.call('HINCRBY', job_key(id), 'base', 1)
      if not apply_requests(id, job, now) then wait_again(id, job, job.time) end
    else
      -- Until it is claimed again, the outcome of this run still counts (open_run).
      move(id, job, 'queued', nil, 'lapsed', int(job.fence))
    end
  end
end
result[2] = looked_at

for _, id in ipairs(redis.call('ZRANGEBYSCORE', pools_key, '-inf', int(now - 86400000), 'LIMIT', 0, room)) do
  redis.call('ZREM', pools_key, id)
  redis.call('DEL', prefix .. 'pool:' .. id)
end
for _, status in ipairs({ 'finished', 'failed', 'cancelled' }) do trim(status, room) end

local first = redis.call('ZRANGE', executing_key, 0, 0, 'WITHSCORES')
if first[2] then result[3] = tonumber(first[2]) end
wake_limited(limited)
close()
return result
