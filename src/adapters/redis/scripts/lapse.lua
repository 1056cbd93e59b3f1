--[[
  lapse: forget what phones of an extension have published and what is over, and tell everybody.

  KEYS[1]  hash: extension to what its people say of themselves, as JSON
  KEYS[2]  stream of the company's news
  ARGV[1]  extension
  ARGV[2]  milliseconds since 1970: what ends then or before is over
  ARGV[3]  the presence where nobody says anything
  ARGV[4]  news of another presence as JSON, without it
  ARGV[5]  channel of the company's news
  ARGV[6]  channel that all instances listen to
  ARGV[7]  what they are told

  Returns  'lapsed'
           'nothing'  nothing is over, or another instance was quicker
]]
-- @news
-- @personal
local fields = said(KEYS[1], ARGV[1])
local _, all = published(fields)
local lasting, left = published(fields, tonumber(ARGV[2]))
if left == all then return 'nothing' end
local before = presence(fields, ARGV[3])
fields.published = next(lasting) and lasting or nil
tell(KEYS[2], ARGV[5], keep(KEYS[1], ARGV[1], fields, before, ARGV[3], ARGV[4]))
redis.call('PUBLISH', ARGV[6], ARGV[7])
return 'lapsed'
