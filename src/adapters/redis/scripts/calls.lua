--[[
  calls: the calls of a tenant, oldest first.

  KEYS[1]  sorted set of the tenant's calls
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  most       calls to return
  ARGV[3]  call id    the only one that is wanted, or ''

  Returns  a flat list of fields and values for each call, the id first
]]
local calls = {}
for _, id in ipairs(ARGV[3] ~= '' and { ARGV[3] } or redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1)) do
  local fields = redis.call('HGETALL', ARGV[1] .. 'call:' .. id)
  if #fields == 0 then
    redis.call('ZREM', KEYS[1], id) -- its owner died and its lease lapsed
  else
    table.insert(fields, 'id')
    table.insert(fields, id)
    table.insert(calls, fields)
  end
end
return calls
