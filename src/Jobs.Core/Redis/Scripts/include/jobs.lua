-- A job's hash. Every job has two packed fields, since each field costs more than what it holds; what few jobs have is in fields of its own:
--   job    type queue priority seq created
--   state  status fence base started ended flags, '-' for what is not there. Flags, letters in this order:
--          c cancel, h hold, s new time asked for (`resched`), k others wait for it, r recurs, u has a unique key (`unique`),
--          e has an error of an earlier attempt (`error`), l its lease ended and its outcome may still come,
--          x has other fields that a run must know, o has keys of its own beside its hash: output, log, runs
-- Needs keys.
local function is_status(status) return status == 'queued' or set_of[status or ''] ~= nil end

-- The parts of a state: status, fence, base, started, ended, flags; '' for those that are missing.
local function split_state(state) return string.match(state or '', '^(%S*) ?(%S*) ?(%S*) ?(%S*) ?(%S*) ?(%S*)') end

-- The parts of a job: type, queue, priority, seq, created; '' for those that are missing.
local function split_job(job) return string.match(job or '', '^(%S*) ?(%S*) ?(%S*) ?(%S*) ?(%S*)') end

-- The status in a state; nil where there is none.
local function status_in(state)
  local status = split_state(state)
  return is_status(status) and status or nil
end

local function status_of(id) return status_in(read_value('HGET', job_key(id), 'state')) end

local function exists(id) return status_of(id) ~= nil end

local function type_of(id) return (split_job(read_value('HGET', job_key(id), 'job'))) end

-- What a transition decides by; nil when there is no such job. Of a job whose status is none, the set it was found in tells it.
local function load_job(id, found_in)
  local v = read_list('HMGET', job_key(id), 'state', 'job', 'time', 'unique', 'resched', 'waits', 'retries', 'retried', 'crashes')
  local status, fence, base, started, ended, flags = split_state(v[1])
  if not is_status(status) then status = v[2] and found_in end
  if not status then return nil end
  local type, queue, priority, seq, created = split_job(v[2])
  local job = {
    status = status, fence = number(fence, 0), base = number(base, 0), started = started, ended = ended,
    type = type, queue = queue, priority = priority, seq = seq, created = created,
    waits = number(v[6], 0), retries = number(v[7], 0), retried = number(v[8], 0), crashes = number(v[9], 0),
  }
  if flags ~= '-' then
    local function has(letter) return string.find(flags, letter, 1, true) ~= nil end
    job.cancel, job.hold, job.resched, job.children, job.recurs = has('c'), has('h'), has('s'), has('k'), has('r')
    job.unique, job.error, job.lapsed, job.extra, job.keys = has('u'), has('e'), has('l'), has('x'), has('o')
  end
  job.time = number(v[3]) or number(created) or now
  job.resched = job.resched and number(v[5], now)
  job.unique = job.unique and v[4]
  return job
end
