--[[
  ring: a leg of the call began to ring, so the call can be picked up.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  sorted set of the tenant's calls
  KEYS[4]  stream of the tenant's news
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  channel of the tenant's dialogs
  ARGV[3]  what became of dialogs
  ARGV[4]  lease      milliseconds
  ARGV[5]  call id
  ARGV[6]  since      milliseconds since 1970 on the owner's clock; only the first leg's counts
  ARGV[7]  channel of the tenant's news
  ARGV[8]  the news, told when the first leg rings

  Returns  the call's state, or 'gone' if there is no such call
]]
-- @news
-- @dialogs
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'connected' then return state or 'gone' end

if state == 'trying' then
  redis.call('HSET', KEYS[1], 'state', 'ringing', 'ringingAt', ARGV[6])
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5])
  tell(KEYS[4], ARGV[7], ARGV[8])
  state = 'ringing'
end
note(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
return state
