--[[
  change-phones: two extensions change phones, unless one of them has done so already; and everybody is told.

  KEYS[1]  hash: extension to what its people say of themselves, as JSON
  KEYS[2]  stream of the tenant's news
  ARGV[1]  the one extension
  ARGV[2]  the other
  ARGV[3]  channel that all instances listen to
  ARGV[4]  what they are told
  ARGV[5]  channel of the tenant's news
  ARGV[6]  the news

  Returns  'changed'
           'already'   nothing was written
]]
-- @personal
-- @changes
-- @news
if counterpart(KEYS[1], ARGV[1]) or counterpart(KEYS[1], ARGV[2]) then return 'already' end
says(KEYS[1], ARGV[1], ARGV[2])
says(KEYS[1], ARGV[2], ARGV[1])
redis.call('PUBLISH', ARGV[3], ARGV[4])
tell(KEYS[2], ARGV[5], ARGV[6])
return 'changed'
