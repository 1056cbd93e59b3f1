--[[
  find-dialog: the early dialog with this SIP Call-ID, and the call it belongs to.

  KEYS[1]  the dialog's own key
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot

  Returns  { call id, target, the call's state, the dialog as JSON }
           nil        no such dialog, or its call has ended
]]
local place = redis.call('GET', KEYS[1])
if not place then return nil end
local target, call, leg = string.match(place, '^(%S+) (%S+) (%S+)$')
local state = redis.call('HGET', ARGV[1] .. 'call:' .. call, 'state')
local dialog = redis.call('HGET', ARGV[1] .. 'legs:' .. target, leg)
if not state or not dialog then return nil end
return { call, target, state, dialog }
