--[[ Reads how the namespace's jobs are laid out.
     KEYS     the namespace's keys
     Returns { the layout's number or false, 1 when jobs have been scheduled in it } ]]
--@include keys

return { read_value('HGET', settings_key, 'layout'), redis.call('EXISTS', seq_key) }
