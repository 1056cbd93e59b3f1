import { type Static, Type } from 'typebox';
import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { KnownCall } from '../../../flows/call-directory.js';

/** An extension of the company, with its name. */
export const NamedExtension = Type.Object({ extension: Type.String(), name: Type.String() });

/** Who calls; an anonymous caller is nothing but that (RFC 3323). */
export const CallerJson = Type.Object({
  anonymous: Type.Boolean(),
  extension: Type.Optional(Type.String({ description: 'absent for a caller from outside' })),
  name: Type.Optional(Type.String()),
  number: Type.Optional(Type.String()),
});

/** A call as /v1 shows it; times are ISO 8601 in UTC. */
export const CallJson = Type.Object({
  id: Type.String(),
  state: Type.String({ description: 'trying, ringing, claimed or connected' }),
  target: NamedExtension,
  caller: CallerJson,
  group: Type.Optional(Type.String({ description: 'the number of the group that was called' })),
  ringsAt: Type.Optional(Type.Array(NamedExtension, { description: "at whose phones a group's call rings" })),
  picker: Type.Optional(NamedExtension),
  private: Type.Boolean(),
  startedAt: Type.String({ format: 'date-time' }),
  ringingAt: Type.Optional(Type.String({ format: 'date-time' })),
  answeredAt: Type.Optional(Type.String({ format: 'date-time' })),
});

/** A time as JSON has it. */
export const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** An extension with its name; one that has left the company is named by its number. */
export const namedExtension = ({ extensions }: Tenant, extension: Extension): Static<typeof NamedExtension> => ({
  extension,
  name: extensions.get(extension)?.name ?? extension,
});

/** What is known of a caller. */
interface Caller {
  readonly caller?: string;
  readonly callerName: string;
  readonly callerNumber: string;
  readonly isAnonymous: boolean;
}

/** Who calls, as far as it may be told. */
export const callerJson = ({ caller, callerName, callerNumber, isAnonymous }: Caller): Static<typeof CallerJson> =>
  isAnonymous
    ? { anonymous: true }
    : { anonymous: false, ...(caller && { extension: caller }), name: callerName, number: callerNumber };

/** A call for somebody who may see it. */
export const callJson = (tenant: Tenant, call: KnownCall): Static<typeof CallJson> => ({
  id: call.id,
  state: call.state,
  target: namedExtension(tenant, call.target),
  caller: callerJson(call),
  ...(call.group && { group: call.group }),
  ...(call.ringsAt && { ringsAt: call.ringsAt.map((number) => namedExtension(tenant, number)) }),
  ...(call.picker && { picker: namedExtension(tenant, call.picker) }),
  private: call.isPrivate,
  startedAt: timeOf(call.startedAt),
  ...(call.ringingAt !== undefined && { ringingAt: timeOf(call.ringingAt) }),
  ...(call.answeredAt !== undefined && { answeredAt: timeOf(call.answeredAt) }),
});
