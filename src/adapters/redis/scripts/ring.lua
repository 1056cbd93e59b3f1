--[[
  ring: a leg of the call began to ring, so the call can be picked up.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  hash of the target's early dialogs
  KEYS[4]  sorted set of the tenant's calls
  KEYS[5]  stream of the tenant's news
  KEYS[6]  the dialog's own key
  ARGV[1]  call id
  ARGV[2]  leg id
  ARGV[3]  the early dialog as JSON
  ARGV[4]  what the dialog's key holds: extension, call id and leg id
  ARGV[5]  since      milliseconds since 1970 on the owner's clock; only the first leg's counts
  ARGV[6]  lease      milliseconds
  ARGV[7]  channel of the tenant's news
  ARGV[8]  the news, told when the first leg rings

  Returns  the call's state, or 'gone' if there is no such call
]]
-- @news
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'connected' then return state or 'gone' end

if state == 'trying' then
  redis.call('HSET', KEYS[1], 'state', 'ringing', 'ringingAt', ARGV[5])
  redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
  tell(KEYS[5], ARGV[7], ARGV[8])
  state = 'ringing'
end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3])
redis.call('SET', KEYS[6], ARGV[4], 'PX', ARGV[6])
for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[6]) end
return state
