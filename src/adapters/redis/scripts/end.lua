--[[
  end: the call is over; its indexes go with it.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  sorted set of the tenant's calls
  KEYS[4]  stream of the tenant's news
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  channel of the tenant's dialogs
  ARGV[3]  what became of dialogs
  ARGV[4]  lease      milliseconds
  ARGV[5]  call id
  ARGV[6]  channel of the tenant's news
  ARGV[7]  the news, or ''

  Returns  the number of keys and entries of the call that went
]]
-- @news
-- @dialogs
local gone = redis.call('DEL', KEYS[1])
if gone == 1 then tell(KEYS[4], ARGV[6], ARGV[7]) end
note(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return gone + redis.call('ZREM', KEYS[2], ARGV[5]) + redis.call('ZREM', KEYS[3], ARGV[5])
