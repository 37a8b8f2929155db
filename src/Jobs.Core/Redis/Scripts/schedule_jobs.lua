--[[ Schedules many jobs: all, or none when one of them is refused.
     KEYS     the namespace's keys
     ARGV[1] how many   ARGV[2..] per job: id, type, queue, priority, when (now|at|in), time in ms, unique key or '', flags, number of
              parents, parents..., number of fields and values, fields and values...; or id, '', data or '': a job that is like the one before it,
              which has no parents and no unique key, but for these
              Flags: h held, a after any outcome of its parents, r recurring, t its time was asked for; where another job holds the unique
              key: e refuse, u update that one
     Returns { server time in ms, per job: '' when it was stored and is queued, as most are; else status, id (of the job that holds the unique key,
             where that is another), due in ms; and last { of each name that was first given otherwise: type:<name> or queue:<name>, how... } } or
             { 'missing', id of the parent that does not exist } or { 'exists', id of the job that holds the key, the key } or
             { 'busy', id of the job to update: it is executing and is to be cancelled, or is of another type } ]]
--@include keys
--@include jobs
--@include states
--@include names
--@include writes
--@include layout
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling
--@include parents
--@include changes
--@include requests

local n = tonumber(ARGV[1])

-- The job that has a unique key; nil when the key is free.
local function find_holder(unique)
  local holder = read_value('GET', prefix .. 'unique:' .. unique)
  return holder and exists(holder) and holder or nil
end

local taken = {}
-- Why a job can't be scheduled because of its unique key; nil when it can.
local function refuse(id, type, unique, flags)
  local holder = find_holder(unique) or taken[unique]
  taken[unique] = taken[unique] or id
  if not holder or holder == id or exists(id) or answered(id) then return nil end
  if string.find(flags, 'e', 1, true) then return { 'exists', holder, unique } end
  if string.find(flags, 'u', 1, true) then
    local job = load_job(holder)
    if job and job.status == 'executing' and (string.lower(job.type) ~= string.lower(type) or job.cancel) then return { 'busy', holder } end
  end
end

-- First look only: nothing is written before everything is known to be right.
local keys = {}
local i = 2
for j = 1, n do
  keys[j] = job_key(ARGV[i])
  if ARGV[i + 1] == '' then
    i = i + 3
  else
    if ARGV[i + 6] ~= '' then
      local refusal = refuse(ARGV[i], ARGV[i + 1], ARGV[i + 6], ARGV[i + 7])
      if refusal then return refusal end
    end
    local parents = tonumber(ARGV[i + 8])
    for p = i + 9, i + 8 + parents do
      if not exists(ARGV[p]) then return { 'missing', ARGV[p] } end
    end
    i = i + 9 + parents
    i = i + 1 + tonumber(ARGV[i])
  end
end

-- A call that has been here before, and whose reply was lost, finds its jobs.
local known_jobs = 0
in_parts(keys, 1, n, function(...) known_jobs = known_jobs + redis.call('EXISTS', ...) end)
local function is_known(j) return known_jobs > 0 and redis.call('EXISTS', keys[j]) == 1 end

-- The job that then has the unique key: this one when the key was free.
local function take_unique(id, unique)
  local holder = find_holder(unique)
  if not holder then redis.call('SET', prefix .. 'unique:' .. unique, id) end
  return holder or id
end

local seq = redis.call('INCRBY', seq_key, n) - n
if seq == 0 then note_layout() end
local now_text = int(now)
local index, lanes, result = {}, {}, { now }

local function tell(status, id, due)
  local at = #result
  result[at + 1], result[at + 2], result[at + 3] = status, id, due
end

local function answer_with(id)
  local job = load_job(id)
  tell(job and job.status or 'gone', id, job and int(job.time) or '')
end

-- Puts a new job into its lane, to be written with the others.
local function enqueue(id, type, queue, priority, turn)
  local lane = queue .. ':' .. type
  local entries = lanes[lane]
  if not entries then entries = {}; lanes[lane] = entries end
  local at = #entries
  entries[at + 1], entries[at + 2] = priority == '0' and turn or lane_score(priority, turn), id
end

