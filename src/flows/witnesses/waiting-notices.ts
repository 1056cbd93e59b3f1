import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { decide } from '../../domain/policy.js';
import { wantsNoCalls } from '../../domain/presence.js';
import { groupsOf } from '../../domain/rules/membership.js';
import type { ShownCaller, WaitingNotice } from '../../domain/waiting-notice.js';
import { calleesOf } from '../callees.js';
import type { CallRecord } from '../ports.js';
import { callerInText, personInText } from './people-in-texts.js';

/** A group that tells of calls that wait: a pickup group, or one that can be called. */
export interface TellingGroup {
  /** What no other group is known by, of either kind. */
  readonly key: string;
  readonly name: string;
  readonly members: readonly Extension[];
  /** Who has rights over the members; nobody in a pickup group. */
  readonly controllers: readonly Extension[];
  readonly notify: WaitingNotice;
}

/** The groups of an extension that tell of its calls. */
export const tellingGroups = (tenant: Tenant, target: Extension): TellingGroup[] => {
  const { pickupGroups, groups } = tenant.standing;
  const ofPickup = groupsOf(pickupGroups, target).flatMap((position) => tenant.pickupGroups[position] ?? []);
  const called = groupsOf(groups.members, target).flatMap((position) => groups.list[position] ?? []);
  return [
    ...ofPickup.map((group) => ({ ...group, key: `pickup group ${group.name}`, controllers: [] })),
    ...called.map((group) => ({ ...group, key: group.id })),
  ].flatMap((group) => (group.notify ? [{ ...group, notify: group.notify }] : []));
};

/** A call that waits for somebody of a group. */
export interface WaitingCall {
  readonly call: CallRecord;
  readonly group: TellingGroup;
  readonly callee: Extension;
}

/** Who may have the call and wants to be told, each once: not who calls, nor at whom it rings, nor who wants no calls. */
export const listenersOf = (tenant: Tenant, { call, group, callee }: WaitingCall): Extension[] => {
  const target = { kind: 'extension', number: callee } as const;
  return [...new Set([...group.members, ...group.controllers])].filter(
    (member) =>
      member !== call.caller &&
      !calleesOf(call).includes(member) &&
      !wantsNoCalls(tenant, member) &&
      decide({ tenant, picker: member, act: 'pickup', by: 'number', target }).ok,
  );
};

/** The call with no more of its caller than the group shows. */
export const shownBy = (call: CallRecord, shows: ShownCaller): CallRecord => ({
  ...call,
  ...(shows !== 'name-and-number' && { callerName: '' }),
  ...(shows === 'nothing' && { caller: '', callerNumber: '' }),
});

/** What they read: who calls, whose phone rings, and what to dial. */
export const waitingText = (tenant: Tenant, { call, callee }: Omit<WaitingCall, 'group'>): string => {
  const caller = callerInText(call);
  const code = tenant.codes.pickup?.[0];
  const how = code === undefined ? '' : `, take it with ${code}${callee}`;
  return `Call${caller === '' ? '' : ` from ${caller}`} waits for ${personInText(tenant, callee)}${how}`;
};
