--[[
  begin: note a call that begins, and read the phones of its target.

  KEYS[1]  call hash
  KEYS[2]  bindings hash of the target
  KEYS[3]  sorted set of the tenant's calls
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  channel of the tenant's dialogs
  ARGV[3]  what became of dialogs
  ARGV[4]  lease      milliseconds until the call lapses if its owner does not renew it
  ARGV[5]  call id
  ARGV[6…] pairs: field and value; owner, caller, target, private and what is shown of the caller

  Returns  the bindings as JSON strings; those that have expired are the reader's to leave out
]]
-- @dialogs
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('HSET', KEYS[1], 'state', 'trying', 'startedAt', now, unpack(ARGV, 6))
redis.call('ZADD', KEYS[3], now, ARGV[5])
for _, key in ipairs({ KEYS[1], KEYS[3] }) do redis.call('PEXPIRE', key, ARGV[4]) end
note(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return redis.call('HVALS', KEYS[2])
