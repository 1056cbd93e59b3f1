import { type Static, Type } from 'typebox';
import type { CallState } from '../../../domain/call.js';
import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import { objectIdOf } from './object-id.js';

/** A call from the perspective of one extension in it. */
export const PhoneCallView = Type.Object({
  id: Type.String({ description: '01 the called extension, 02 the calling one, 03 the one that picked up' }),
  extension: Type.String(),
  answered: Type.Optional(Type.String({ format: 'date-time' })),
  status: Type.Enum(['2', '3', '4', '5'], { description: '2 trying, 3 ringing, 4 other side is ringing, 5 on call' }),
  callerId: Type.String({ description: 'John Doe <3334444>' }),
  source: Type.Array(Type.String()),
  destination: Type.Array(Type.String()),
});

/** VoipNow's PhoneCall; what is not there is left out. */
export const PhoneCall = Type.Object({
  id: Type.String(),
  extension: Type.String(),
  ownerId: Type.String(),
  ownerName: Type.String(),
  answered: Type.Optional(Type.String({ format: 'date-time' })),
  published: Type.String({ format: 'date-time' }),
  phoneCallView: Type.Array(PhoneCallView),
});

type View = Static<typeof PhoneCallView>;

/** How a request called the extension. */
export interface Asked {
  /** Stands before every extension of the answer, as it stood in the request. */
  readonly prefix: string;
  /** Undefined is `@self`. */
  readonly extension?: Extension;
}

/** A time with its offset from UTC, to the second, as VoipNow writes it. */
export const timeOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, '+00:00');

type Role = 'callee' | 'caller' | 'picker';

const statuses: Readonly<Record<Role, Readonly<Record<CallState, View['status']>>>> = {
  callee: { trying: '2', ringing: '3', claimed: '3', connected: '5', ended: '5' },
  caller: { trying: '2', ringing: '4', claimed: '4', connected: '5', ended: '5' },
  picker: { trying: '2', ringing: '2', claimed: '2', connected: '5', ended: '5' },
};

/** The view of the called extension: the one that rings and can be picked up. */
export const calleeView = '01';

/** Who is shown of the caller; nothing of one who asked not to be (RFC 3323). */
const callerOf = ({ isAnonymous, caller, callerName, callerNumber }: KnownCall, prefix: string) => {
  if (isAnonymous) return { callerId: 'Anonymous <anonymous>', source: 'anonymous' };
  const number = callerNumber || 'unknown';
  return { callerId: `${callerName || number} <${number}>`, source: caller ? `${prefix}${caller}` : number };
};

/** The called extension: of a group's call the one that was asked for, if it rings there, or the first. */
const calledOf = ({ target, ringsAt = [target] }: KnownCall, asked: Extension | undefined): Extension =>
  ringsAt.find((each) => each === asked) ?? ringsAt[0] ?? target;

/** The views of a call, each under its number. */
const viewsOf = (call: KnownCall, { prefix, extension: asked }: Asked): View[] => {
  const { callerId, source } = callerOf(call, prefix);
  const view = (id: string, role: Role, extension: Extension): View => ({
    id,
    extension: `${prefix}${extension}`,
    ...(call.answeredAt !== undefined && { answered: timeOf(call.answeredAt) }),
    status: statuses[role][call.state],
    callerId,
    source: [source],
    destination: [`${prefix}${call.target}`],
  });
  return [
    view(calleeView, 'callee', calledOf(call, asked)),
    ...(call.caller && !call.isAnonymous ? [view('02', 'caller', call.caller)] : []),
    ...(call.picker ? [view('03', 'picker', call.picker)] : []),
  ];
};

/** True if a view of this number belongs to the call, so that a wrong one can be told from one that does not ring. */
export const hasView = (call: KnownCall, id: string): boolean =>
  viewsOf(call, { prefix: '' }).some((view) => view.id === id);

/** A call as VoipNow shows it, for whoever asked for it by that extension. */
export const phoneCallOf = (tenant: Tenant, call: KnownCall, asked: Asked): Static<typeof PhoneCall> => {
  const extension = asked.extension ?? calledOf(call, undefined);
  const ownerId = tenant.extensions.get(extension)?.user ?? extension;
  return {
    id: objectIdOf(call.id),
    extension: `${asked.prefix}${extension}`,
    ownerId,
    ownerName: tenant.users.get(ownerId as never)?.name ?? ownerId,
    ...(call.answeredAt !== undefined && { answered: timeOf(call.answeredAt) }),
    published: timeOf(call.startedAt),
    phoneCallView: viewsOf(call, asked),
  };
};
