--[[ Removes one page of ended jobs, oldest first.
     KEYS     the namespace's keys
     ARGV[1] finished, failed or cancelled   ARGV[2] ended at or before, ms   ARGV[3] how many to pass over   ARGV[4] how many to look at
     ARGV[5..] patterns of types, none for any
     Returns { how many were looked at, how many were removed } ]]
--@include keys
--@include counts
--@include places
--@include endings

local status, before, skip, room = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local function matches(type)
  for i = 5, #ARGV do
    if string.find(type, ARGV[i]) then return true end
  end
  return #ARGV == 4
end

local ids, removed = redis.call('ZRANGEBYSCORE', set_of[status], '-inf', before, 'LIMIT', skip, room), 0
for _, id in ipairs(ids) do
  local job = load_job(id)
  if not job then
    redis.call('ZREM', set_of[status], id)
  elseif matches(job.type) then
    destroy_job(id, job)
    removed = removed + 1
  end
end
close()
return { #ids, removed }
