-- Tells what happened to a call: in the company's stream, for who comes back, and on its channel, for who listens.
-- The stream keeps the last ten thousand, for an hour after the last.
local function tell(stream, channel, news)
  if news == '' then return end
  local id = redis.call('XADD', stream, 'MAXLEN', '~', 10000, '*', 'news', news)
  redis.call('PEXPIRE', stream, 3600000)
  redis.call('PUBLISH', channel, id .. ' ' .. news)
end
