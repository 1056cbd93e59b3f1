import type { Test } from 'tap';
import type { Group, GroupId } from '../../src/domain/group.js';
import type { Extension } from '../../src/domain/names.js';
import type { Presence, Tenant } from '../../src/domain/office.js';
import { acme, bob, dave, number, tenant } from '../domain/acme.js';
import { fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

/** Two more people of the company. */
export const [frank, eve] = ['105', '104'].map(number) as [Extension, Extension];
/** What the group is called by. */
export const service = number('800');

/** A group of three, with some of it said otherwise. */
export const group = (digit: string, { members = [bob, dave, eve], ...changes }: Partial<Group> = {}): Group => ({
  id: digit.repeat(24) as GroupId,
  name: `group ${digit}`,
  notes: '',
  listed: members,
  members,
  controllers: [],
  rights: new Set(),
  strategy: 'ALL',
  ringTime: 0,
  ...changes,
});

/** A moment in the ringing of a group, in seconds: long enough to look, short enough to wait for. */
export const moment = 0.1;

/** A company with groups. */
export interface Scene {
  readonly groups?: readonly Group[];
  readonly presence?: Readonly<Record<string, Presence>>;
  readonly registered?: readonly Extension[];
  readonly trunk?: string;
  readonly sounds?: Tenant['sounds'];
  readonly callControl?: Tenant['callControl'];
  /** Who has opted out of being picked up. */
  readonly refuses?: readonly Extension[];
}

/** The company at work; Alice calls its first group. */
export const office = (t: Test, { groups = [], presence = {}, registered, trunk, ...scene }: Scene) => {
  const entries = [...acme.extensions.values()];
  const like = entries[0] as (typeof entries)[0];
  const all = [
    ...entries,
    ...[eve, frank].map((own) => ({ ...like, number: own, name: own, id: own.padStart(24, '0') })),
  ];
  const company = tenant('acme', {
    extensions: new Map(
      all.map((entry) => {
        const [own, refusesPickup] = [
          presence[entry.number] ?? 'available',
          scene.refuses?.includes(entry.number) ?? false,
        ];
        return [entry.number, { ...entry, presence: own, refusesPickup }];
      }),
    ),
    groups: new Map(groups.map((each) => [each.id, each])),
    ...(trunk !== undefined && { trunk }),
    ...(scene.sounds && { sounds: scene.sounds }),
    ...(scene.callControl && { callControl: scene.callControl }),
  });
  const s = stage(t, { tenant: company, phones: [] });
  for (const own of registered ?? company.extensions.keys()) {
    s.store.phones.set(own, [{ id: own, contact: `sip:${own}@phones.example`, path: [] }]);
  }
  return {
    ...s,
    callsGroup: (caller = fakeCaller('alice')) => s.calls(caller, { target: service, group: groups[0] as Group }),
    /** Whose phones were dialled so far. */
    rung: () => s.dialled.map(({ request }) => request.callee.number),
    /** Settles when so many phones were dialled. */
    untilRung: async (count: number) => {
      for (const until = Date.now() + 10_000; s.dialled.length < count; await quiet()) {
        if (Date.now() > until) throw new Error(`only ${s.dialled.length} phones were dialled: ${s.said.join(', ')}`);
      }
      await quiet();
    },
  };
};
