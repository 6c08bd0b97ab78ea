-- Takes a record that cannot be read out of the way, with its bytes kept, unless it was changed since it was read.
-- KEYS[1] the record; KEYS[2] where its bytes go; KEYS[3..10] the index of its tag, by state
-- ARGV[1] the bytes that could not be read; ARGV[2] its member in the index
-- Returns 1 where it was moved.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
for i = 3, #KEYS do redis.call('ZREM', KEYS[i], ARGV[2]) end
return 1
