import { type TSchema, Type } from 'typebox';
import { groupRights, strategies } from '../../../domain/group.js';
import { closed, form, line } from '../schema.js';
import { pageSize } from './page.js';

/** How TelecomX names everything: an id of 24 hexadecimal digits. */
export const idShape = form('^[0-9A-Fa-f]{24}$', '24 hexadecimal digits');

/** The id of an outside number may be shorter: TelecomX's own example has a timeoutGoto of 23 digits. */
const placeIdShape = form('^[0-9A-Fa-f]{1,24}$', '1 to 24 hexadecimal digits');

const numberShape = form('^[A-Za-z0-9._+-]{1,64}$', '1 to 64 letters, digits and . _ + -');

/** What a phone could dial: codes and outside numbers too. */
const dialableShape = form('^[A-Za-z0-9._+*#-]{1,64}$', '1 to 64 letters, digits and . _ + - * #');

/** Null is how TelecomX says that a field is not used. */
const orNull = <S extends TSchema & { description?: string }>(shape: S) =>
  Type.Union([shape, Type.Null()], { description: `${shape.description}, or null` });

const extensionIds = Type.Optional(Type.Array(idShape, { maxItems: 1_000 }));

const flag = Type.Optional(Type.Boolean());

const flags = Object.fromEntries(groupRights.map((right) => [right, flag])) as Record<
  (typeof groupRights)[number],
  typeof flag
>;

const fields = {
  _id: Type.Optional(idShape),
  type: Type.Optional(Type.Enum(['GROUP'])),
  customer: Type.Optional(idShape),
  number: Type.Optional(orNull(numberShape)),
  startAudio: Type.Optional(orNull(idShape)),
  redirect: Type.Optional(orNull(dialableShape)),
  notes: Type.Optional(line(1_000)),
  members: extensionIds,
  controllers: extensionIds,
  ...flags,
  // The page's table spells it so, its example as all the other rights are spelt.
  writePhoneBook: flag,
  strategy: Type.Optional(Type.Enum([...strategies])),
  ringTime: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600 })),
  timeoutGoto: Type.Optional(orNull(placeIdShape)),
};

const nameShape = line(80, 1);

/** A new group; one that comes from elsewhere keeps its id. */
export const newGroupShape = closed({ name: nameShape, ...fields });

/** What is to be changed of a group; what a GET has shown beside it may stand there unchanged. */
export const groupChangeShape = closed({ name: Type.Optional(nameShape), ...fields });

/** The fields of a group, as a program sends them. */
export type GroupBody = Type.Static<typeof groupChangeShape>;

/** Which customer, where the token belongs to several. */
export const customerQuery = { customer: Type.Optional(idShape) };

const expansions = { expandExtension: flag, expandGoto: flag };

/** What one group may be asked for. */
export const groupQuery = closed({ ...customerQuery, ...expansions });

const pages = {
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageSize.most, default: pageSize.unsaid })),
};

/** What a list of groups may be asked for. */
export const listQuery = closed({
  ...customerQuery,
  ...expansions,
  ...pages,
  filter: Type.Optional(line(100)),
  sort: Type.Optional(Type.Enum(['number', 'name', 'direct'])),
  full: flag,
});

/** A path to a group. */
export const groupPath = closed({ groupId: idShape });

/** A path to a member of a group. */
export const memberPath = closed({ groupId: idShape, extensionId: idShape });

/** What a list of extensions may be asked for. */
export const extensionQuery = closed({
  ...customerQuery,
  ...pages,
  filter: Type.Optional(line(100)),
  sort: Type.Optional(Type.Enum(['name', 'number'])),
});

/** A path to an extension. */
export const extensionPath = closed({ extensionId: idShape });
