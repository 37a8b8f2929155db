-- Types and queues are the same in any case, and shown as they were first given. Needs keys.
local spellings = { type = {}, queue = {} }

local function name_field(kind, name) return kind .. ':' .. string.lower(name) end

-- How a type or a queue (the kind) was first given; nil when it never was. Asked once a call for each name.
local function find_spelling(kind, name)
  local spelling = spellings[kind][name]
  if not spelling then
    spelling = redis.call('HGET', names_key, name_field(kind, name)) or nil
    spellings[kind][name] = spelling
  end
  return spelling
end

-- The same; a new name is kept as it is given here.
local function spell(kind, name)
  local spelling = find_spelling(kind, name)
  if spelling then return spelling end
  redis.call('HSET', names_key, name_field(kind, name), name)
  spellings[kind][name] = name
  return name
end
