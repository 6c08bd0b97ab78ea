-- Removes tasks that ended long ago: records and their places in the index, all or nothing.
-- KEYS[1]     the index of one state; KEYS[2..] the records of ARGV[2..]
-- ARGV[1]     the state, a digit; ARGV[2..] their members in the index
-- Returns how many records were removed. One that is in another state by now stays, and only its wrong place is cleared.
local gone = 0
for i = 2, #ARGV do
  local state = redis.call('GETRANGE', KEYS[i], 13, 13)
  if state == ARGV[1] then gone = gone + redis.call('DEL', KEYS[i]) end
  redis.call('ZREM', KEYS[1], ARGV[i])
end
return gone
