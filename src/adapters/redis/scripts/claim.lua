--[[
  claim: give one picker the sole right to take a call: one that is named, or the best that rings at the extensions.

  KEYS     sorted sets of calls: those that ring, one an extension; or all of the tenant's
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  token      names this claim; release and confirm must show it
  ARGV[3]  picker     extension that will take the call
  ARGV[4]  hold       milliseconds until an unconfirmed claim lapses
  ARGV[5]  call id    the one that is wanted, or ''
  ARGV[6]  'oldest' or 'newest': which call is the best of those that are asked for together
  ARGV[7]  groups     only calls that came through one of these may be taken, with blanks between; any if it is ''
  ARGV[8…] the extensions whose calls may be taken, and the groups; after an empty one those that are asked for where nothing
           of those before can be had. None if KEYS says it, which it cannot for a call that is named

  Returns  { 'claimed', call id, owner, target, ringing since }
           { 'taken' }    everything that rang is another's already, or was answered
           { 'private' }  nothing else rings but private calls
           { 'own' }      nothing rings but a call that the picker made
           { 'none' }     nothing rings
]]
-- Redis's clock, not ours: instances may disagree about the time.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local last, turns, through = 1, {}, {}
for i = 8, #ARGV do
  if ARGV[i] == '' then last = last + 1 else turns[ARGV[i]] = turns[ARGV[i]] or last end
end
for group in string.gmatch(ARGV[7], '%S+') do through[group] = 1 end

-- The least number that one of these places has; nil if none has one.
local function least(numbers, places)
  local found
  for place in string.gmatch(places, '%S+') do
    local own = numbers[place]
    if own and (not found or own < found) then found = own end
  end
  return found
end

-- A group's call may be taken by whoever may take the calls of one of the extensions at which it rings, or those of a group
-- that it came through: with the first of those that is asked for. Nobody's turn is nil.
local function turnOf(rings, groups)
  if ARGV[7] ~= '' and not least(through, groups) then return nil end
  if ARGV[5] == '' and #ARGV == 7 then return 1 end
  return least(turns, rings .. ' ' .. groups)
end

local candidates = {}
local function consider(set, id)
  local key = ARGV[1] .. 'call:' .. id
  local fields = redis.call('HMGET', key, 'state', 'owner', 'caller', 'target', 'claimedUntil', 'ringingAt', 'private',
    'rings', 'groups')
  local state, owner, caller, target, heldUntil, since, private, rings, groups = unpack(fields)
  if not state then return redis.call('ZREM', set, id) end -- its owner died and its lease lapsed
  if not since or (state == 'connected' and id ~= ARGV[5]) then return end
  local turn = turnOf(rings or target, groups or '')
  if not turn then return end
  table.insert(candidates, {
    id = id, key = key, turn = turn, owner = owner, target = target, since = tonumber(since), own = caller == ARGV[3],
    private = private == '1' and target ~= ARGV[3],
    free = state == 'ringing' or (state == 'claimed' and now >= tonumber(heldUntil)),
  })
end
for _, set in ipairs(KEYS) do
  for _, id in ipairs(ARGV[5] ~= '' and { ARGV[5] } or redis.call('ZRANGE', set, 0, -1)) do consider(set, id) end
end
-- Of the same age the smaller id is better, so that two instances would choose alike.
table.sort(candidates, function(a, b)
  if a.turn ~= b.turn then return a.turn < b.turn end
  if a.since ~= b.since then return (a.since < b.since) == (ARGV[6] == 'oldest') end
  return a.id < b.id
end)

local verdict, weight = 'none', { none = 0, own = 1, private = 2, taken = 3 }
for _, call in ipairs(candidates) do
  local no = (call.own and 'own') or (call.private and 'private') or (not call.free and 'taken')
  if not no then
    redis.call('HSET', call.key, 'state', 'claimed', 'claim', ARGV[2], 'picker', ARGV[3], 'claimedUntil', now + ARGV[4])
    return { 'claimed', call.id, call.owner, call.target, tostring(call.since) }
  end
  if weight[no] > weight[verdict] then verdict = no end
end
return { verdict }
