--[[
  note: dialogs of a call have changed, but not the call.

  KEYS[1]  call hash
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  channel of the tenant's dialogs
  ARGV[3]  what became of dialogs
  ARGV[4]  lease      milliseconds

  Returns  1, or 0 if there is no such call
]]
-- @dialogs
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
note(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return 1
