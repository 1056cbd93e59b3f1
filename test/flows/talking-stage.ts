import type { Test } from 'tap';
import type { Dialog } from '../../src/domain/dialog.js';
import type { CallId, Extension, InstanceId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { MediaUse } from '../../src/flows/anchor/anchor-deps.js';
import { makeAnchoring } from '../../src/flows/anchoring.js';
import { makeAnchors } from '../../src/flows/anchors.js';
import { hold } from '../../src/flows/held-call.js';
import { type LiveCall, liveCall } from '../../src/flows/live-call.js';
import { makeLiveCalls } from '../../src/flows/live-calls.js';
import { extensionParty } from '../../src/flows/party.js';
import type {
  Changed,
  DialRequest,
  EndReason,
  IncomingLeg,
  JoinListener,
  Leg,
  Meter,
  Party,
} from '../../src/flows/ports.js';
import { makeRingGroup } from '../../src/flows/ring-group.js';
import { showCaller, showPicked } from '../../src/flows/shown-dialogs.js';
import { makeStealCall } from '../../src/flows/steal-call.js';
import { makeTransferCall } from '../../src/flows/transfer-call.js';
import { acme } from '../domain/acme.js';
import { fakeMedia } from './fake-media.js';
import { memoryStore } from './memory-store.js';
import { type FakePhone, fakeCaller, fakePhone, idsOf, quiet } from './parties.js';
import { noting } from './stage.js';

/** A phone in a call: it can hang up, and says what it is told to a change of its session. */
export interface TalkingPhone extends Leg {
  readonly endings: EndReason[];
  /** Every change that it was asked for: `offer?`, or the offer and who is at the other end. */
  readonly asked: string[];
  readonly acknowledged: (string | undefined)[];
  says: (offer: string | undefined) => Promise<Changed> | Changed;
  hangsUp(reason?: string): void;
}

export const talkingPhone = (name: string): TalkingPhone => {
  let settle: (bye: { reason?: string } | undefined) => void = () => undefined;
  const ended = new Promise<{ reason?: string } | undefined>((resolve) => {
    settle = resolve;
  });
  const phone: TalkingPhone = {
    dialogId: name,
    ids: idsOf(name),
    ended,
    endings: [],
    asked: [],
    acknowledged: [],
    says: (offer) => ({
      ok: true,
      sdp: offer === undefined ? `offer of ${name}` : `answer of ${name}`,
      acknowledge: (answer) => void (offer === undefined && phone.acknowledged.push(answer)),
    }),
    change: async (own, talksTo?: Party) => {
      const offer = typeof own === 'function' ? own() : own;
      phone.asked.push([offer ?? 'offer?', talksTo?.number].filter(Boolean).join(' to '));
      return phone.says(offer);
    },
    end: async (reason) => {
      phone.endings.push(reason);
      settle(undefined);
    },
    hangsUp: (reason) => settle(reason === undefined ? {} : { reason }),
  };
  return phone;
};

const quietMeter = (gauges: { connected: number; anchored: number; results: string[] }): Meter => ({
  ringing: () => undefined,
  earlyDialog: () => undefined,
  connected: (change) => {
    gauges.connected += change;
  },
  callEnded: (result) => void gauges.results.push(result),
  claimed: () => undefined,
  pickupEnded: () => undefined,
  pickedUpAfter: () => undefined,
  anchored: (change) => {
    gauges.anchored += change;
  },
  listening: () => undefined,
  supervised: () => undefined,
});

/** Calls that are connected, on ports in memory; each joint is what really joins two legs. */
export const scene = (tenant: Tenant = acme) => {
  const [store, live, said] = [memoryStore(), makeLiveCalls(), [] as string[]];
  const gauges = { connected: 0, anchored: 0, results: [] as string[] };
  const dialled: FakePhone[] = [];
  const joined: string[] = [];
  let dialFails = false;
  const legs = {
    dial: (request: DialRequest) => {
      if (dialFails) throw new Error('no stack');
      dialled.push(fakePhone(`phone-${dialled.length}`, request));
      return dialled.at(-1) as FakePhone;
    },
    join: (a: Leg, b: Leg, listener: JoinListener) => {
      let isParted = false;
      joined.push(`${a.dialogId}-${b.dialogId}`);
      const pass = async (from: Leg, to: Leg) => {
        await from.ended;
        if (!isParted) await to.end({ kind: 'other-party' });
      };
      void Promise.all([pass(a, b), pass(b, a)]).then(() => isParted || listener.ended(a));
      return {
        part: () => {
          isParted = true;
          joined.push('parted');
        },
      };
    },
  };
  let serial = 0;
  const media = fakeMedia();
  media.isUp = false; // Unless the story is about it.
  const alone = {
    ...{ calls: store, legs, live, meter: quietMeter(gauges), log: noting(said), self: 'here' as InstanceId },
    ...{ media, anchors: makeAnchors(), mediaUse: 'auto' as MediaUse },
  };
  const anchoring = makeAnchoring(alone);
  const knownPhones = () => [{ id: 'known', contact: 'sip:known@phones.example', path: [] }];
  const wokenPhones = () => () => () => undefined;
  const phones = async () => knownPhones();
  const members = { phones, knownPhones, wokenPhones, dialogsOf: async () => [], chance: () => 0 };
  const deps = {
    ...alone,
    anchoring,
    crossOffers: () => ({ ok: false, why: 'never' }) as const,
    newCallId: () => `call-${++serial}` as CallId,
    knownPhones,
    wokenPhones,
    ringGroup: makeRingGroup({ ...alone, ...members, tenant: () => tenant }),
    tenant: () => tenant,
    isDraining: () => false,
  };

  /** A call between two extensions that talk. */
  const talk = async (caller: Extension, target: Extension, name: string) => {
    const [callerLeg, calleeLeg] = [talkingPhone(`${name}-caller`), talkingPhone(`${name}-callee`)];
    const record = {
      ...{ id: deps.newCallId(), tenant: tenant.id, caller, target, owner: deps.self, isPrivate: false },
      ...{ callerName: '', callerNumber: caller, isAnonymous: false },
    };
    const callerParty = extensionParty(tenant, caller, false);
    const incoming = { ...fakeCaller(`${name}-caller`), ids: callerLeg.ids, sipCallId: callerLeg.ids.sipCallId };
    const call = liveCall({ record, tenant, caller: incoming, callerParty, log: deps.log });
    live.add(call);
    await store.begin(record, showCaller(call, 'trying'));
    await store.answer(record);
    await store.note(record, showPicked(call, { extension: target, ids: calleeLeg.ids, direction: 'recipient' }));
    call.settle({ kind: 'picked' });
    hold(deps, call, { legs: [callerLeg, calleeLeg], result: 'answered' });
    return { call, callerLeg, calleeLeg };
  };

  return {
    ...{ store, live, said, gauges, dialled, joined, deps, talk, media, anchoring, anchors: alone.anchors },
    phoneOf: talkingPhone,
    /** Another phone of the same extension wants the place of this one. */
    stealFrom: (call: LiveCall, replaced: Leg, phone: Partial<IncomingLeg>) => {
      const shown = call.dialogs.open.find(({ dialog }) => dialog.sipCallId === replaced.ids.sipCallId);
      const extension = shown?.extension as Extension;
      return makeStealCall(deps)({
        ...{ tenant, picker: extension, party: extensionParty(tenant, extension, false) },
        leg: { ...fakeCaller('thief'), ...phone },
        found: {
          ...{ kind: 'dialog', extension, target: extension, owner: deps.self, state: 'connected' },
          dialog: { ...shown?.dialog, ...replaced.ids } as Dialog,
        },
      });
    },
    transfer: makeTransferCall(deps),
    steal: makeStealCall(deps),
    stackFails: () => {
      dialFails = true;
    },
  };
};

/** What {@link scene} gives. */
export type Scene = ReturnType<typeof scene>;

/** Nobody talks, and nothing is kept. */
export const nothingLeft = async (t: Test, { live, store, gauges }: Scene): Promise<void> => {
  await quiet();
  t.equal(live.size, 0, 'no live call');
  t.same([...store.calls.keys()], [], 'nothing in the store');
  t.match(gauges, { connected: 0, anchored: 0 }, 'nobody is connected');
};
