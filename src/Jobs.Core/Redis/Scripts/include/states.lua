-- Writes what include/jobs.lua reads. Needs keys, jobs.
local function part(text) return text == '' and '-' or text end

local function state_of(job)
  local flags = (job.cancel and 'c' or '') .. (job.hold and 'h' or '') .. (job.resched and 's' or '') .. (job.children and 'k' or '')
    .. (job.recurs and 'r' or '') .. (job.unique and 'u' or '') .. (job.error and 'e' or '') .. (job.lapsed and 'l' or '')
    .. (job.extra and 'x' or '') .. (job.keys and 'o' or '')
  return job.status .. ' ' .. int(job.fence) .. ' ' .. int(job.base) .. ' ' .. part(job.started) .. ' ' .. part(job.ended) .. ' ' .. part(flags)
end

-- Writes a job's state, and the given fields with it.
local function save(id, job, ...) redis.call('HSET', job_key(id), 'state', state_of(job), ...) end

local function save_definition(id, job)
  redis.call('HSET', job_key(id), 'job', table.concat({ job.type, job.queue, number(job.priority, 0), number(job.seq, 0), part(job.created) }, ' '))
end

-- How it is to begin anew, with all its retries: before it is moved.
local function begin_anew(id, job)
  job.base = job.fence
  if job.retried > 0 or job.crashes > 0 then redis.call('HDEL', job_key(id), 'retried', 'crashes') end
end
