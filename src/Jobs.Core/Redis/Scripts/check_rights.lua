--[[ Asks what the user may not do here: a script that is refused in its middle leaves half of its work done. Redis 6 can't tell.
     KEYS     the namespace's keys
     ARGV[1..] commands
     Returns { { commands that are refused }, { commands that are refused on the namespace's keys and channels only } } ]]
local commands, places = {}, {}
if redis.acl_check_cmd then
  -- Stands for all keys and channels: no pattern for a part of them fits it.
  local any = string.sub(KEYS[1], 1, -6) .. 'any'
  for _, command in ipairs(ARGV) do
    if not redis.acl_check_cmd(command, any) then
      local refused = redis.acl_check_cmd(command) and places or commands
      refused[#refused + 1] = command
    end
  end
end
return { commands, places }
