--[[ Schedules many jobs: all, or none when one refers to a job that does not exist.
     KEYS     the namespace's keys
     ARGV[1] how many   ARGV[2..] per job: id, type, queue, priority, when (now|at|in), time in ms, unique key or '', flags, number of
              parents, parents..., number of fields and values, fields and values...
              Flags: h held, a after any outcome of its parents, r recurring
     Returns { server time in ms, per job: status, id (of the job that holds the unique key, where that is another), due in ms } or
             { 'missing', id of the parent that does not exist } ]]
--@include keys
--@include counts
--@include places
--@include endings

local n = tonumber(ARGV[1])

-- First look only: nothing is written before everything is known to be right.
local i = 2
for _ = 1, n do
  local parents = tonumber(ARGV[i + 8])
  for p = i + 9, i + 8 + parents do
    if redis.call('EXISTS', job_key(ARGV[p])) == 0 then return { 'missing', ARGV[p] } end
  end
  i = i + 9 + parents
  i = i + 1 + tonumber(ARGV[i])
end

-- How many unfinished parents hold the job back, and why it is cancelled at once, if it is.
local function wait_for_parents(id, first, last, any)
  local waits = 0
  for p = first, last do
    local parent = ARGV[p]
    local status = redis.call('HGET', job_key(parent), 'status')
    if status == 'failed' or status == 'cancelled' then
      if not any then return waits, 'Job ' .. parent .. ', which it waited for, was ' .. status .. '.' end
    elseif status ~= 'finished' and redis.call('SADD', prefix .. 'children:' .. parent, id) == 1 then
      redis.call('HSET', job_key(parent), 'children', 1)
      waits = waits + 1
    end
  end
  return waits
end

-- The job that holds the unique key, this one when the key was free.
local function unique_holder(id, unique)
  local key = prefix .. 'unique:' .. unique
  if redis.call('SET', key, id, 'NX') then return id end
  local holder = redis.call('GET', key)
  if redis.call('EXISTS', job_key(holder)) == 1 then return holder end
  redis.call('SET', key, id)
  return id
end

local seq = redis.call('INCRBY', seq_key, n) - n
local now_text = int(now)
local index, lanes, result = {}, {}, { now }

local function answer(status, id, due)
  local at = #result
  result[at + 1], result[at + 2], result[at + 3] = status, id, due
end

local function answer_with(id)
  local job = redis.call('HMGET', job_key(id), 'status', 'time')
  answer(job[1], id, job[2])
end

i = 2
for _ = 1, n do
  local id, type, queue, priority, when, time, unique, flags = unpack(ARGV, i, i + 7)
  local first_parent, parents = i + 9, tonumber(ARGV[i + 8])
  local fields = first_parent + parents
  local size = tonumber(ARGV[fields])
  i = fields + 1 + size
  seq = seq + 1

  -- A call that has been here before, and whose reply was lost, must not take the key again: the job may have ended.
  local known = redis.call('HSETNX', job_key(id), 'created', now_text) == 0
  local holder = (known or unique == '') and id or unique_holder(id, unique)
  if holder ~= id then
    redis.call('DEL', job_key(id))
    answer_with(holder)
  elseif known then
    answer_with(id)
  else
    local due = now
    if when == 'at' then due = tonumber(time) elseif when == 'in' then due = now + tonumber(time) end
    local due_text, held = int(due), string.find(flags, 'h', 1, true)
    local waits, reason = 0, nil
    if parents > 0 then waits, reason = wait_for_parents(id, first_parent, fields - 1, string.find(flags, 'a', 1, true)) end
    local status = reason and 'cancelled' or (held or waits > 0) and 'saved' or due > now and 'scheduled' or 'queued'

    local key = job_key(id)
    redis.call('HSET', key, 'type', type, 'queue', queue, 'priority', priority, 'seq', int(seq), 'time', due_text, 'status', status,
      unpack(ARGV, fields + 1, fields + size))
    if flags ~= '' then
      if held then redis.call('HSET', key, 'hold', 1) end
      if string.find(flags, 'r', 1, true) then redis.call('HSET', key, 'recurs', 1, 'slot', due_text) end
    end
    if waits > 0 then redis.call('HSET', key, 'waits', waits) end

    local at = #index
    index[at + 1], index[at + 2] = now_text, id
    if status == 'queued' then
      local lane = queue .. ':' .. type
      local entries = lanes[lane]
      if not entries then entries = {}; lanes[lane] = entries end
      local e = #entries
      entries[e + 1], entries[e + 2] = lane_score(priority, seq), id
      count('queued', type, 1)
    else
      add_to_place(id, { type = type, queue = queue }, status, status == 'scheduled' and due or now)
      if reason then
        redis.call('HSET', key, 'reason', reason, 'finished', now_text)
        release_unique(id, { unique = unique ~= '' and unique })
      end
    end
    answer(status, id, due_text)
  end
end

if #index > 0 then redis.call('ZADD', jobs_key, unpack(index)) end
for lane, entries in pairs(lanes) do
  redis.call('ZADD', lane_key(lane), unpack(entries))
  woken[lane] = true
end
close()
return result
