--[[
  try-pin: count a try at a PIN before it is looked at, unless there have been too many.

  KEYS[1…] integers: wrong tries by whoever dials it, and for whomever it is
  ARGV[1]  most    tries after which nothing is tried any more
  ARGV[2]  lock    milliseconds until tries are forgotten after the last

  Returns  'open'
           'locked'   nothing was counted, so that the lock does not last longer for it
]]
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or 0) >= tonumber(ARGV[1]) then return 'locked' end
end
for _, key in ipairs(KEYS) do
  redis.call('INCR', key)
  redis.call('PEXPIRE', key, ARGV[2])
end
return 'open'
