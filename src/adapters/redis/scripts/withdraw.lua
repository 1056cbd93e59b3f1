--[[
  withdraw: take back a claim whose outcome its picker never heard.

  KEYS     sorted sets of calls: those of the claim
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  token      of the claim

  Returns  the number of calls that ring again: 1, or 0 if the claim had won nothing
]]
for _, set in ipairs(KEYS) do
  for _, id in ipairs(redis.call('ZRANGE', set, 0, -1)) do
    local key = ARGV[1] .. 'call:' .. id
    local state, claim = unpack(redis.call('HMGET', key, 'state', 'claim'))
    if state == 'claimed' and claim == ARGV[2] then
      redis.call('HSET', key, 'state', 'ringing')
      redis.call('HDEL', key, 'claim', 'picker', 'claimedUntil')
      return 1
    end
  end
end
return 0
