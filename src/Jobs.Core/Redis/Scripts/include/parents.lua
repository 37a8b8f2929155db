-- Jobs that wait for others. Needs keys, jobs, states, writes, endings.
local turn

-- A turn after all that have ended: what waits from now on waits for what ends from now on.
local function next_turn()
  turn = turn or int(redis.call('INCRBY', seq_key, 1))
  return turn
end

-- How many unfinished ones among ids[first..last] hold a job back, and why it is cancelled at once, if it is. What is no longer there is not waited for.
local function wait_for_parents(id, ids, first, last, any)
  local waits, seen = 0, {}
  for p = first, last do
    local parent = ids[p]
    local job = load_job(parent)
    local status = job and job.status
    if status == 'failed' or status == 'cancelled' then
      if not any then return waits, 'Job ' .. parent .. ', which it waited for, ' .. how_ended(status) .. '.' end
    elseif status and status ~= 'finished' and not seen[parent] then
      seen[parent] = true
      write('ZADD', children_key(parent), next_turn(), id)
      if not job.children then
        job.children = true
        save(parent, job)
      end
      waits = waits + 1
    end
  end
  return waits
end
