-- Jobs that wait for others: when those have ended, they go on or are cancelled. A call settles some hundred of them, however many there are; whose are left is
-- kept in the list `settling`, for the calls that follow it, or a reaper's. Needs keys, jobs, states, writes, counts, places, endings.
local settling_key = prefix .. 'settling'
local settle_at_most = 200
local first_unsettled, taken_up = 1, 0

local function settle_child(id, parent)
  local job = load_job(id)
  if not job or job.status ~= 'saved' or job.waits <= 0 then return end
  local any = redis.call('HGET', job_key(id), 'afterAny')
  if parent.status == 'finished' or any then
    redis.call('HSET', job_key(id), 'waits', job.waits - 1)
    if job.waits == 1 and not job.hold then move_to_wait(id, job, job.time) end
  else
    end_job(id, job, 'cancelled', now, 'reason', 'Job ' .. parent.id .. ', which it waited for, ' .. how_ended(parent.status) .. '.')
  end
end

-- A list rather than recursion: a chain of a thousand jobs may end at once.
local function settle_children()
  while settle_at_most > 0 and first_unsettled <= #to_settle do
    local parent = to_settle[first_unsettled]
    -- Who came to wait for it later waits for its next end.
    local ids = read_list('ZRANGEBYSCORE', children_key(parent.id), '-inf', parent.turn, 'LIMIT', 0, settle_at_most)
    for _, id in ipairs(ids) do settle_child(id, parent) end
    in_parts(ids, 1, #ids, function(...) redis.call('ZREM', children_key(parent.id), ...) end)
    settle_at_most = settle_at_most - #ids
    if settle_at_most > 0 then first_unsettled = first_unsettled + 1 end
  end
end

-- Goes on where earlier calls have stopped; called before anything ends.
local function take_up_settling()
  for _, entry in ipairs(read_list('LRANGE', settling_key, 0, settle_at_most - 1)) do
    local status, turn, id = string.match(entry, '^(%l+) (%d+) (.+)$')
    to_settle[#to_settle + 1] = { id = id or '', status = status, turn = turn or '0' }
  end
  taken_up = #to_settle
end

-- Keeps what is left to be settled. True when there is something.
local function keep_unsettled()
  local left = {}
  for i = math.max(first_unsettled, taken_up + 1), #to_settle do
    local parent = to_settle[i]
    left[#left + 1] = parent.status .. ' ' .. parent.turn .. ' ' .. parent.id
  end
  in_parts(left, 1, #left, function(...) write('RPUSH', settling_key, ...) end)
  if taken_up == 0 then return #left > 0 end
  redis.call('LTRIM', settling_key, int(math.min(first_unsettled - 1, taken_up)), -1)
  return redis.call('LLEN', settling_key) > 0
end

-- Written last, in this order: settling may still end jobs, and what has ended may be too much to keep. True when jobs are left to be settled.
local function close()
  settle_children()
  for status, n in pairs(newly_ended) do
    if n > 0 then trim(status, n * 2 + 10) end
  end
  settle_children()
  local more = keep_unsettled()
  flush_counts()
  wake_pools()
  return more
end
