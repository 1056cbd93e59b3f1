--[[
  end: the call is over; its indexes go with it.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  hash of the target's early dialogs
  KEYS[4…] the dialogs' own keys
  ARGV[1]  call id
  ARGV[2…] leg ids

  Returns  the number of keys and entries that went
]]
local gone = redis.call('DEL', KEYS[1]) + redis.call('ZREM', KEYS[2], ARGV[1])
for i = 2, #ARGV do gone = gone + redis.call('HDEL', KEYS[3], ARGV[i]) end
for i = 4, #KEYS do gone = gone + redis.call('DEL', KEYS[i]) end
return gone
