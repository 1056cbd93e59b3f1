--[[
  confirm: the claim became a connected call.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  stream of the tenant's news
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  channel of the tenant's dialogs
  ARGV[3]  what became of dialogs
  ARGV[4]  lease      milliseconds
  ARGV[5]  call id
  ARGV[6]  token      of the claim
  ARGV[7]  channel of the tenant's news
  ARGV[8]  the news

  Returns  'confirmed', or 'lost' if another claim holds the call by now
]]
-- @news
-- @dialogs
local state, claim = unpack(redis.call('HMGET', KEYS[1], 'state', 'claim'))
-- The owner has joined the legs, whatever became of the claim: the phones are in these dialogs.
if state then note(ARGV[1], ARGV[2], ARGV[3], ARGV[4]) end
if state ~= 'claimed' or claim ~= ARGV[6] then return 'lost' end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'state', 'connected', 'answeredAt', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('ZREM', KEYS[2], ARGV[5])
tell(KEYS[3], ARGV[7], ARGV[8])
return 'confirmed'
