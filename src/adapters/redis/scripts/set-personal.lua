--[[
  set-personal: note what an extension's people say of themselves over what they said before, and tell everybody.

  KEYS[1]  hash: extension to what was said, as JSON
  ARGV[1]  extension
  ARGV[2]  what is said now, as JSON; fields that it does not have stay as they were
  ARGV[3]  channel that all instances listen to
  ARGV[4]  what they are told

  Returns  1
]]
-- What cannot be read is as if nothing had been said.
local isSound, said = pcall(cjson.decode, redis.call('HGET', KEYS[1], ARGV[1]) or '{}')
if not isSound or type(said) ~= 'table' then said = {} end
for field, value in pairs(cjson.decode(ARGV[2])) do said[field] = value end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(said))
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
