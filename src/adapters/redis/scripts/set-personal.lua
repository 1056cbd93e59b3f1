--[[
  set-personal: note what an extension's people say of themselves over what they said before, and tell everybody.

  KEYS[1]  hash: extension to what was said, as JSON
  KEYS[2]  stream of the company's news
  ARGV[1]  extension
  ARGV[2]  what is said now, as JSON; fields that it does not have stay as they were
  ARGV[3]  the presence where nobody says anything
  ARGV[4]  news of another presence as JSON, without it; empty tells none
  ARGV[5]  channel of the company's news
  ARGV[6]  channel that all instances listen to
  ARGV[7]  what they are told

  Returns  1
]]
-- @news
-- @personal
local fields = said(KEYS[1], ARGV[1])
local before = presence(fields, ARGV[3])
local now = cjson.decode(ARGV[2])
-- What was said last counts: what phones have published before is overruled.
if now.presence then fields.published = nil end
for field, value in pairs(now) do fields[field] = value end
tell(KEYS[2], ARGV[5], keep(KEYS[1], ARGV[1], fields, before, ARGV[3], ARGV[4]))
redis.call('PUBLISH', ARGV[6], ARGV[7])
return 1
