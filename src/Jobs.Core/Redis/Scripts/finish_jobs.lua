--[[ Records runs that ended well. A run that another has followed changes nothing; one recorded before is told so.
     KEYS     the namespace's keys
     ARGV[1..] per run: id, fence, started in ms, ended in ms, a recurring job's next time in ms or '', output as a JSON array or '',
              how many log entries, log entries...
     Returns per run what became of the job: its status, 'stale' or 'gone' ]]
--@include keys
--@include counts
--@include places
--@include endings
--@include runs

local result, limited, finished, i = {}, {}, 0, 1
while i <= #ARGV do
  local id, fence, started, ended, next_time, output, entries = unpack(ARGV, i, i + 6)
  local log = i + 7
  entries = tonumber(entries)
  i = log + entries

  local job, outcome = open_run(id, fence)
  if job then
    local again = next_time ~= ''
    append_log(id, log, entries)
    if output ~= '' then redis.call('SET', prefix .. 'output:' .. id, output) end
    count_run('finished', job.type, tonumber(ended) - tonumber(started))
    if again then record_run(id, job, started, ended, 'finished') end
    outcome = apply_requests(id, job, tonumber(ended), 'started', started, 'finished', ended)
    if not outcome then
      if again then
        go_on(id, job, next_time, 'started', started, 'finished', ended)
        redis.call('HDEL', job_key(id), 'error')
      else
        end_job(id, job, 'finished', tonumber(ended), 'started', started)
      end
      outcome = job.status
    end
    if outcome == 'finished' then finished = finished + 1 end
    limited[job.type] = job.queue
  end
  result[#result + 1] = outcome
end

if finished > 0 then trim('finished', finished * 2 + 10) end
wake_limited(limited)
close()
return result
