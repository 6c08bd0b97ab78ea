-- Applies a batch of one silo's journal to one hash tag: records, their places in the state index and the silo's cursor,
-- all or nothing.
-- KEYS[1]      the cursor: the last sequence number of this journal that was applied to this tag
-- KEYS[2..9]   the index: one sorted set for each task state, by its number
-- KEYS[10..]   the records
-- ARGV[1]      the sequence number that this batch follows; the cursor must be there (0: it must be absent)
-- ARGV[2]      the sequence number of the last record: where the cursor goes
-- ARGV[3..]    for each record: mode (c create, u update, a update that a journal has acknowledged, d delete), version,
--              base, writer, the record's bytes, state (-1: not indexed), score, member
-- Returns for each record: 0 stored, 1 repeated, 3 conflict, 4 what is there is not a record of ours, or (create-only)
-- the bytes that are stored already.
-- Where the cursor is elsewhere, nothing is applied, and the answer is one integer: where it is.
local unpack = unpack or table.unpack
local cursor = redis.call('GET', KEYS[1]) or '0'
if cursor ~= ARGV[1] then return tonumber(cursor) end
local first = 10
local ended = { ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true }
local out, before, after, scores, members = {}, {}, {}, {}, {}
for i = 1, #KEYS - first + 1 do
  local key, a = KEYS[first + i - 1], 3 + (i - 1) * 8
  local mode, version, writer, state, member = ARGV[a], tonumber(ARGV[a + 1]), ARGV[a + 3], tonumber(ARGV[a + 5]), ARGV[a + 7]
  local head, bytes = redis.pcall('GETRANGE', key, 0, 29), ARGV[a + 4]
  local verdict = 0
  if head ~= '' then
    local stored, by = nil, nil
    if type(head) == 'string' and string.sub(head, 1, 1) == '1' then
      stored, by = tonumber(string.sub(head, 2, 13), 16), string.sub(head, 15, 30)
    end
    if not stored then
      verdict = 4
    elseif by == writer then
      if stored >= version then verdict = 1 end
    elseif mode == 'c' then
      verdict = redis.call('GET', key)
    elseif stored > tonumber(ARGV[a + 2]) then
      if mode == 'a' and ended[ARGV[a + 5]] and not ended[string.sub(head, 14, 14)] then
        -- An end that was acknowledged while nobody could see it wins over what others did since, and they shall see it.
        bytes = '1' .. string.format('%012x', stored + 1) .. string.sub(bytes, 14)
      else
        verdict = 3
      end
    end
  end
  if verdict == 0 then
    if mode == 'd' then
      redis.call('DEL', key)
      state = -1
    else
      redis.call('SET', key, bytes)
    end
    if member ~= '' then
      if before[member] == nil then
        before[member] = head == '' and -1 or tonumber(string.sub(head, 14, 14)) or -1
        members[#members + 1] = member
      end
      after[member], scores[member] = state, ARGV[a + 6]
    end
  end
  out[i] = verdict
end
local add, drop = {}, {}
for _, member in ipairs(members) do
  local was, is = before[member], after[member]
  if was >= 0 and was ~= is then
    drop[was] = drop[was] or {}
    table.insert(drop[was], member)
  end
  if is >= 0 then
    add[is] = add[is] or {}
    table.insert(add[is], scores[member])
    table.insert(add[is], member)
  end
end
for state, list in pairs(drop) do redis.call('ZREM', KEYS[state + 2], unpack(list)) end
for state, list in pairs(add) do redis.call('ZADD', KEYS[state + 2], unpack(list)) end
redis.call('SET', KEYS[1], ARGV[2])
return out
