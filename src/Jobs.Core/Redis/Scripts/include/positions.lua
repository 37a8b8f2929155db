-- Where to go on in a sorted set that changes between two calls: by score and member, since ranks shift.

-- Whether a member comes before (score, id). Byte by byte, as Redis orders members of one score: Lua compares texts by the locale.
local function precedes(member, member_score, score, id)
  if member_score ~= score then return member_score < score end
  for i = 1, math.min(#member, #id) do
    local a, b = string.byte(member, i), string.byte(id, i)
    if a ~= b then return a < b end
  end
  return #member < #id
end

-- How many members come before (score, id); with `itself` that one is counted too. O(log² N).
local function position(key, score, id, itself)
  local low, high = 0, redis.call('ZCARD', key)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('ZRANGE', key, int(middle), int(middle), 'WITHSCORES')
    local at = tonumber(entry[2])
    if precedes(entry[1], at, score, id) or (itself and entry[1] == id and at == score) then low = middle + 1 else high = middle end
  end
  return low
end
