import { Type } from 'typebox';
import { groupRights, strategies } from '../../domain/group.js';
import { mostAssociated } from '../../domain/pickup-group.js';
import { shownCallers } from '../../domain/waiting-notice.js';
import { Dialable, Name, Notes, NumberText, ObjectId, PlaceId, SoundFile, TimeOfDay, TimeZone } from './text-shapes.js';

const closed = { additionalProperties: false } as const;

/** The members of a group, of any kind. */
const Members = Type.Array(NumberText, { maxItems: 1000 });

const rights = Object.fromEntries(groupRights.map((right) => [right, Type.Optional(Type.Boolean())])) as Record<
  (typeof groupRights)[number],
  Type.TOptional<Type.TBoolean>
>;

/** When and what members are told of each other's calls that wait. */
const NotifyShape = Type.Object(
  {
    after: Type.Integer({ minimum: 0, maximum: 60 }),
    shows: Type.Optional(Type.Enum([...shownCallers])),
    quiet: Type.Optional(Type.Object({ from: TimeOfDay, until: TimeOfDay, zone: Type.Optional(TimeZone) }, closed)),
  },
  closed,
);

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
    timeoutGoto: Type.Optional(PlaceId),
    startAudio: Type.Optional(ObjectId),
    redirect: Type.Optional(Dialable),
    notify: Type.Optional(NotifyShape),
  },
  closed,
);

/** A pickup group: its members alone, or with the id that IvozProvider's API calls it by. */
export const PickupGroupShape = Type.Union([
  Members,
  Type.Object(
    {
      id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })),
      members: Members,
      notify: Type.Optional(NotifyShape),
      associated: Type.Optional(Type.Array(Name, { maxItems: mostAssociated, uniqueItems: true })),
    },
    closed,
  ),
]);

/** A sound that a group may have its callers hear first. */
export const SoundShape = Type.Object({ name: Type.Optional(Name), file: SoundFile }, closed);

/** A number outside that a group may go on to. */
export const OutsideNumberShape = Type.Object({ number: Dialable, name: Type.Optional(Name) }, closed);
