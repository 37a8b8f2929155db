--[[ Records runs that ended well. A run that another has followed changes nothing; one recorded before is told so.
     KEYS     the namespace's keys
     ARGV[1..] per run: id, fence, type, started in ms, ended in ms, a recurring job's next time in ms or '', or '-' where nothing
              more comes for this run; output as a JSON array or '',
              progress as JSON or '', how many log entries of the run came before or '' when none did, how many come now, log entries...
     Returns per run what became of the job: its status, 'stale' or 'gone'; and 'more' when jobs are left to be settled (settle_children) ]]
--@include keys
--@include jobs
--@include states
--@include writes
--@include counts
--@include wakes
--@include places
--@include endings
--@include settling
--@include runs

local result, limited, i = {}, {}, 1
local ended_plainly, ends, tallies = {}, {}, {}

-- Most jobs have nothing to settle when they end, as their state tells: it is all that is read and written of them, and they are moved together.
-- True when this was one.
local function finish_plainly(id, fence, type, started, ended, keeps)
  local state = read_value('HGET', job_key(id), 'state')
  -- Flags that leave nothing to settle.
  local claim, base, flags = string.match(state or '', '^executing (%d+) (%d+) %S+ %S+ ([%-xo]+)$')
  if claim ~= fence then return false end
  if keeps then flags = string.find(flags, 'x', 1, true) and 'xo' or 'o' end
  redis.call('HSET', job_key(id), 'state', 'finished ' .. fence .. ' ' .. base .. ' ' .. started .. ' ' .. ended .. ' ' .. flags)
  local at = #ends
  ends[at + 1], ends[at + 2] = ended, id
  ended_plainly[#ended_plainly + 1] = id
  local tally = tallies[type]
  if not tally then tally = { runs = 0, ms = 0 }; tallies[type] = tally end
  tally.runs, tally.ms = tally.runs + 1, tally.ms + (ended - started)
  return true
end

while i <= #ARGV do
  local id, fence, type, started, ended, next_time = unpack(ARGV, i, i + 5)
  local output, progress, before, entries, log = '', '', '', 0, i + 6
  if next_time == '-' then
    next_time = ''
  else
    output, progress, before, entries = unpack(ARGV, i + 6, i + 9)
    log, entries = i + 10, tonumber(entries)
  end
  i = log + entries

  local outcome, job
  local keeps = output ~= '' or entries > 0
  if finish_plainly(id, fence, type, started, ended, keeps) then
    if progress ~= '' or entries > 0 then keep_records(id, fence, progress, before, log, entries) end
    if output ~= '' or fence ~= '1' then keep_output(id, fence, output) end
    outcome = 'finished'
  else
    job, outcome = take_run(id, fence)
  end
  if job then
    job.keys = job.keys or keeps
    local again = next_time ~= ''
    keep_records(id, fence, progress, before, log, entries)
    keep_output(id, fence, output)
    if job.error then redis.call('HDEL', job_key(id), 'error') end
    job.error, job.started, job.ended = false, started, ended
    count_run('finished', job.type, tonumber(ended) - tonumber(started))
    if again then record_run(id, job, started, ended, 'finished') end
    outcome = apply_requests(id, job, tonumber(ended))
    if not outcome then
      if again then
        go_on(id, job, next_time)
      else
        end_job(id, job, 'finished', tonumber(ended))
      end
      outcome = job.status
    end
    limited[job.type] = (limited[job.type] or 0) + 1
  end
  result[#result + 1] = outcome
end

for type, tally in pairs(tallies) do
  count('executing', type, -tally.runs)
  count('finished', type, tally.runs)
  count_run('finished', type, tally.ms, tally.runs)
  newly_ended.finished = newly_ended.finished + tally.runs
  limited[type] = (limited[type] or 0) + tally.runs
end
if #ends > 0 then
  in_parts(ends, 1, #ends, function(...) redis.call('ZADD', set_of.finished, ...) end)
  in_parts(ended_plainly, 1, #ended_plainly, function(...) redis.call('ZREM', executing_key, ...) end)
end
wake_limited(limited)
if close() then result[#result + 1] = 'more' end
return result
