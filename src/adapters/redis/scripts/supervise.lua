--[[
  supervise: somebody takes part in a call of others, does so otherwise, or has left.

  KEYS[1]  hash of the tenant's supervisions
  KEYS[2]  call hash
  KEYS[3]  stream of the tenant's news
  ARGV[1]  id of the supervision
  ARGV[2]  the supervision as JSON, or '' when it is over
  ARGV[3]  lease      milliseconds
  ARGV[4]  channel of the tenant's news
  ARGV[5]  the news, or ''

  Returns  'noted'
           'known'   the same was noted before: nothing is told
           'over'    it is not noted any more
           'gone'    there is no such call: nothing is noted, nothing told
]]
-- @news
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  tell(KEYS[3], ARGV[4], ARGV[5])
  return 'over'
end
if redis.call('EXISTS', KEYS[2]) == 0 then return 'gone' end
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return 'known' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
tell(KEYS[3], ARGV[4], ARGV[5])
return 'noted'
