--[[
  register: change the bindings of one extension as one REGISTER asks (RFC 3261 section 10.3), all or nothing.

  KEYS[1]  bindings hash
  ARGV[1]  SIP Call-ID of the REGISTER
  ARGV[2]  its CSeq number
  ARGV[3]  now        milliseconds since 1970
  ARGV[4]  most       bindings that one extension may have
  ARGV[5]  '*' to remove all bindings, or ''
  ARGV[6]  channel on which phones are told that a push can wake
  ARGV[7]  what is told there
  ARGV[8…] pairs: binding id, then the binding as JSON or '' to remove it

  A binding with `push` takes the place of those with the same: the phone that it wakes is one, whatever its address.

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

local function takePlaceOf(push)
  for id, binding in pairs(bindings) do
    local was = binding.was
    if was.push == push then
      if was.callId == ARGV[1] and was.cseq > tonumber(ARGV[2]) then return false end
      bindings[id] = nil
    end
  end
  return true
end

local isAwake = false
local function apply(id, json)
  local was = bindings[id] and bindings[id].was
  if was and was.callId == ARGV[1] and was.cseq >= tonumber(ARGV[2]) then return false end
  local now = json ~= '' and cjson.decode(json)
  if now and now.push then
    if not takePlaceOf(now.push) then return false end
    isAwake = true
  end
  bindings[id] = now and { json = json, was = now } or nil
  return true
end

if ARGV[5] == '*' then
  for id in pairs(bindings) do if not apply(id, '') then return { 'stale' } end end
end
for i = 8, #ARGV, 2 do if not apply(ARGV[i], ARGV[i + 1]) then return { 'stale' } end end

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
if isAwake then redis.call('PUBLISH', ARGV[6], ARGV[7]) end
return reply
