import { type Static, Type } from 'typebox';
import type { ExtensionEntry, Tenant } from '../../../domain/office.js';
import { PresenceForm } from '../presence.js';
import { NamedExtension, namedExtension } from './call-json.js';

/** An extension as /v1 shows it: what its people say of it, and at whose phones it is. No password, no PIN. */
export const ExtensionJson = Type.Object({
  extension: Type.String(),
  name: Type.String(),
  presence: PresenceForm,
  refusesPickup: Type.Boolean({ description: 'nobody may pick up its calls' }),
  hasReplacePin: Type.Boolean({ description: 'others may change phones with it by a PIN, where a group says so' }),
  changedWith: Type.Optional(NamedExtension),
});

/** An extension of the company. */
export const extensionJson = (tenant: Tenant, entry: ExtensionEntry): Static<typeof ExtensionJson> => ({
  extension: entry.number,
  name: entry.name,
  presence: entry.presence,
  refusesPickup: entry.refusesPickup,
  hasReplacePin: entry.replacePin !== undefined,
  ...(entry.changedWith !== undefined && { changedWith: namedExtension(tenant, entry.changedWith) }),
});
