--[[
  ring: a leg of the call began to ring, so the call can be picked up.

  KEYS[1]  call hash
  KEYS[2]  sorted set of the calls that ring at the target
  KEYS[3]  sorted set of the tenant's calls
  KEYS[4]  stream of the tenant's news
  ARGV[1]  prefix     what the tenant's keys begin with; all of them are in one hash slot
  ARGV[2]  channel of the tenant's dialogs
  ARGV[3]  what became of dialogs
  ARGV[4]  lease      milliseconds
  ARGV[5]  call id
  ARGV[6]  since      milliseconds since 1970 on the owner's clock; only the first leg's counts
  ARGV[7]  channel of the tenant's news
  ARGV[8]  the news, told when the first leg rings, and when a group's call begins to ring at another extension
  ARGV[9]  rings      of a group's call: the extensions at which it rings, with blanks between; otherwise ''
  ARGV[10] groups     the places of the groups it came through, the same way, where their controllers may have it now

  Returns  the call's state, or 'gone' if there is no such call
]]
-- @news
-- @dialogs
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'connected' then return state or 'gone' end

local isNews = state == 'trying'
if isNews then
  redis.call('HSET', KEYS[1], 'state', 'ringing', 'ringingAt', ARGV[6])
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5])
  state = 'ringing'
end

local function words(text)
  local set = {}
  for word in string.gmatch(text or '', '%S+') do set[word] = true end
  return set
end

-- Pickers look for a group's call where it rings now, and nowhere else. True if that is somewhere else than before.
local function stand(field, places)
  local before, now = words(redis.call('HGET', KEYS[1], field)), words(places)
  for place in pairs(before) do
    if not now[place] then redis.call('ZREM', ARGV[1] .. 'ringing:' .. place, ARGV[5]) end
  end
  local since, isElsewhere = redis.call('HGET', KEYS[1], 'ringingAt'), false
  for place in pairs(now) do
    redis.call('ZADD', ARGV[1] .. 'ringing:' .. place, since, ARGV[5])
    redis.call('PEXPIRE', ARGV[1] .. 'ringing:' .. place, ARGV[4])
    isElsewhere = isElsewhere or not before[place]
  end
  redis.call('HSET', KEYS[1], field, places)
  return isElsewhere
end

if ARGV[9] ~= '' then
  stand('groups', ARGV[10])
  isNews = stand('rings', ARGV[9]) or isNews
end
if isNews then tell(KEYS[4], ARGV[7], ARGV[8]) end
note(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
return state
