-- What an extension's people say of themselves; what cannot be read is as if nothing had been said.
local function said(key, extension)
  local isSound, fields = pcall(cjson.decode, redis.call('HGET', key, extension) or '{}')
  return isSound and type(fields) == 'table' and fields or {}
end

-- What its phones have published, by tag, and how much that is; without what is over at this moment, if one is given.
local function published(fields, now)
  local lasting, count = {}, 0
  for tag, one in pairs(type(fields.published) == 'table' and fields.published or {}) do
    local isSound = type(one) == 'table' and type(one.at) == 'number' and type(one['until']) == 'number'
    if isSound and one['until'] > (now or 0) then
      lasting[tag] = one
      count = count + 1
    end
  end
  return lasting, count
end

-- What was published last of these.
local function last(publications)
  local newest
  for _, one in pairs(publications) do
    if not newest or one.at > newest.at then newest = one end
  end
  return newest
end

-- The presence that was told last: what is over is forgotten and told by a step of its own.
local function presence(fields, otherwise)
  local newest = last(published(fields))
  return newest and newest.presence or fields.presence or otherwise
end

-- Keeps what an extension's people say, and fits the news of it: empty if the same presence counts as before.
local function keep(key, extension, fields, before, otherwise, news)
  local now = presence(fields, otherwise)
  if next(fields) then redis.call('HSET', key, extension, cjson.encode(fields))
  else redis.call('HDEL', key, extension) end
  if news == '' or now == before then return '' end
  local event = cjson.decode(news)
  event.presence = now
  return cjson.encode(event)
end
