-- Requests that count again when they come again: one whose reply was lost is known by its name for a minute, longer than it is sent for. Needs keys.
local answered_now = {}

-- What a request was answered by an earlier call; false when it is new.
local function answered(request) return not answered_now[request] and redis.call('GET', prefix .. 'request:' .. request) end

local function answer(request, reply)
  answered_now[request] = true
  redis.call('SET', prefix .. 'request:' .. request, reply, 'EX', 60)
  return reply
end
