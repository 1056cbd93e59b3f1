-- Stands behind the part `personal`. With whom an extension has changed phones: both must say so.
local function counterpart(key, extension)
  local other = said(key, extension).changedWith
  if type(other) == 'string' and other ~= extension and said(key, other).changedWith == extension then return other end
end

-- From now on the extension says that it has changed phones with the other, or with nobody.
local function says(key, extension, other)
  local fields = said(key, extension)
  fields.changedWith = other
  keep(key, extension, fields, nil, nil, '')
end
