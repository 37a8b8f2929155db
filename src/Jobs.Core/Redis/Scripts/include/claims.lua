-- Claimed jobs as pools read them (JobHash.ReadClaimed): id, state, job, data or '', how many other fields and values, fields and values. Needs keys.

-- All of a job: its state, job, data, and its other fields and values.
local function read_all(id)
  local fields, packed, others = read_list('HGETALL', job_key(id)), {}, {}
  for f = 1, #fields, 2 do
    local field, value = fields[f], fields[f + 1]
    if field == 'state' or field == 'job' or field == 'data' then
      packed[field] = value
    else
      others[#others + 1], others[#others + 2] = field, value
    end
  end
  return packed.state, packed.job or '', packed.data or '', others
end

local function size_of(data, others)
  local bytes = #data
  for _, value in ipairs(others) do bytes = bytes + #value end
  return bytes
end

local replied
local function reply_with(result, id, state, job, data, others)
  local at = replied or #result
  local n = others and #others or 0
  result[at + 1], result[at + 2], result[at + 3], result[at + 4], result[at + 5] = id, state, job, data, n
  for f = 1, n do result[at + 5 + f] = others[f] end
  replied = at + 5 + n
end
