--[[
  confirm: the claim became a connected call.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  stream of the tenant's news
  ARGV[1]  call id
  ARGV[2]  token      of the claim
  ARGV[3]  channel of the tenant's news
  ARGV[4]  the news

  Returns  'confirmed', or 'lost' if another claim holds the call by now
]]
-- @news
local state, claim = unpack(redis.call('HMGET', KEYS[1], 'state', 'claim'))
if state ~= 'claimed' or claim ~= ARGV[2] then return 'lost' end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'state', 'connected', 'answeredAt', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('ZREM', KEYS[2], ARGV[1])
tell(KEYS[3], ARGV[3], ARGV[4])
return 'confirmed'
