--[[
  waits: a call rings for longer than a group wants to wait, and whoever listens is told, if it rings still.

  KEYS[1]  call hash
  KEYS[2]  stream of the tenant's news
  ARGV[1]  channel of the tenant's news
  ARGV[2]  the news

  Returns  'told', or 'over' if nothing of the call rings any more
]]
-- @news
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'ringing' and state ~= 'claimed' then return 'over' end
tell(KEYS[2], ARGV[1], ARGV[2])
return 'told'
