--[[
  release: the claim is given back and the phones ring on.

  KEYS[1]  call hash
  ARGV[1]  token      of the claim

  Returns  'released', or 'lost' if the claim is not this one any more
]]
local state, claim = unpack(redis.call('HMGET', KEYS[1], 'state', 'claim'))
if state ~= 'claimed' or claim ~= ARGV[1] then return 'lost' end
redis.call('HSET', KEYS[1], 'state', 'ringing')
redis.call('HDEL', KEYS[1], 'claim', 'picker', 'claimedUntil')
return 'released'
