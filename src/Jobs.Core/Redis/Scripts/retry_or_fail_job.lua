--[[ Records runs that failed: they are retried after a delay, or fail for good; a recurring job goes on to its next time.
     KEYS     the namespace's keys
     ARGV[1..] per run: id, fence, started in ms, ended in ms, error as JSON, delay before a retry in ms or -1 when it must not be retried,
              a recurring job's next time in ms or '', progress as JSON or '', how many log entries of the run came before or '' when none did,
              how many come now, log entries...
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
while i <= #ARGV do
  local id, fence, started, ended, reason, delay, next_time, progress, before, entries = unpack(ARGV, i, i + 9)
  local log = i + 10
  entries, delay = tonumber(entries), tonumber(delay)
  i = log + entries

  local job, outcome = take_run(id, fence)
  if job then
    local retry = delay >= 0 and job.retried < job.retries
    keep_records(id, fence, progress, before, log, entries)
    job.keys = job.keys or entries > 0
    keep_output(id, fence, '')
    count_run('failed', job.type, tonumber(ended) - tonumber(started))
    if not retry and next_time ~= '' then record_run(id, job, started, ended, 'failed', reason) end
    job.error, job.started, job.ended = true, started, ended
    outcome = apply_requests(id, job, tonumber(ended), 'error', reason)
    if not outcome then
      if retry then
        wait_again(id, job, now + delay, 'error', reason, 'retried', job.retried + 1)
      elseif next_time ~= '' then
        go_on(id, job, next_time, 'error', reason)
      else
        end_job(id, job, 'failed', tonumber(ended), 'error', reason)
      end
      outcome = job.status
    end
    limited[job.type] = (limited[job.type] or 0) + 1
  end
  result[#result + 1] = outcome
end

wake_limited(limited)
if close() then result[#result + 1] = 'more' end
return result
