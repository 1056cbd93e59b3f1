--[[
  steal: a connected call has gone over to another extension.

  KEYS[1]  call hash
  KEYS[2]  stream of the tenant's news
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  channel of the tenant's dialogs
  ARGV[3]  what became of dialogs
  ARGV[4]  lease      milliseconds
  ARGV[5]  channel of the tenant's news
  ARGV[6]  the news
  ARGV[7…] pairs: field and value of who has the call now: `picker`, or what is shown of the caller

  Returns  'stolen', or 'gone' if there is no such call, or it is not connected
]]
-- @news
-- @dialogs
if redis.call('HGET', KEYS[1], 'state') ~= 'connected' then return 'gone' end
redis.call('HSET', KEYS[1], unpack(ARGV, 7))
note(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
tell(KEYS[2], ARGV[5], ARGV[6])
return 'stolen'
