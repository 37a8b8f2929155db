--[[ Reads the ids of jobs, one set after the other, each in its order, up to a bound; a further call goes on from there.
     KEYS     the namespace's keys
     ARGV[1] sets, separated by spaces: jobs (all), or statuses; of queued all lanes   ARGV[2] 1 for lowest scores first
     ARGV[3] how many matches to pass over   ARGV[4] most ids to return   ARGV[5] most jobs to look into
     ARGV[6] created at or after, ms, or ''   ARGV[7] created at or before, ms, or ''
     ARGV[8] set to go on with, '' at the start   ARGV[9] score and ARGV[10] id that it was read to
     ARGV[11] how many patterns of types   ARGV[12..] patterns of types, then of queues
     Returns { how many are still to be passed over, set to go on with or '' at the end, score, id, per set that was read: its name, { ids } } ]]
--@include keys
--@include jobs
--@include positions
--@include wildcards

local ascending, to_skip, to_return, to_look = ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local since, till, go_on = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
local last_type = 11 + tonumber(ARGV[11])
local type_matches, queue_matches = matcher(12, last_type), matcher(last_type + 1, #ARGV)
local any_name = #ARGV == 11

-- All lanes by name, and the one to go on with even when it is empty by now.
local function lanes()
  local names, known = redis.call('SMEMBERS', lanes_key), false
  for i, lane in ipairs(names) do
    names[i] = 'queued:' .. lane
    known = known or names[i] == go_on
  end
  if not known and string.sub(go_on, 1, 7) == 'queued:' then names[#names + 1] = go_on end
  table.sort(names)
  return names
end

local sets = {}
for set in string.gmatch(ARGV[1], '[^ ]+') do
  for _, name in ipairs(set == 'queued' and lanes() or { set }) do sets[#sets + 1] = name end
end

-- The ranks of a set that are to be read: from `low` to before `high`, lowest score first.
local function bounds(set, key)
  local low, high = 0, read_value('ZCARD', key) or 0
  if set == 'jobs' then -- scored by the time of creation
    if since then low = position(key, since, '') end
    if till then high = position(key, till + 1, '') end
  end
  if set == go_on then
    local read_to = position(key, tonumber(ARGV[9]), ARGV[10], ascending)
    if ascending then low = math.max(low, read_to) else high = math.min(high, read_to) end
  end
  return low, math.max(low, high)
end

local function range(key, low, high, n)
  if ascending then return redis.call('ZRANGE', key, int(low), int(low + n - 1)) end
  local size = redis.call('ZCARD', key)
  return redis.call('ZREVRANGE', key, int(size - high), int(size - high + n - 1))
end

local function matches(id)
  local type, queue, _, _, created = split_job(read_value('HGET', job_key(id), 'job'))
  if type == '' or not type_matches(type) or not queue_matches(queue) then return false end
  created = tonumber(created) or 0
  return created >= (since or created) and created <= (till or created)
end

local result = { 0, '', '', '' }
local function finish(set, key, id)
  result[1] = int(to_skip)
  if set then result[2], result[3], result[4] = set, redis.call('ZSCORE', key, id), id end
  return result
end

local started = go_on == ''
for _, set in ipairs(sets) do
  started = started or set == go_on
  local queue, type = string.match(set, '^queued:([^:]*):(.*)$')
  if started and (not queue or (queue_matches(queue) and type_matches(type))) then
    local key = set == 'jobs' and jobs_key or set_of[set] or prefix .. set
    local low, high = bounds(set, key)
    -- A lane's name says what its jobs are; of others the jobs tell.
    local looks = (not any_name and not queue) or ((since or till) and set ~= 'jobs')
    if not looks then
      local passed = math.min(to_skip, high - low)
      to_skip = to_skip - passed
      if ascending then low = low + passed else high = high - passed end
    end
    local n = math.min(high - low, looks and to_look or to_return)
    local ids = n > 0 and range(key, low, high, n) or {}
    local found = ids
    if looks then
      found = {}
      for i, id in ipairs(ids) do
        if matches(id) then
          if to_skip > 0 then to_skip = to_skip - 1 else found[#found + 1] = id end
        end
        if #found == to_return then
          n = i
          break
        end
      end
      to_look = to_look - n
    end
    to_return = to_return - #found
    if #found > 0 then result[#result + 1], result[#result + 2] = set, found end
    if n > 0 and (n < high - low or to_return == 0 or to_look <= 0) then return finish(set, key, ids[n]) end
  end
end
return finish()
