-- Writes where other hands may have written before (keys.lua). Needs keys.

-- Writes to a key; one of another kind gives way.
local function write(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  local err = error_of(reply)
  if not err then return reply end
  if is_wrong_kind(err) then redis.call('DEL', key) end
  return redis.call(command, key, ...)
end

-- Adds to a counter of a hash; one that is no number begins anew.
local function add(key, field, n)
  local err = error_of(redis.pcall('HINCRBY', key, field, n))
  if not err then return end
  if string.find(err, 'integer', 1, true) or string.find(err, 'overflow', 1, true) then redis.call('HDEL', key, field) end
  write('HINCRBY', key, field, n)
end
