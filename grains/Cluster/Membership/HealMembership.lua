-- Puts rows into the membership table, if it is still at the version that they were made for.
-- KEYS: the table. ARGV: the version that it must be at ('' for none), the new one, then silo and row, alternating.
if (redis.call('HGET', KEYS[1], 'Version') or '') ~= ARGV[1] then
  return 0
end
for i = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[1], 'Version', ARGV[2])
return 1
