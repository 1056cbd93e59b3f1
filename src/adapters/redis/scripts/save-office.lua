--[[
  save-office: write a document of the office and tell everybody, unless somebody else has written since it was read.

  KEYS[1]  hash of the document: version, document, seed, imported
  ARGV[1]  version that was read; 0 if there was none
  ARGV[2]  the document as JSON
  ARGV[3]  channel that all instances listen to
  ARGV[4]  what they are told
  ARGV[5]  where it came from: 'seed', 'imported', or '' if that stays as it was
  ARGV[6]  fingerprint of what was written there

  Returns  'saved'   the version is one more now
           'stale'   it has another version; nothing was written
]]
local version = redis.call('HGET', KEYS[1], 'version')
-- A Redis that lost everything takes what an instance still knows, under its old version.
if version and version ~= ARGV[1] then return 'stale' end

redis.call('HSET', KEYS[1], 'version', ARGV[1] + 1, 'document', ARGV[2])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], ARGV[5], ARGV[6]) end
if ARGV[5] == 'seed' then redis.call('HDEL', KEYS[1], 'imported') end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 'saved'
