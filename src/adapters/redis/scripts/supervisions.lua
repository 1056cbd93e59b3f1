--[[
  supervisions: who takes part in calls of others in a company, with the calls.

  KEYS[1]  hash of the tenant's supervisions
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  id of the only one that is wanted, or ''

  Returns  for each the supervision as JSON, and its call as a flat list of fields and values, the id first
]]
local entries = ARGV[2] == '' and redis.call('HGETALL', KEYS[1])
  or { ARGV[2], redis.call('HGET', KEYS[1], ARGV[2]) }
local found = {}
for i = 1, #entries, 2 do
  local text = entries[i + 1]
  if text then
    local call = cjson.decode(text).call
    local fields = redis.call('HGETALL', ARGV[1] .. 'call:' .. call)
    if #fields == 0 then
      redis.call('HDEL', KEYS[1], entries[i]) -- its call has ended, or lapsed with its owner
    else
      table.insert(fields, 'id')
      table.insert(fields, call)
      table.insert(found, { text, fields })
    end
  end
end
return found
