--[[
  claim: give one picker the sole right to take a call: one that is named, or the oldest that rings at the extensions.

  KEYS     sorted sets of calls: those that ring, one an extension; or all of the tenant's
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  token      names this claim; release and confirm must show it
  ARGV[3]  picker     extension that will take the call
  ARGV[4]  hold       milliseconds until an unconfirmed claim lapses
  ARGV[5]  call id    the one that is wanted, or ''
  ARGV[6…] the extensions whose calls may be taken; none if KEYS says it, which it cannot for a call that is named

  Returns  { 'claimed', call id, owner, target, ringing since }
           { 'taken' }    everything that rang is another's already, or was answered
           { 'private' }  nothing else rings but private calls
           { 'own' }      nothing rings but a call that the picker made
           { 'none' }     nothing rings
]]
-- Redis's clock, not ours: instances may disagree about the time.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local allowed = {}
for i = 6, #ARGV do allowed[ARGV[i]] = true end

local candidates = {}
local function consider(set, id)
  local key = ARGV[1] .. 'call:' .. id
  local fields = redis.call('HMGET', key, 'state', 'owner', 'caller', 'target', 'claimedUntil', 'ringingAt', 'private')
  local state, owner, caller, target, heldUntil, since, private = unpack(fields)
  if not state then return redis.call('ZREM', set, id) end -- its owner died and its lease lapsed
  if not since or (state == 'connected' and id ~= ARGV[5]) then return end
  if (ARGV[5] ~= '' or #ARGV > 5) and not allowed[target] then return end
  table.insert(candidates, {
    id = id, key = key, owner = owner, target = target, since = tonumber(since), own = caller == ARGV[3],
    private = private == '1' and target ~= ARGV[3],
    free = state == 'ringing' or (state == 'claimed' and now >= tonumber(heldUntil)),
  })
end
for _, set in ipairs(KEYS) do
  for _, id in ipairs(ARGV[5] ~= '' and { ARGV[5] } or redis.call('ZRANGE', set, 0, -1)) do consider(set, id) end
end
-- Oldest first; of the same age the smaller id, so that two instances would choose alike.
table.sort(candidates, function(a, b) return a.since < b.since or (a.since == b.since and a.id < b.id) end)

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
