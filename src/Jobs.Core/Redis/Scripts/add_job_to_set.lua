--[[ Puts jobs among those that wait: releases held ones, or runs ended ones again.
     KEYS     the namespace's keys
     ARGV[1] resume or restart   ARGV[2] the request's name: sent again under it, a restart counts once   ARGV[3..] ids
     One that is restarted waits again for those of its parents that have not ended, and is cancelled at once when one did not finish.
     Returns per job: 'done', 'recorded' (it is executing: takes effect when the run ends), 'missing', 'ended', 'unfinished',
              or 'taken <id of the job that has its unique key>'; and 'more' when jobs are left to be settled (settle_children) ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling
--@include parents
--@include changes
--@include requests

local action, request = ARGV[1], ARGV[2]
local result, actions = {}, {}

-- As when it was scheduled.
local function wait_for_its_parents(id)
  local kept, ids = redis.call('HMGET', job_key(id), 'after', 'afterAny'), {}
  for parent in string.gmatch(kept[1] or '', '[^ ]+') do
    -- It may still be among those that are to be settled.
    write('ZREM', children_key(parent), id)
    ids[#ids + 1] = parent
  end
  return wait_for_parents(id, ids, 1, #ids, kept[2])
end

function actions.resume(id, job)
  if has_ended(job) then return 'ended' end
  job.hold = false
  if job.status == 'saved' and job.waits <= 0 then move_to_wait(id, job, job.time) else save(id, job) end
  return job.status == 'executing' and 'recorded' or 'done'
end

function actions.restart(id, job)
  local this = request .. ':' .. id
  local before = answered(this)
  if before then return before end
  if not has_ended(job) then return 'unfinished' end
  if job.unique then
    local key = prefix .. 'unique:' .. job.unique
    local holder = read_value('GET', key)
    if holder and holder ~= id and exists(holder) then return 'taken ' .. holder end
    redis.call('SET', key, id)
  end
  redis.call('DEL', prefix .. 'output:' .. id)
  redis.call('HDEL', job_key(id), 'error', 'reason', 'progress', 'pool', 'waits')
  begin_anew(id, job)
  job.started, job.ended, job.error, job.lapsed = '', '', false, false
  local waits, reason = wait_for_its_parents(id)
  if reason then
    end_job(id, job, 'cancelled', now, 'reason', reason)
  elseif waits > 0 then
    move(id, job, 'saved', now, 'time', int(now), 'waits', waits)
  else
    reschedule(id, job, now)
  end
  return answer(this, 'done')
end

for i = 3, #ARGV do
  local job = load_job(ARGV[i])
  result[#result + 1] = job and actions[action](ARGV[i], job) or 'missing'
end
if close() then result[#result + 1] = 'more' end
return result
