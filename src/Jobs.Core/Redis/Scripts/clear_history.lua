--[[ Removes ended jobs, oldest first, up to a bound; a further call goes on from there.
     KEYS     the namespace's keys
     ARGV[1] finished, failed or cancelled   ARGV[2] ended at or before, ms; '' for now   ARGV[3] how many to look at
     ARGV[4] score and ARGV[5] id that the last call looked at last, '' at the start   ARGV[6..] patterns of types, none for any
     Returns { ended at or before, how many were removed, score and id to go on from, '' at the end } ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling
--@include positions
--@include wildcards

local set, before, room = set_of[ARGV[1]], tonumber(ARGV[2]) or now, tonumber(ARGV[3])
local type_matches = matcher(6, #ARGV)

local first = ARGV[5] == '' and 0 or position(set, tonumber(ARGV[4]), ARGV[5], true)
local last = math.min(first + room, position(set, before + 1, '')) - 1
local ids, removed = last < first and {} or redis.call('ZRANGE', set, int(first), int(last)), 0
local score, id = '', ids[room] or ''
if id ~= '' then score = redis.call('ZSCORE', set, id) end
for _, ended in ipairs(ids) do
  local job = load_job(ended, ARGV[1])
  if not job then
    redis.call('ZREM', set, ended)
  elseif type_matches(job.type) then
    destroy_job(ended, job)
    removed = removed + 1
  end
end
close()
return { int(before), removed, score, id }
