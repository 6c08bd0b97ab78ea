-- Puts rows into the reminder table, each unless there is a newer one of its reminder.
-- KEYS[1] the table, as the stock provider has it: a sorted set of "hash","grain","name","etag","start","period"
-- KEYS[2] what was removed from it:                a sorted set of "hash","grain","name","etag"
-- ARGV    for each row: its "hash","grain","name", the whole member, and which of the two keys it goes to
-- Returns how many were put.
local function stamp(prefix, member)
  local etag = string.sub(member, #prefix + 3, #prefix + 38)
  if string.sub(etag, 15, 15) ~= '7' then return 0 end -- the stock provider's etags are random: older than all of ours
  return tonumber(string.sub(etag, 1, 8) .. string.sub(etag, 10, 13), 16) or 0
end
local put = 0
for i = 1, #ARGV, 3 do
  local prefix, member = ARGV[i], ARGV[i + 1]
  local found, newest = {}, -1
  for k = 1, 2 do
    found[k] = redis.call('ZRANGEBYLEX', KEYS[k], '[' .. prefix .. ',"', '[' .. prefix .. ',#')
    for _, other in ipairs(found[k]) do newest = math.max(newest, stamp(prefix, other)) end
  end
  if stamp(prefix, member) > newest then
    for k = 1, 2 do
      for _, other in ipairs(found[k]) do redis.call('ZREM', KEYS[k], other) end
    end
    redis.call('ZADD', KEYS[tonumber(ARGV[i + 2])], 0, member)
    put = put + 1
  end
end
return put
