import { groupOfNumber } from '../../../domain/hunt.js';
import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { KnownCall } from '../../../flows/call-directory.js';

/** Whom a member is on a call with. */
export interface MemberCallJson {
  readonly _id: string;
  /** As the member sees it. */
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly state: 'RINGING' | 'CONNECTED';
  /** The other party; null if it asked not to be shown, or is not known. */
  readonly number: string | null;
  readonly name: string | null;
  /** The other party asked not to be shown (RFC 3323). */
  readonly privacy: boolean;
  /** The other party's extension, if it is one of the company. */
  readonly extension: string | null;
  readonly started: string;
  readonly answered: string | null;
}

type OtherParty = Pick<MemberCallJson, 'number' | 'name' | 'privacy' | 'extension'>;

/** The calls that an extension is part of now, oldest first, without those that nobody may watch. */
export const memberCalls = (tenant: Tenant, member: Extension, calls: readonly KnownCall[]): MemberCallJson[] =>
  calls.flatMap((call) => {
    const direction = directionOf(call, member);
    if (!direction || call.state === 'ended' || isHidden(tenant, call, member)) return [];
    const other = direction === 'INBOUND' ? callerOf(tenant, call) : extensionParty(tenant, heldBy(call));
    return [{ _id: call.id, direction, ...other, ...whenOf(call) }];
  });

/** Who has the call, or for whom it rings: a picker has it only when it has answered. */
const heldBy = ({ state, picker, target }: KnownCall): Extension =>
  state === 'connected' && picker !== undefined ? picker : target;

const directionOf = (call: KnownCall, member: Extension): MemberCallJson['direction'] | undefined => {
  if (call.caller === member) return 'OUTBOUND';
  // A group's call rings at several.
  return (call.ringsAt ?? [heldBy(call)]).includes(member) ? 'INBOUND' : undefined;
};

/** A private call is nobody's to watch, whoever of its parties made it so. */
const isHidden = ({ extensions }: Tenant, call: KnownCall, member: Extension): boolean =>
  call.isPrivate || [call.caller, heldBy(call), member].some((party) => party && extensions.get(party)?.isPrivate);

const anonymous: OtherParty = { number: null, name: null, privacy: true, extension: null };

const callerOf = (tenant: Tenant, { caller, callerName, callerNumber, isAnonymous }: KnownCall): OtherParty => {
  if (isAnonymous) return anonymous;
  if (caller !== undefined && tenant.extensions.has(caller)) return extensionParty(tenant, caller);
  return { number: callerNumber || null, name: callerName || null, privacy: false, extension: null };
};

/** Who calls a group hears it ring there, and is with nobody yet. */
const extensionParty = (tenant: Tenant, number: Extension): OtherParty => {
  const entry = tenant.extensions.get(number);
  const { name = null } = entry ?? groupOfNumber(tenant, number) ?? {};
  return { number, name, privacy: false, extension: entry?.id ?? null };
};

const whenOf = ({ state, startedAt, answeredAt }: KnownCall) => ({
  state: state === 'connected' ? ('CONNECTED' as const) : ('RINGING' as const),
  started: new Date(startedAt).toISOString(),
  answered: answeredAt === undefined ? null : new Date(answeredAt).toISOString(),
});
