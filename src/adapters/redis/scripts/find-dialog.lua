--[[
  find-dialog: the dialog with this SIP Call-ID, and the call it belongs to.

  KEYS[1]  the dialog's own key
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot

  Returns  { extension, the dialog as JSON, target, owner, the call's state }
           { 'ended' }  there was one in the last minute
           nil          no such dialog
]]
local place = redis.call('GET', KEYS[1])
if not place then return nil end
if place == 'ended' then return { 'ended' } end
local extension, call, id = string.match(place, '^(%S+) (%S+) (%S+)$')
local target, owner, state = unpack(redis.call('HMGET', ARGV[1] .. 'call:' .. call, 'target', 'owner', 'state'))
local dialog = redis.call('HGET', ARGV[1] .. 'dialogs:' .. extension, call .. ' ' .. id)
if not state or not dialog then return nil end
return { extension, dialog, target, owner, state }
