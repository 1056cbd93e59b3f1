--[[
  order: note a pickup by program, once for each key that the program gives, and hand it to the owner of the call.

  KEYS[1]  order hash
  KEYS[2]  string: what was ordered under the program's key; absent if it gave none
  ARGV[1]  order id
  ARGV[2]  the order as JSON
  ARGV[3]  channel of the owner
  ARGV[4]  how long the order is kept, in milliseconds
  ARGV[5]  fingerprint of the request   only with KEYS[2]
  ARGV[6]  how long the key is kept, in milliseconds   only with KEYS[2]

  Returns  { 'new', number of instances that heard it }
           { 'known', order id }   the same was ordered before
           { 'reused' }            something else was ordered under this key
]]
if KEYS[2] then
  local before = redis.call('GET', KEYS[2])
  if before then
    local id, fingerprint = string.match(before, '^(%S+) (%S+)$')
    if fingerprint ~= ARGV[5] then return { 'reused' } end
    return { 'known', id }
  end
  redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. ARGV[5], 'PX', ARGV[6])
end
redis.call('HSET', KEYS[1], 'order', ARGV[2], 'state', 'pending')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { 'new', redis.call('PUBLISH', ARGV[3], ARGV[2]) }
