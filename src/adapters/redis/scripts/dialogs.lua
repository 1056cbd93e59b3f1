--[[
  dialogs: the dialogs of an extension that are not over.

  KEYS[1]  hash of the extension's dialogs
  KEYS[2]  number of the last message on the channel of dialogs
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot

  Returns  { number, dialogs as JSON… }
]]
local reply = { redis.call('GET', KEYS[2]) or '0' }
local entries = redis.call('HGETALL', KEYS[1])
for i = 1, #entries, 2 do
  local call = string.match(entries[i], '^%S+')
  if redis.call('EXISTS', ARGV[1] .. 'call:' .. call) == 1 then
    table.insert(reply, entries[i + 1])
  else
    redis.call('HDEL', KEYS[1], entries[i]) -- its owner died and its lease lapsed
  end
end
return reply
