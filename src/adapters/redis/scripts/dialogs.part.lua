-- Notes what became of dialogs: each in the hash of its extension and under its SIP Call-ID, all together on the channel.
-- `changes` is a JSON list of { extension, `call dialog`, hash of the SIP Call-ID, dialog as JSON, 1 if it is over }.
local function note(prefix, channel, changes, lease)
  if changes == '[]' then return end
  for _, change in ipairs(cjson.decode(changes)) do
    local extension, id, hash, dialog, over = unpack(change)
    local book, place = prefix .. 'dialogs:' .. extension, prefix .. 'dialog:' .. hash
    if over == 1 then
      redis.call('HDEL', book, id)
      redis.call('SET', place, 'ended', 'PX', 60000)
    else
      redis.call('HSET', book, id, dialog)
      redis.call('PEXPIRE', book, lease)
      redis.call('SET', place, extension .. ' ' .. id, 'PX', lease)
    end
  end
  redis.call('PUBLISH', channel, redis.call('INCR', prefix .. 'dialog-number') .. ' ' .. changes)
end
