--[[
  register: change the bindings of one extension as one REGISTER asks (RFC 3261 section 10.3), all or nothing.

  KEYS[1]  bindings hash
  ARGV[1]  SIP Call-ID of the REGISTER
  ARGV[2]  its CSeq number
  ARGV[3]  now        milliseconds since 1970
  ARGV[4]  most       bindings that one extension may have
  ARGV[5]  '*' to remove all bindings, or ''
  ARGV[6…] pairs: binding id, then the binding as JSON or '' to remove it

  Returns  { 'ok', JSON, … }   the bindings after the change
           { 'stale' }         a later REGISTER of the same Call-ID came before this one; nothing changed
           { 'full' }          too many bindings; nothing changed
]]
local now, bindings, expires = tonumber(ARGV[3]), {}, 0
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  local binding = cjson.decode(flat[i + 1])
  if binding.expiresAt > now then bindings[flat[i]] = { json = flat[i + 1], was = binding } end
end

local function apply(id, json)
  local was = bindings[id] and bindings[id].was
  if was and was.callId == ARGV[1] and was.cseq >= tonumber(ARGV[2]) then return false end
  bindings[id] = json ~= '' and { json = json, was = cjson.decode(json) } or nil
  return true
end

if ARGV[5] == '*' then
  for id in pairs(bindings) do if not apply(id, '') then return { 'stale' } end end
end
for i = 6, #ARGV, 2 do if not apply(ARGV[i], ARGV[i + 1]) then return { 'stale' } end end

local fields, reply = {}, { 'ok' }
for id, binding in pairs(bindings) do
  table.insert(fields, id)
  table.insert(fields, binding.json)
  table.insert(reply, binding.json)
  expires = math.max(expires, binding.was.expiresAt)
end
if #reply - 1 > tonumber(ARGV[4]) then return { 'full' } end

redis.call('DEL', KEYS[1])
if #fields > 0 then
  redis.call('HSET', KEYS[1], unpack(fields))
  redis.call('PEXPIREAT', KEYS[1], expires)
end
return reply
