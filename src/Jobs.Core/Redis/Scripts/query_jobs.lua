--[[ Reads one page of a set of jobs, in its order, leaving out what does not match.
     KEYS     the namespace's keys
     ARGV[1] set: jobs, a status, or queued:<lane>   ARGV[2] first rank   ARGV[3] how many to look at   ARGV[4] 1 for lowest scores first
     ARGV[5] created at or after, ms   ARGV[6] created at or before, ms   ARGV[7] 1 to count only
     ARGV[8] how many types, 0 for any   ARGV[9..] patterns of types, then of queues (none for any)
     Returns { server time in ms, rank to go on from or -1, how many matched, per match unless counting: { id, fields and values... } } ]]
--@include keys

local set, first, room, ascending = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local since, till, count_only = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1'
local type_count = tonumber(ARGV[8])

-- Whether one of the patterns ARGV[first..last] matches; no pattern matches anything.
local function matches(value, first_pattern, last_pattern)
  for i = first_pattern, last_pattern do
    if string.find(value, ARGV[i]) then return true end
  end
  return first_pattern > last_pattern
end

local key = set == 'jobs' and jobs_key or set_of[set] or prefix .. set
local ids = redis.call(ascending and 'ZRANGE' or 'ZREVRANGE', key, first, first + room - 1)
local result = { now, #ids == room and first + room or -1, 0 }
for _, id in ipairs(ids) do
  local job = redis.call('HMGET', job_key(id), 'type', 'queue', 'created')
  local created = tonumber(job[3] or -1)
  if job[1] and matches(job[1], 9, 8 + type_count) and matches(job[2], 9 + type_count, #ARGV) and created >= since and created <= till then
    result[3] = result[3] + 1
    if not count_only then
      local fields = redis.call('HGETALL', job_key(id))
      fields[#fields + 1], fields[#fields + 2] = 'id', id
      result[#result + 1] = fields
    end
  end
end
return result
