-- Names held against patterns with wildcards, without regard to case. A pattern comes as its parts between the '*', each a Lua pattern of single
-- characters (Redis/NamePattern.cs): a part is looked for once, where the one before ended, so that no pattern takes long.
local function matches_parts(name, parts)
  local last = #parts
  if last == 1 then return string.find(name, '^' .. parts[1] .. '$') ~= nil end
  local _, at = string.find(name, '^' .. parts[1])
  for p = 2, last - 1 do
    if not at then return false end
    _, at = string.find(name, parts[p], at + 1)
  end
  return at ~= nil and string.find(name, parts[last] .. '$', at + 1) ~= nil
end

-- What tells whether a name matches one of the patterns ARGV[first..last]; without patterns every name does. Each name is looked at once.
local function matcher(first, last)
  local patterns, known = {}, {}
  for i = first, last do
    local parts = {}
    for part in string.gmatch(ARGV[i] .. '*', '([^*]*)%*') do parts[#parts + 1] = part end
    patterns[#patterns + 1] = parts
  end
  return function(name)
    if #patterns == 0 then return true end
    if known[name] == nil then
      local lower = string.lower(name)
      known[name] = false
      for _, parts in ipairs(patterns) do
        if matches_parts(lower, parts) then known[name] = true; break end
      end
    end
    return known[name]
  end
end
