--[[
  begin: note a call that begins, and read the phones of its target.

  KEYS[1]  call hash
  KEYS[2]  bindings hash of the target
  ARGV[1]  owner      the instance that holds the legs
  ARGV[2]  caller     number of who calls; never a candidate for this number
  ARGV[3]  target     extension that is called
  ARGV[4]  lease      milliseconds until the call lapses if its owner does not renew it

  Returns  the bindings as JSON strings; those that have expired are the reader's to leave out
]]
redis.call('HSET', KEYS[1], 'state', 'trying', 'owner', ARGV[1], 'caller', ARGV[2], 'target', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return redis.call('HVALS', KEYS[2])
