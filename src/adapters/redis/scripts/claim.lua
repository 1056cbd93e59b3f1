--[[
  claim: give one picker the sole right to take the oldest call that rings at one of several extensions.

  KEYS     sorted sets of the calls that ring, one an extension
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  token      names this claim; release and confirm must show it
  ARGV[3]  picker     extension that will take the call
  ARGV[4]  hold       milliseconds until an unconfirmed claim lapses

  Returns  { 'claimed', call id, owner, target, ringing since }
           { 'taken' }   everything that rang is another's already, or was answered
           { 'own' }     nothing rings but a call that the picker made
           { 'none' }    nothing rings
]]
-- Redis's clock, not ours: instances may disagree about the time.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local candidates = {}
for _, key in ipairs(KEYS) do
  local ringing = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  for i = 1, #ringing, 2 do table.insert(candidates, { id = ringing[i], since = tonumber(ringing[i + 1]), set = key }) end
end
-- Oldest first; of the same age the smaller id, so that two instances would choose alike.
table.sort(candidates, function(a, b) return a.since < b.since or (a.since == b.since and a.id < b.id) end)

local verdict = 'none'
for _, candidate in ipairs(candidates) do
  local key = ARGV[1] .. 'call:' .. candidate.id
  local state, owner, caller, target, heldUntil =
    unpack(redis.call('HMGET', key, 'state', 'owner', 'caller', 'target', 'claimedUntil'))
  local free = state == 'ringing' or (state == 'claimed' and now >= tonumber(heldUntil))
  if not state then
    redis.call('ZREM', candidate.set, candidate.id) -- its owner died and its lease lapsed
  elseif caller == ARGV[3] then
    if verdict == 'none' then verdict = 'own' end
  elseif free then
    redis.call('HSET', key, 'state', 'claimed', 'claim', ARGV[2], 'picker', ARGV[3], 'claimedUntil', now + ARGV[4])
    return { 'claimed', candidate.id, owner, target, tostring(candidate.since) }
  else
    verdict = 'taken'
  end
end
return { verdict }
