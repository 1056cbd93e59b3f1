import { Type } from 'typebox';
import { groupRights, strategies } from '../../domain/group.js';
import { Dialable, Name, Notes, NumberText, ObjectId } from './text-shapes.js';

const closed = { additionalProperties: false } as const;

/** The members of a group, of any kind. */
const Members = Type.Array(NumberText, { maxItems: 1000 });

const rights = Object.fromEntries(groupRights.map((right) => [right, Type.Optional(Type.Boolean())])) as Record<
  (typeof groupRights)[number],
  Type.TOptional<Type.TBoolean>
>;

/** TelecomX's fields, members and controllers by number. */
export const GroupShape = Type.Object(
  {
    name: Name,
    number: Type.Optional(NumberText),
    notes: Type.Optional(Notes),
    members: Type.Optional(Members),
    controllers: Type.Optional(Members),
    ...rights,
    strategy: Type.Optional(Type.Enum([...strategies])),
    ringTime: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
    timeoutGoto: Type.Optional(ObjectId),
    startAudio: Type.Optional(ObjectId),
    redirect: Type.Optional(Dialable),
  },
  closed,
);

/** A pickup group: its members alone, or with the id that IvozProvider's API calls it by. */
export const PickupGroupShape = Type.Union([
  Members,
  Type.Object({ id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })), members: Members }, closed),
]);

/** A number outside that a group may go on to. */
export const OutsideNumberShape = Type.Object({ number: Dialable, name: Type.Optional(Name) }, closed);
