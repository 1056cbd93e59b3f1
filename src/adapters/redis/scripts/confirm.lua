--[[
  confirm: the claim became a connected call.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  ARGV[1]  call id
  ARGV[2]  token      of the claim

  Returns  'confirmed', or 'lost' if another claim holds the call by now
]]
local state, claim = unpack(redis.call('HMGET', KEYS[1], 'state', 'claim'))
if state ~= 'claimed' or claim ~= ARGV[2] then return 'lost' end
redis.call('HSET', KEYS[1], 'state', 'connected')
redis.call('ZREM', KEYS[2], ARGV[1])
return 'confirmed'
