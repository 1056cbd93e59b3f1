--[[
  answer: the callee's own 200 takes the same claim as a picker's.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  stream of the tenant's news
  ARGV[1]  call id
  ARGV[2]  channel of the tenant's news
  ARGV[3]  the news, told if the callee has the call
  ARGV[4]  by         whose answer it is, where the call is a group's; otherwise ''

  Returns  'answered'   the callee has the call
           'taken'      a picker's claim is still live
           'gone'       no such call: its lease lapsed, or it has ended
]]
-- @news
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local state, heldUntil = unpack(redis.call('HMGET', KEYS[1], 'state', 'claimedUntil'))
if not state then return 'gone' end
if state == 'connected' then return 'taken' end
if state == 'claimed' and now < tonumber(heldUntil) then return 'taken' end

redis.call('HSET', KEYS[1], 'state', 'connected', 'answeredAt', now)
redis.call('HDEL', KEYS[1], 'claim', 'picker', 'claimedUntil')
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'target', ARGV[4]) end
redis.call('ZREM', KEYS[2], ARGV[1])
tell(KEYS[3], ARGV[2], ARGV[3])
return 'answered'
