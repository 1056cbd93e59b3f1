import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { failureProfiles } from '../../domain/outcome.js';
import { selections } from '../../domain/selection.js';
import type { OfficeDocument, TenantDocument } from '../../domain/tenant-document.js';
import { pickupContexts } from '../../domain/user.js';
import { CallControlShape } from './call-control-shape.js';
import { GroupShape, OutsideNumberShape, PickupGroupShape, SoundShape } from './group-shape.js';
import { MediaShape, MessagesShape, ReplacesShape, WatchersShape, WebhookShape } from './phone-shapes.js';
import { Domain, Name, ObjectId, Password, ReplacePin, Trunk, UserId } from './text-shapes.js';

// It stops at eight otherwise, and every mistake is to be told at once.
Settings.Set({ maxErrors: 200 });

const closed = { additionalProperties: false } as const;

const Codes = Type.Record(Type.String(), Type.Array(Type.String(), { maxItems: 16 }));

const ExtensionShape = Type.Object(
  {
    name: Type.Optional(Name),
    id: Type.Optional(ObjectId),
    user: Type.Optional(UserId),
    kind: Type.Optional(Type.Enum(['phone', 'other'])),
    password: Type.Optional(Password),
    replacePin: Type.Optional(ReplacePin),
    private: Type.Optional(Type.Boolean()),
    refusesPickup: Type.Optional(Type.Boolean()),
    presence: Type.Optional(Type.Enum(['available', 'away', 'do-not-disturb'])),
  },
  closed,
);

const UserShape = Type.Object(
  { name: Type.Optional(Name), context: Type.Optional(Type.Enum([...pickupContexts])) },
  closed,
);

const TenantShape = Type.Object(
  {
    name: Type.Optional(Name),
    customer: Type.Optional(ObjectId),
    domains: Type.Optional(Type.Array(Domain, { maxItems: 32 })),
    default: Type.Optional(Type.Boolean()),
    brand: Type.Optional(Name),
    ringSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 180 })),
    trunk: Type.Optional(Trunk),
    failureProfile: Type.Optional(Type.Enum([...failureProfiles])),
    requireIfMatch: Type.Optional(Type.Boolean()),
    selection: Type.Optional(Type.Enum([...selections])),
    codes: Type.Optional(Codes),
    watchers: Type.Optional(WatchersShape),
    replaces: Type.Optional(ReplacesShape),
    media: Type.Optional(MediaShape),
    messages: Type.Optional(MessagesShape),
    webhook: Type.Optional(WebhookShape),
    users: Type.Optional(Type.Record(Type.String(), UserShape, { maxProperties: 10_000 })),
    extensions: Type.Record(Type.String(), ExtensionShape, { maxProperties: 10_000 }),
    pickupGroups: Type.Optional(Type.Record(Type.String(), PickupGroupShape, { maxProperties: 1000 })),
    callControl: Type.Optional(CallControlShape),
    groups: Type.Optional(Type.Record(Type.String(), GroupShape, { maxProperties: 1000 })),
    sounds: Type.Optional(Type.Record(Type.String(), SoundShape, { maxProperties: 1000 })),
    outsideNumbers: Type.Optional(Type.Record(Type.String(), OutsideNumberShape, { maxProperties: 1000 })),
  },
  closed,
);

const installation = {
  sipAuth: Type.Optional(Type.Enum(['digest', 'none'])),
  brands: Type.Optional(
    Type.Record(Type.String(), Type.Object({ codes: Type.Optional(Codes) }, closed), { maxProperties: 1000 }),
  ),
};

const OfficeShape = Type.Object({ ...installation, tenants: Type.Record(Type.String(), TenantShape) }, closed);

/** Does not compile unless what a shape lets through and what the domain calls it are the same. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
void (true satisfies Same<Type.Static<typeof TenantShape>, TenantDocument>);
void (true satisfies Same<Type.Static<typeof OfficeShape>, OfficeDocument>);

/** Tells whether a value has the shape of a company's document, and where it has not. */
export const tenantShape = Compile(TenantShape);

/** The same for what is not one company's. */
export const installationShape = Compile(Type.Object(installation, closed));

/** The same for a whole office. */
export const officeShape = Compile(OfficeShape);
