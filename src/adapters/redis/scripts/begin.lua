--[[
  begin: note a call that begins, and read the phones of its target.

  KEYS[1]  call hash
  KEYS[2]  bindings hash of the target
  KEYS[3]  sorted set of the tenant's calls
  ARGV[1]  call id
  ARGV[2]  lease      milliseconds until the call lapses if its owner does not renew it
  ARGV[3…] pairs: field and value; owner, caller, target, private and what is shown of the caller

  Returns  the bindings as JSON strings; those that have expired are the reader's to leave out
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('HSET', KEYS[1], 'state', 'trying', 'startedAt', now, unpack(ARGV, 3))
redis.call('ZADD', KEYS[3], now, ARGV[1])
for _, key in ipairs({ KEYS[1], KEYS[3] }) do redis.call('PEXPIRE', key, ARGV[2]) end
return redis.call('HVALS', KEYS[2])
