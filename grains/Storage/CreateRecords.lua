-- Applies a batch of one silo's journal that only creates tasks in one state, as most do while tasks are submitted: what
-- ApplyRecords.lua does, at less than half of its price, where none of them is there yet.
-- KEYS[1]      the cursor: the last sequence number of this journal that was applied to this tag
-- KEYS[2]      the index of their state
-- KEYS[3..]    the records, each once
-- ARGV[1]      the sequence number that this batch follows; the cursor must be there (0: it must be absent)
-- ARGV[2]      the sequence number of the last record: where the cursor goes
-- ARGV[3..]    the records' bytes, then a score and a member for each
-- Returns the empty string where all are stored; an empty array where some are there already, and nothing was applied; one
-- integer, where the cursor is, where it is elsewhere, and nothing was applied.
local unpack = unpack or table.unpack
local cursor = redis.call('GET', KEYS[1]) or '0'
if cursor ~= ARGV[1] then return tonumber(cursor) end
local first, values = 3, 3
local count = #KEYS - first + 1

local set = {}
for i = 0, count - 1 do
  set[2 * i + 1] = KEYS[first + i]
  set[2 * i + 2] = ARGV[values + i]
end
if redis.call('MSETNX', unpack(set)) == 0 then return {} end
redis.call('ZADD', KEYS[2], unpack(ARGV, values + count))
redis.call('SET', KEYS[1], ARGV[2])
return ''
