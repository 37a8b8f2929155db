using StackExchange.Redis;

namespace Jobs.Tests.Faults;

/// <summary>
/// Looks at a whole namespace in one step: every job is in exactly one place, the one its status names; counters agree with the sets, unique keys with
/// their holders, lanes with the set of lanes.
/// </summary>
internal sealed class StoreAudit(IDatabase redis, string @namespace)
{
    private const string Text = """
        local prefix, bad, counted, places = KEYS[1], {}, {}, {}
        local sets = { 'saved', 'scheduled', 'executing', 'finished', 'failed', 'cancelled' }
        local function complain(text) bad[#bad + 1] = text end
        local ended = { finished = true, failed = true, cancelled = true }
        local lanes, in_lanes, queued = {}, 0, 0
        for _, lane in ipairs(redis.call('SMEMBERS', prefix .. 'lanes')) do
          lanes[lane] = true
          in_lanes = in_lanes + redis.call('ZCARD', prefix .. 'queued:' .. lane)
        end
        local sizes = {}
        for _, id in ipairs(redis.call('ZRANGE', prefix .. 'jobs', 0, -1)) do
          local v = redis.call('HMGET', prefix .. 'job:' .. id, 'state', 'job', 'unique', 'waits', 'time')
          local unique = v[3]
          local status, fence, base, started, ended_at, flags = string.match(v[1] or '', '^(%l+) (%d+) (%d+) ([%d-]+) ([%d-]+) ([%l-]+)$')
          local type, queue, priority, seq, created = string.match(v[2] or '', '^(%S+) (%S+) (%-?%d+) (%d+) (%d+)$')
          if v[1] and (not status or not type) then complain(id .. ' has the state "' .. v[1] .. '" and is "' .. (v[2] or '') .. '"') end
          if not status or not type then
            complain(id .. ' is listed and does not exist')
          else
            for _, set in ipairs(sets) do
              local score = redis.call('ZSCORE', prefix .. set, id)
              if (score ~= false) ~= (set == status) then complain(id .. ' is ' .. status .. (score and ', and in ' or ', but not in ') .. set) end
              if set == 'scheduled' and score and tonumber(score) ~= tonumber(v[5] or created) then complain(id .. ' is due at ' .. (v[5] or created) .. ', not at ' .. score) end
            end
            local lane = queue .. ':' .. type
            local in_lane = redis.call('ZSCORE', prefix .. 'queued:' .. lane, id) ~= false
            if in_lane ~= (status == 'queued') then complain(id .. ' is ' .. status .. (in_lane and ', and in ' or ', but not in ') .. lane) end
            if status == 'queued' then
              queued = queued + 1
              if not lanes[lane] then complain(lane .. ' has jobs and is not listed') end
            end
            if unique then
              local holds = redis.call('GET', prefix .. 'unique:' .. unique) == id
              if holds == (ended[status] == true) then complain(id .. ' is ' .. status .. (holds and ' and' or ' and does not') .. ' hold its unique key') end
            end
            if tonumber(v[4] or 0) > 0 and status ~= 'saved' then complain(id .. ' waits for others and is ' .. status) end
            if string.find(flags, '[chs]') and ended[status] then complain(id .. ' is ' .. status .. ' and has the flags ' .. flags) end
            if (unique ~= false) ~= (string.find(flags, 'u') ~= nil) then complain(id .. ' has a unique key or the flag of one, not both') end
            if (redis.call('HEXISTS', prefix .. 'job:' .. id, 'error') == 1) ~= (string.find(flags, 'e') ~= nil) then complain(id .. ' has an error or the flag of one, not both') end
            if (redis.call('EXISTS', prefix .. 'children:' .. id) == 1) ~= (string.find(flags, 'k') ~= nil) then complain(id .. ' has children or the flag of them, not both') end
            if tonumber(base) > tonumber(fence) then complain(id .. ' has more attempts forgiven than made') end
            sizes[status] = (sizes[status] or 0) + 1
            counted[status .. ':' .. type] = (counted[status .. ':' .. type] or 0) + 1
          end
        end
        if queued ~= in_lanes then complain(in_lanes .. ' entries in lanes for ' .. queued .. ' queued jobs') end
        for _, set in ipairs(sets) do
          local card = redis.call('ZCARD', prefix .. set)
          if card ~= (sizes[set] or 0) then complain(card .. ' entries in ' .. set .. ' for ' .. (sizes[set] or 0) .. ' jobs') end
        end
        local counts = redis.call('HGETALL', prefix .. 'counts')
        for i = 1, #counts, 2 do
          if tonumber(counts[i + 1]) ~= (counted[counts[i]] or 0) then complain('counter ' .. counts[i] .. ' is ' .. counts[i + 1] .. ' for ' .. (counted[counts[i]] or 0)) end
          counted[counts[i]] = nil
        end
        for field, n in pairs(counted) do complain('counter ' .. field .. ' is missing for ' .. n) end
        return bad
        """;

    public async Task<IReadOnlyList<string>> CheckAsync() => Read(await redis.ScriptEvaluateAsync(Text, [Prefix]));

    public IReadOnlyList<string> Check() => Read(redis.ScriptEvaluate(Text, [Prefix]));

    private RedisKey Prefix => $"{{{@namespace}}}:";

    private static string[] Read(RedisResult result) => (string[])result!;
}
