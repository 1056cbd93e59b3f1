--[[
  publish: note what a phone says of its extension for a time (RFC 3903 section 6), and tell everybody what is new.

  KEYS[1]  hash: extension to what its people say of themselves, as JSON
  KEYS[2]  stream of the company's news
  ARGV[1]  extension
  ARGV[2]  the entity tag that the phone goes on with; empty if it begins
  ARGV[3]  the entity tag that it has from now on
  ARGV[4]  the presence; empty if it stays as it was, which a phone that begins cannot say
  ARGV[5]  seconds that it lasts; 0 ends it
  ARGV[6]  so many may last for one extension
  ARGV[7]  the presence where nobody says anything
  ARGV[8]  news of another presence as JSON, without it
  ARGV[9]  channel of the company's news
  ARGV[10] channel that all instances listen to
  ARGV[11] what they are told

  Returns  'published'  and everybody was told
           'same'       it only lasts longer
           'unknown'    nothing with that tag lasts; nothing was written
           'full'       nothing was written
]]
-- @news
-- @personal
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local fields = said(KEYS[1], ARGV[1])
local lasting, count = published(fields, now)
local before = lasting[ARGV[2]]
if ARGV[2] ~= '' and not before then return 'unknown' end
if before then
  lasting[ARGV[2]] = nil
  count = count - 1
end

local seconds = tonumber(ARGV[5])
local isSame = before and seconds > 0 and (ARGV[4] == '' or ARGV[4] == before.presence)
local told = presence(fields, ARGV[7])
if seconds > 0 then
  if count >= tonumber(ARGV[6]) then return 'full' end
  local newest = last(lasting)
  lasting[ARGV[3]] = {
    presence = isSame and before.presence or ARGV[4],
    -- Whoever speaks in the same millisecond has spoken later all the same.
    at = isSame and before.at or math.max(now, newest and newest.at + 1 or 0),
    ['until'] = now + math.floor(seconds * 1000),
  }
end
fields.published = next(lasting) and lasting or nil
tell(KEYS[2], ARGV[9], keep(KEYS[1], ARGV[1], fields, told, ARGV[7], ARGV[8]))
-- Who knows the old end only, asks when it comes.
if isSame then return 'same' end
redis.call('PUBLISH', ARGV[10], ARGV[11])
return 'published'
