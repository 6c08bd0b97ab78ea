-- Applies a batch of one silo's journal to one hash tag: records, their places in the state index and the silo's cursor,
-- all or nothing.
-- KEYS[1]      the cursor: the last sequence number of this journal that was applied to this tag
-- KEYS[2]      the fence: the silos that were found dead, and that nothing of theirs moves a task on any more
-- KEYS[3..10]  the index: one sorted set for each task state, by its number
-- KEYS[11..]   the records
-- ARGV[1]      the sequence number that this batch follows; the cursor must be there (0: it must be absent)
-- ARGV[2]      the sequence number of the last record: where the cursor goes
-- ARGV[3]      the silo
-- ARGV[4..]    for each record: mode (c create, u update, a update that a journal has acknowledged, d delete), base, the
--              record's bytes (of a deletion its header alone), score, member ('': not indexed)
-- A record's bytes begin with its header: schema (1), version (12 hex digits), state (1; '-': none), writer (16).
-- Returns for each record: 0 stored, 1 repeated, 3 conflict, 4 what is there is not a record of ours, or (create-only)
-- the bytes that are stored already; the empty string where all are stored.
-- Where the cursor is elsewhere, nothing is applied, and the answer is one integer: where it is.
local unpack = unpack or table.unpack
local cursor = redis.call('GET', KEYS[1]) or '0'
if cursor ~= ARGV[1] then return tonumber(cursor) end
local first, fields, values = 11, 5, 4
local count = #KEYS - first + 1
local ended = { ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true }
local sub = string.sub

-- What this batch has written so far, and nobody has yet stored: one call for all is half the price of one for each.
local written, set = {}, {}
local function store()
  if #set > 0 then redis.call('MSET', unpack(set)) end
  set = {}
end

-- Of new keys none is there, mostly: then one question is enough.
local new = {}
for i = 1, count do
  if ARGV[values + (i - 1) * fields] == 'c' then new[#new + 1] = KEYS[first + i - 1] end
end
local absent = #new > 0 and redis.call('EXISTS', unpack(new)) == 0

-- Whoever was found dead, and does not know it yet, goes on with tasks that others have begun anew. What it takes in is
-- welcome, and so is an end that its journal has acknowledged.
local fenced = nil
local function isFenced()
  if fenced == nil then fenced = redis.call('SISMEMBER', KEYS[2], ARGV[3]) == 1 end
  return fenced
end

local out, refused, before, after, scores, members = {}, false, {}, {}, {}, {}
for i = 1, count do
  local key, a = KEYS[first + i - 1], values + (i - 1) * fields
  local mode, bytes, member = ARGV[a], ARGV[a + 2], ARGV[a + 4]
  local head = written[key]
  if head then
    head = sub(head, 1, 30)
  elseif absent and mode == 'c' then
    head = ''
  else
    head = redis.pcall('GETRANGE', key, 0, 29)
  end
  local verdict = 0
  if head ~= '' then
    local stored, by = nil, nil
    if type(head) == 'string' and sub(head, 1, 1) == '1' then
      stored, by = tonumber(sub(head, 2, 13), 16), sub(head, 15, 30)
    end
    -- Nothing follows an end, whatever its version: two silos that saw neither each other nor the store may have counted
    -- alike, and a writer may not know that its own end has landed.
    local undoes = stored and mode ~= 'd' and ended[sub(head, 14, 14)] and not ended[sub(bytes, 14, 14)]
    if not stored then
      verdict = 4
    elseif by == sub(bytes, 15, 30) then
      if stored >= tonumber(sub(bytes, 2, 13), 16) then verdict = 1 elseif undoes then verdict = 3 end
    elseif mode == 'c' then
      verdict = written[key] or redis.call('GET', key)
    elseif stored > tonumber(ARGV[a + 1]) or undoes then
      if mode == 'a' and ended[sub(bytes, 14, 14)] and not ended[sub(head, 14, 14)] then
        -- An end that was acknowledged while nobody could see it wins over what others did since, and they shall see it.
        bytes = '1' .. string.format('%012x', stored + 1) .. sub(bytes, 14)
      else
        verdict = 3
      end
    end
  end
  if verdict == 0 and member ~= '' and (mode == 'u' or mode == 'd') and isFenced() then verdict = 3 end
  if verdict == 0 then
    local state = -1
    if mode == 'd' then
      store()
      redis.call('DEL', key)
      written[key] = ''
    else
      set[#set + 1] = key
      set[#set + 1] = bytes
      written[key] = bytes
      state = tonumber(sub(bytes, 14, 14)) or -1
    end
    if member ~= '' then
      if before[member] == nil then
        before[member] = head == '' and -1 or tonumber(sub(head, 14, 14)) or -1
        members[#members + 1] = member
      end
      after[member], scores[member] = state, ARGV[a + 3]
    end
  else
    refused = true
  end
  out[i] = verdict
end
store()

local add, drop = {}, {}
for i = 1, #members do
  local member = members[i]
  local was, is = before[member], after[member]
  if was >= 0 and was ~= is then
    local list = drop[was]
    if not list then list = {} drop[was] = list end
    list[#list + 1] = member
  end
  if is >= 0 then
    local list = add[is]
    if not list then list = {} add[is] = list end
    list[#list + 1] = scores[member]
    list[#list + 1] = member
  end
end
for state, list in pairs(drop) do redis.call('ZREM', KEYS[state + 3], unpack(list)) end
for state, list in pairs(add) do redis.call('ZADD', KEYS[state + 3], unpack(list)) end
redis.call('SET', KEYS[1], ARGV[2])
return refused and out or ''
