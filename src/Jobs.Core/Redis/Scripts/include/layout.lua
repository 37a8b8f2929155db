-- Notes how jobs are laid out, when a namespace is first written to (Redis/Layout.cs). Needs keys, writes.
local function note_layout() write('HSET', settings_key, 'layout', 2) end
