--[[
  change-phones-back: two extensions that have changed phones get their own again; and everybody is told.

  KEYS[1]  hash: extension to what its people say of themselves, as JSON
  KEYS[2]  stream of the tenant's news
  ARGV[1]  one of the two
  ARGV[2]  channel that all instances listen to
  ARGV[3]  what they are told
  ARGV[4]  channel of the tenant's news
  ARGV[5]  the news, as JSON without the other extension

  Returns  the other extension, or '' if it had not changed phones
]]
-- @personal
-- @changes
-- @news
local other = counterpart(KEYS[1], ARGV[1])
if not other then return '' end
says(KEYS[1], ARGV[1])
says(KEYS[1], other)
redis.call('PUBLISH', ARGV[2], ARGV[3])
local news = cjson.decode(ARGV[5])
news.other = other
tell(KEYS[2], ARGV[4], cjson.encode(news))
return other
