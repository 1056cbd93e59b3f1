--[[
  lost: a call whose owner is gone has lapsed, and whoever listens is told, once.

  KEYS[1]  call hash
  KEYS[2]  string that says that it was told
  KEYS[3]  sorted set of the tenant's calls
  KEYS[4]  stream of the tenant's news
  ARGV[1]  call id
  ARGV[2]  channel of the tenant's news
  ARGV[3]  the news

  Returns  'lost', 'told' if another instance was quicker, or 'held' if the call is there still
]]
-- @news
if redis.call('EXISTS', KEYS[1]) == 1 then return 'held' end
if not redis.call('SET', KEYS[2], '1', 'NX', 'PX', 3600000) then return 'told' end
redis.call('ZREM', KEYS[3], ARGV[1])
tell(KEYS[4], ARGV[2], ARGV[3])
return 'lost'
