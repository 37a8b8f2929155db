-- The end of a run: whose it is, and what was asked of the job meanwhile. Needs keys, jobs, states, writes, counts, places, endings.

-- Redis that is full refuses a script whose first write may grow it, not what follows a write that can't: what keeps and ends runs must go on.
redis.call('DEL', guard_key)

-- The job, when the caller's run is still open: its claim stands, or its lease ended and nobody has claimed the job since.
-- Else nil and what became of it: its status when the run was ended by its owner before (that reply was lost), 'gone' or 'stale'.
local function find_run(id, fence)
  local job = load_job(id)
  if not job then return nil, 'gone' end
  if job.fence ~= tonumber(fence) then return nil, 'stale' end
  if job.status == 'executing' then return job end
  if not job.lapsed then return nil, job.status end
  if job.status ~= 'queued' then return nil, 'stale' end
  return job, nil, true
end

-- The same for whoever ends the run, which moves the job: a lease that had ended is forgiven.
local function take_run(id, fence)
  local job, outcome, lapsed = find_run(id, fence)
  if lapsed then
    job.lapsed = false
    job.crashes = math.max(0, job.crashes - 1)
    redis.call('HSET', job_key(id), 'crashes', job.crashes)
  end
  return job, outcome
end

-- To wait for its next run, or to be held back from it.
local function wait_again(id, job, due, ...)
  if job.hold then
    move(id, job, 'saved', now, 'time', int(due), ...)
  else
    move_to_wait(id, job, due, ...)
  end
end

-- A cancel or a new time asked for during the run. Returns the status it led to, or nil when nothing was asked.
local function apply_requests(id, job, ended, ...)
  if job.cancel then
    end_job(id, job, 'cancelled', ended, ...)
  elseif job.resched then
    local due = job.resched
    job.resched = false
    redis.call('HDEL', job_key(id), 'resched')
    if job.recurs then redis.call('HSET', job_key(id), 'slot', int(due)) end
    begin_anew(id, job)
    wait_again(id, job, due, ...)
  else
    return nil
  end
  return job.status
end

local function pool_of(id) return string.match(read_value('HGET', job_key(id), 'pool') or '', '^%S+') end

-- Keeps the last 50 runs of a recurring job, which is moved afterwards.
local function record_run(id, job, started, ended, outcome, reason)
  job.keys = true
  local key = prefix .. 'runs:' .. id
  write('LPUSH', key, cjson.encode({ started = started, finished = ended, status = outcome, error = reason, pool = pool_of(id) }))
  redis.call('LTRIM', key, 0, 49)
end

-- A recurring job goes on to its next occurrence with all its retries.
local function go_on(id, job, due, ...)
  begin_anew(id, job)
  wait_again(id, job, tonumber(due), 'slot', due, ...)
end

-- Keeps what a run said of itself: its progress, unless '', and `n` log entries from ARGV[i] on, which follow its first `before`. Entries that came with a
-- report whose reply was lost come again: how many there are of a run is kept on the job, as soon as some came before its end. `before` is '' when all
-- come with the end.
local function keep_records(id, fence, progress, before, i, n)
  if progress ~= '' then redis.call('HSET', job_key(id), 'progress', progress) end
  if n == 0 then return end
  local first = i
  if before ~= '' then
    local run, kept = string.match(redis.call('HGET', job_key(id), 'logged') or '', '^(%d+):(%d+)$')
    if run == fence then first = i + math.max(0, math.min(n, tonumber(kept) - tonumber(before))) end
    redis.call('HSET', job_key(id), 'logged', fence .. ':' .. int(math.max(tonumber(before) + n, run == fence and tonumber(kept) or 0)))
  end
  local key = prefix .. 'log:' .. id
  in_parts(ARGV, first, i + n - 1, function(...) write('RPUSH', key, ...) end)
  write('LTRIM', key, -20000, -1)
end

-- Keeps what a run put out; of one that put out nothing, nothing of an earlier run stays. A first claim has none before it.
local function keep_output(id, fence, output)
  local key = prefix .. 'output:' .. id
  if output ~= '' then
    redis.call('SET', key, output)
  elseif fence ~= '1' then
    redis.call('DEL', key)
  end
end
