-- Jobs by status and type, and ended attempts by minute, gathered during a script and written once at its end.
local deltas, ended_runs = {}, {}

local function count(status, type, n)
  local field = status .. ':' .. type
  deltas[field] = (deltas[field] or 0) + n
end

-- Notes an attempt, or so many, that ended as 'finished' or 'failed' after so many ms together.
local function count_run(outcome, type, ms, n)
  local runs = ended_runs[type]
  if not runs then runs = { finished = 0, failed = 0, ms = 0 }; ended_runs[type] = runs end
  runs[outcome] = runs[outcome] + (n or 1)
  runs.ms = runs.ms + ms
end

local function flush_counts()
  for field, n in pairs(deltas) do
    if n ~= 0 then add(counts_key, field, n) end
  end
  if next(ended_runs) == nil then return end
  local minute = prefix .. 'minute:' .. int(math.floor(now / 60000))
  for type, runs in pairs(ended_runs) do
    for _, outcome in ipairs({ 'finished', 'failed' }) do
      if runs[outcome] > 0 then
        add(minute, outcome .. ':' .. type, runs[outcome])
        add(type_key(type), outcome, runs[outcome])
      end
    end
    add(minute, 'ms:' .. type, int(runs.ms))
  end
  redis.call('EXPIRE', minute, 3600)
end
