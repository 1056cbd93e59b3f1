--[[
  end: the call is over; its indexes go with it.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  hash of the target's early dialogs
  KEYS[4]  sorted set of the tenant's calls
  KEYS[5]  stream of the tenant's news
  KEYS[6…] the dialogs' own keys
  ARGV[1]  call id
  ARGV[2]  channel of the tenant's news
  ARGV[3]  the news, or ''
  ARGV[4…] leg ids

  Returns  the number of keys and entries that went
]]
-- @news
local gone = redis.call('DEL', KEYS[1])
if gone == 1 then tell(KEYS[5], ARGV[2], ARGV[3]) end
gone = gone + redis.call('ZREM', KEYS[2], ARGV[1]) + redis.call('ZREM', KEYS[4], ARGV[1])
for i = 4, #ARGV do gone = gone + redis.call('HDEL', KEYS[3], ARGV[i]) end
for i = 6, #KEYS do gone = gone + redis.call('DEL', KEYS[i]) end
return gone