local function write_lanes()
  for lane, entries in pairs(lanes) do
    in_parts(entries, 1, #entries, function(...) write('ZADD', lane_key(lane), ...) end)
    note_work(lane, #entries / 2)
  end
  lanes = {}
end

local definition = { 'data', 'params', 'retries', 'retryDelay', 'backoff', 'maxDelay', 'timeout', 'freq', 'cron', 'tz', 'missed' }

-- Gives the job that has the unique key a new definition. A recurrence that stays as it is keeps its next time, unless a time is asked for:
-- a definition may be repeated as often as one likes.
local function update(id, type, queue, priority, when, time, flags, first, last)
  write_lanes() -- it may be one of those
  local job, kept, obsolete = load_job(id), {}, {}
  local was = redis.call('HMGET', job_key(id), 'freq', 'cron', 'tz')
  for f = first, last, 2 do kept[ARGV[f]] = ARGV[f + 1] end
  local recurs = string.find(flags, 'r', 1, true) ~= nil
  for _, field in ipairs(definition) do
    if not kept[field] then obsolete[#obsolete + 1] = field end
  end
  redefine(id, job, { type = type, queue = queue, priority = priority, recurs = recurs }, ARGV, first, last, obsolete)
  local same = recurs and (was[1] or nil) == kept.freq and (was[2] or nil) == kept.cron and (was[3] or nil) == kept.tz
  if not same or string.find(flags, 't', 1, true) then
    if job.status ~= 'executing' then begin_anew(id, job) end
    reschedule(id, job, due_time(when, time))
  end
  if string.find(flags, 'h', 1, true) then
    job.hold = true
    if job.status == 'executing' or job.status == 'saved' then save(id, job) else move(id, job, 'saved', now) end
  end
end

-- What the jobs that are like the last one have in common.
local like

local function store_like(j, id, data)
  local turn = int(seq)
  local job = like.head .. turn .. like.tail
  if data == '' then
    redis.call('HSET', keys[j], 'job', job, 'state', like.state)
  else
    redis.call('HSET', keys[j], 'job', job, 'state', like.state, 'data', data)
  end
  if #like.fields > 0 then in_parts(like.fields, 1, #like.fields, function(...) redis.call('HSET', keys[j], ...) end) end
  local at = #index
  index[at + 1], index[at + 2] = now_text, id
  if like.status == 'queued' then
    enqueue(id, like.type, like.queue, like.priority, turn)
    count('queued', like.type, 1)
  else
    add_to_place(id, like, like.status, like.status == 'scheduled' and like.due or now)
  end
  if like.is_plain then result[#result + 1] = '' else tell(like.status, id, int(like.due)) end
end

i = 2
for j = 1, n do
  seq = seq + 1
  local id, type = ARGV[i], ARGV[i + 1]
  if type == '' then
    if is_known(j) then answer_with(id) else store_like(j, id, ARGV[i + 2]) end
    i = i + 3
  else
    local queue, priority, when, time, unique, flags = unpack(ARGV, i + 2, i + 7)
    local first_parent, parents = i + 9, tonumber(ARGV[i + 8])
    local fields = first_parent + parents
    local size = tonumber(ARGV[fields])
    i = fields + 1 + size
    type, queue = spell('type', type), spell('queue', queue)

    -- The job may have ended meanwhile: it must not take the key again.
    local known = is_known(j)
    local updates = string.find(flags, 'u', 1, true)
    local updated = updates and not known and answered(id)
    local holder = updated or (known or unique == '') and id or take_unique(id, unique)
    local due = due_time(when, time)
    local held, recurs = string.find(flags, 'h', 1, true), string.find(flags, 'r', 1, true)
    local waits, reason = 0, nil
    if parents > 0 and holder == id and not known then
      waits, reason = wait_for_parents(id, ARGV, first_parent, fields - 1, string.find(flags, 'a', 1, true))
    end
    local status = reason and 'cancelled' or (held or waits > 0) and 'saved' or due > now and 'scheduled' or 'queued'
    like = {
      type = type, queue = queue, priority = priority, status = status, due = due, is_plain = status == 'queued' and due == now,
      head = type .. ' ' .. queue .. ' ' .. priority .. ' ', tail = ' ' .. now_text, fields = {},
    }
    local data = ''
    local function add_field(field, value)
      local at = #like.fields
      like.fields[at + 1], like.fields[at + 2] = field, value
    end
    for f = fields + 1, fields + size, 2 do
      if ARGV[f] == 'data' then data = ARGV[f + 1] else add_field(ARGV[f], ARGV[f + 1]) end
    end
    if due ~= now then add_field('time', int(due)) end
    if recurs then add_field('slot', int(due)) end
    if waits > 0 then add_field('waits', waits) end
    if reason then add_field('reason', reason) end
    like.state = state_of({
      status = status, fence = 0, base = 0, started = '', ended = reason and now_text or '',
      hold = held, recurs = recurs, unique = unique ~= '', extra = #like.fields > 0,
    })

    if holder ~= id then
      if updates and not updated then
        update(holder, type, queue, priority, when, time, flags, fields + 1, fields + size)
        answer(id, holder)
      end
      answer_with(holder)
    elseif known then
      answer_with(id)
    else
      store_like(j, id, data)
      if reason then release_unique(id, { unique = unique ~= '' and unique }) end
    end
  end
end

in_parts(index, 1, #index, function(...) redis.call('ZADD', jobs_key, ...) end)
write_lanes()
close()
local respelled = {}
for kind, names in pairs(spellings) do
  for name, spelling in pairs(names) do
    if spelling ~= name then respelled[#respelled + 1], respelled[#respelled + 2] = kind .. ':' .. name, spelling end
  end
end
result[#result + 1] = respelled
return result
