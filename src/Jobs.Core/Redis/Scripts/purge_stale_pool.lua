--[[ Takes jobs whose lease has ended back from pools that died or were cut off: they are queued again in their old places. A job that was taken
     back too often is claimed by the caller, who fails it. Forgets pools that were silent for a day, and history that is too old.
     KEYS     the namespace's keys
     ARGV[1] the caller's pool id   ARGV[2] its host name   ARGV[3] its lease in ms   ARGV[4] how many at most   ARGV[5] crashes that fail a job
     ARGV[6] how many bytes of jobs that crashed too often, unless one alone is larger
     Returns { server time in ms, how many leases had ended, earliest lease end left or -1,
               per job that crashed too often: id, state, job, data or '', how many other fields and values, fields and values... } ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling
--@include runs
--@include claims

local pool, host, lease, room, max_crashes = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local bytes_left, looked_at = tonumber(ARGV[6]), 0
local result, limited, gone = { now, 0, -1 }, {}, 0

-- Where a job that executed has gone without a trace nobody knows which type it was: how many of each are executing, which limits count on, is
-- counted anew.
local function recount_executing()
  local counted, fields = {}, read_list('HGETALL', counts_key)
  for _, id in ipairs(redis.call('ZRANGE', executing_key, 0, -1)) do
    local field = 'executing:' .. type_of(id)
    counted[field] = (counted[field] or 0) + 1
  end
  for f = 1, #fields, 2 do
    if string.sub(fields[f], 1, 10) == 'executing:' then counted[fields[f]] = counted[fields[f]] or 0 end
  end
  for field, n in pairs(counted) do write('HSET', counts_key, field, n) end
end

-- Claims the job for the caller, as pop_next_jobs does, so that its failure goes the way of all failures.
local function claim_poison(id, job)
  job.fence, job.base, job.lapsed = job.fence + 1, job.base + 1, false
  save(id, job, 'pool', pool .. ' ' .. host)
  redis.call('ZADD', executing_key, int(now + lease), id)
  local state, definition, data, others = read_all(id)
  reply_with(result, id, state, definition, data, others)
  bytes_left = bytes_left - size_of(data, others)
end

local expired = redis.call('ZRANGEBYSCORE', executing_key, '-inf', int(now), 'LIMIT', 0, room)
for _, id in ipairs(expired) do
  if bytes_left <= 0 then break end
  looked_at = looked_at + 1
  local job = load_job(id, 'executing')
  if not job then
    redis.call('ZREM', executing_key, id)
    gone = gone + 1
  elseif job.status ~= 'executing' then
    -- A script was cut short after its first writes: the hash says where the job belongs.
    if default_keep[job.status] then redis.call('ZADD', set_of[job.status], 'NX', int(now), id) end
    redis.call('ZREM', executing_key, id)
  else
    limited[job.type] = (limited[job.type] or 0) + 1
    job.crashes, job.extra = job.crashes + 1, true
    redis.call('HSET', job_key(id), 'crashes', job.crashes)
    if is_laneless(job) or (job.crashes >= max_crashes and not job.cancel) then
      claim_poison(id, job)
    elseif job.cancel or job.resched or job.hold then
      -- Whatever the run still sends, what was asked for stands: its token is void.
      job.fence, job.base, job.lapsed = job.fence + 1, job.base + 1, false
      save(id, job)
      if not apply_requests(id, job, now) then wait_again(id, job, job.time) end
    else
      -- Until it is claimed again, the outcome of this run still counts (find_run).
      job.lapsed = true
      move(id, job, 'queued')
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
result[3] = number(first[2], -1)
wake_limited(limited)
close()
if gone > 0 then recount_executing() end
return result
