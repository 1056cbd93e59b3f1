import { type TSchema, Type } from 'typebox';
import { groupRights, strategies } from '../../../domain/group.js';
import { PresenceForm } from '../presence.js';

const orNull = (shape: TSchema) => Type.Union([shape, Type.Null()]);
const extension = Type.Object({ _id: Type.String(), number: Type.String(), name: Type.String() });
const extensions = Type.Array(Type.Union([Type.String(), extension]));
const nested = Type.Object({ _id: Type.String(), number: orNull(Type.String()), name: Type.String() });
const members = Type.Array(Type.Union([Type.String(), extension, nested]));
const success = Type.Boolean();

const shortFields = {
  _id: Type.String(),
  type: Type.Enum(['GROUP']),
  customer: Type.String(),
  name: Type.String(),
  number: orNull(Type.String()),
};

const goto = Type.Object({
  _id: Type.String(),
  type: Type.Enum(['GROUP', 'EXTENSION', 'EXTERNAL']),
  number: orNull(Type.String()),
  name: Type.String(),
});

const group = Type.Object({
  ...shortFields,
  startAudio: orNull(Type.String()),
  redirect: orNull(Type.String()),
  notes: Type.String(),
  members,
  controllers: extensions,
  ...Object.fromEntries(groupRights.map((right) => [right, Type.Boolean()])),
  strategy: Type.Enum([...strategies]),
  ringTime: Type.Integer(),
  timeoutGoto: orNull(Type.Union([Type.String(), goto])),
});

const shownExtension = Type.Object({ ...shortFields, type: Type.Enum(['EXTENSION']), number: Type.String() });

const member = Type.Object({ ...extension.properties, presence: PresenceForm });

const call = Type.Object({
  _id: Type.String(),
  direction: Type.Enum(['INBOUND', 'OUTBOUND']),
  state: Type.Enum(['RINGING', 'CONNECTED']),
  number: orNull(Type.String()),
  name: orNull(Type.String()),
  privacy: Type.Boolean(),
  extension: orNull(Type.String()),
  started: Type.String({ format: 'date-time' }),
  answered: orNull(Type.String({ format: 'date-time' })),
});

const phone = Type.Object({
  extension: Type.String(),
  number: Type.String(),
  phone: Type.String(),
  status: Type.Integer({ description: 'the SIP status of the answer, 0 if there was none' }),
  delivered: Type.Boolean(),
});

/** What this dialect answers, for the OpenAPI document. */
export const answers = {
  group,
  list: Type.Object({
    offset: Type.Integer(),
    limit: Type.Integer(),
    total: Type.Integer(),
    groups: Type.Array(Type.Union([group, Type.Object(shortFields)])),
  }),
  extension: shownExtension,
  extensions: Type.Object({
    offset: Type.Integer(),
    limit: Type.Integer(),
    total: Type.Integer(),
    extensions: Type.Array(shownExtension),
  }),
  success: Type.Object({ success }),
  member,
  calls: Type.Array(call),
  sms: Type.Object({
    success,
    recipients: Type.Integer({ description: 'phones that have the text' }),
    phones: Type.Array(phone),
    unregistered: Type.Array(Type.String(), { description: 'members without a phone' }),
  }),
  pickup: Type.Object({ success, _id: Type.String(), call: Type.String(), extension: Type.String() }),
  error: Type.Object({
    error: Type.Integer({ description: 'the HTTP status' }),
    message: Type.String({ description: 'bad_request, access_denied, not_found, internal_error, …' }),
    description: Type.String(),
    field: Type.Optional(Type.String({ description: 'the first field that is wrong' })),
    fields: Type.Optional(Type.Array(Type.Object({ field: Type.String(), description: Type.String() }))),
    request: Type.Optional(Type.String({ description: 'what the log calls this request' })),
  }),
} as const;
