-- The namespace's fixed keys, which every call declares in this order (Redis/Keys.cs); how the others are named; the time.
local guard_key, seq_key, jobs_key, lanes_key, counts_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local types_key, pools_key, settings_key = KEYS[6], KEYS[7], KEYS[8]
local names_key = KEYS[9]
local set_of = {
  saved = KEYS[10], scheduled = KEYS[11], executing = KEYS[12],
  finished = KEYS[13], failed = KEYS[14], cancelled = KEYS[15],
}
local scheduled_key, executing_key = set_of.scheduled, set_of.executing
local fixed_keys = 15

local prefix = string.sub(guard_key, 1, -6) -- without 'guard'
local function job_key(id) return prefix .. 'job:' .. id end
local function type_key(type) return prefix .. 'type:' .. type end
local function lane_key(lane) return prefix .. 'queued:' .. lane end
local function children_key(id) return prefix .. 'children:' .. id end

local unpack = table.unpack or unpack
-- Hands out values[first..last] in parts: Lua can't pass many thousands at once. Pairs stay together.
local function in_parts(values, first, last, take)
  for from = first, last, 1000 do take(unpack(values, from, math.min(from + 999, last))) end
end

-- Lua 5.1 writes large numbers as 1.7e+12, 5.4 writes whole floats as 5.0: this writes plain digits on both.
local function int(n) return string.format('%.0f', n) end

-- What other hands have left in a key or a field hurts nobody but the job, type or pool that it belongs to.

-- A whole number that is counted exactly; of any other value `otherwise`.
local function number(value, otherwise)
  local n = tonumber(value)
  return n and n > -1e15 and n < 1e15 and math.floor(n) or otherwise
end

local function error_of(reply) return type(reply) == 'table' and reply.err or nil end
local function is_wrong_kind(err) return string.find(err, 'WRONGTYPE', 1, true) ~= nil end

-- Reads a key; one of another kind holds nothing.
local function read(nothing, ...)
  local reply = redis.pcall(...)
  local err = error_of(reply)
  if not err then return reply end
  if is_wrong_kind(err) then return nothing end
  return redis.call(...) -- raises what is no fault of the key
end
local function read_list(...) return read({}, ...) end
local function read_value(...) return read(false, ...) end

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
