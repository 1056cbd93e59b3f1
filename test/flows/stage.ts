import type { Test } from 'tap';
import type { Dialog } from '../../src/domain/dialog.js';
import type { CallId, ClaimToken, Extension, InstanceId, TenantId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { PickupTarget } from '../../src/domain/policy.js';
import type { MediaUse } from '../../src/flows/anchor/anchor-deps.js';
import { makeAnchoring } from '../../src/flows/anchoring.js';
import { makeAnchors } from '../../src/flows/anchors.js';
import { type LiveCalls, makeLiveCalls } from '../../src/flows/live-calls.js';
import { makePickUp } from '../../src/flows/pick-up.js';
import type { Binding, CallResult, CallStore, JoinListener, Leg, Log, Meter, Party } from '../../src/flows/ports.js';
import { makeRingGroup } from '../../src/flows/ring-group.js';
import { type IncomingCall, makeRouteCall } from '../../src/flows/route-call.js';
import { type CrossOffers, makeTakeCall, type Taken } from '../../src/flows/take-call.js';
import { acme, alice, bob, carol } from '../domain/acme.js';
import { fakeMedia } from './fake-media.js';
import { memoryStore } from './memory-store.js';
import { type FakeCaller, type FakePhone, fakeCaller, fakePhone, quiet } from './parties.js';
import { faultsOf } from './shown.js';

/** A log that keeps its messages. */
export const noting = (said: string[]): Log => {
  const note = (_facts: object, event: string) => void said.push(event);
  return { info: note, warn: note, error: note, child: () => noting(said) };
};

/** Gauges as they stand, and what was counted. */
export interface Counted {
  ringing: number;
  early: number;
  connected: number;
  anchored: number;
  readonly results: CallResult[];
  /** How each pickup was asked for and ended. */
  readonly pickups: string[];
}

const fakeMeter = (counted: Counted): Meter => ({
  ringing: (change) => {
    counted.ringing += change;
  },
  earlyDialog: (change) => {
    counted.early += change;
  },
  connected: (change) => {
    counted.connected += change;
  },
  callEnded: (result) => void counted.results.push(result),
  claimed: () => undefined,
  pickupEnded: (kind, outcome) => void counted.pickups.push(`${kind} ${outcome}`),
  pickedUpAfter: () => undefined,
  anchored: (change) => {
    counted.anchored += change;
  },
  listening: () => undefined,
  supervised: () => undefined,
});

interface Joint {
  readonly legs: readonly [Leg, Leg];
  /** One of the two hangs up, the first unless it is said, and the other is ended. */
  hangUp(by?: Leg): Promise<void>;
}

const partyOf = (name: string, number: string): Party => ({ name, number, domain: 'acme.example', private: false });

/** Phones that sleep, and tell when they are awake. */
const wakingPhones = ({ phones }: Pick<ReturnType<typeof memoryStore>, 'phones'>) => {
  const listeners = new Map<(all: readonly Binding[]) => void, Extension>();
  return {
    follow: (_tenant: TenantId, extension: Extension) => (listener: (all: readonly Binding[]) => void) => {
      listeners.set(listener, extension);
      return () => void listeners.delete(listener);
    },
    wakesUp: (extension: Extension, ...now: Binding[]) => {
      phones.set(extension, now);
      for (const [listener, whose] of [...listeners]) if (whose === extension) listener(now);
    },
    get followed() {
      return listeners.size;
    },
  };
};

/** What is otherwise than usual on a stage. */
interface StageOptions {
  readonly tenant?: Tenant;
  readonly phones?: string[];
  /** Who hears what happens to calls on the way to the store. */
  readonly witness?: (calls: CallStore, live: LiveCalls) => CallStore;
}

/** Alice, Bob and Carol, and the flows between them, on ports in memory. */
export const stage = (
  t: Test,
  { tenant = acme, phones = ['bob-desk'], witness = (calls) => calls }: StageOptions = {},
) => {
  const [store, live, said] = [memoryStore(), makeLiveCalls(), [] as string[]];
  const counted: Counted = { ringing: 0, early: 0, connected: 0, anchored: 0, results: [], pickups: [] };
  const [dialled, joints, callers]: [FakePhone[], Joint[], FakeCaller[]] = [[], [], []];
  const bindings: Binding[] = phones.map((id) => ({ id, contact: `sip:${id}@phones.example`, path: [] }));
  store.phones.set(bob, bindings);
  const legs = {
    dial: (request: FakePhone['request']) => {
      const phone = fakePhone(phones[dialled.length] ?? `phone-${dialled.length}`, request);
      dialled.push(phone);
      return phone;
    },
    join: (a: Leg, b: Leg, { ended: onEnded }: JoinListener) => {
      const hangUp = async (by = a) => {
        await Promise.all([a.end({ kind: 'other-party' }), b.end({ kind: 'other-party' })]);
        onEnded(by);
      };
      joints.push({ legs: [a, b], hangUp });
      return { part: () => undefined };
    },
    attach: () => ({ part: () => undefined }),
  };
  let serial = 0;
  const cross: { offers: CrossOffers } = {
    offers: (caller, picker) => ({ ok: true, toCaller: `crossed ${picker}`, toPicker: `crossed ${caller}` }),
  };
  const [media, anchors] = [fakeMedia(), makeAnchors()];
  media.isUp = false; // Unless the story is about it.
  const alone = {
    ...{
      calls: witness(store, live),
      legs,
      live,
      meter: fakeMeter(counted),
      log: noting(said),
      self: 'here' as InstanceId,
    },
    ...{ media, anchors, mediaUse: 'auto' as MediaUse },
    crossOffers: (caller: string, picker: string) => cross.offers(caller, picker),
  };
  const deps = { ...alone, anchoring: makeAnchoring(alone) };
  const woken = wakingPhones(store);
  const routing = {
    ...{ ...deps, newCallId: () => `call-${++serial}` as CallId },
    ...{ knownPhones: () => bindings, wokenPhones: woken.follow },
  };
  const members = {
    phones: async (_tenant: TenantId, extension: Extension) => store.phones.get(extension) ?? [],
    dialogs: [] as { extension: Extension; dialog: Dialog }[],
    /** As it is by now. */
    company: tenant,
    chance: () => 0,
  };
  const ringGroup = makeRingGroup({
    ...{ ...routing, phones: members.phones, tenant: () => members.company, chance: () => members.chance() },
    dialogsOf: async (_tenant, extension) => {
      const own = [...members.dialogs, ...live.records().flatMap(({ dialogs }) => dialogs)];
      return own.filter((each) => each.extension === extension).map(({ dialog }) => dialog);
    },
  });
  const routeCall = makeRouteCall({ ...routing, ringGroup });
  const pickUp = makePickUp({ ...deps, newToken: () => `token-${++serial}` as ClaimToken });
  const takeCall = makeTakeCall(deps);
  const people = { callerParty: partyOf('Alice Adams', alice), pickerParty: partyOf('Carol Clark', carol) };

  const unfinished = (): string[] => [
    ...dialled.filter(({ isDone }) => !isDone).map(({ id }) => `${id} still rings`),
    ...[...dialled, ...callers]
      .flatMap(({ legs: own }) => own)
      .filter(({ endings }) => endings.length === 0)
      .map(({ dialogId }) => `${dialogId} is still up`),
    ...callers
      .filter(({ heard, gone }) => !gone && !heard.some((line) => /^[2-6]/.test(line)))
      .map(({ sipCallId }) => `${sipCallId} waits`),
  ];

  return {
    store,
    live,
    said,
    counted,
    dialled,
    joints,
    cross,
    routeCall,
    pickUp,
    takeCall,
    people,
    legs,
    deps,
    media,
    anchors,
    /** What a group is told of its members, and the chance that it draws them by. */
    members,
    /** A phone that slept has registered again, here. */
    wakesUp: woken.wakesUp,
    /** The first phone that was dialled. */
    phone: (index = 0): FakePhone => dialled[index] as FakePhone,
    /** Alice calls Bob; settles when his phones have been dialled. */
    calls: async (caller = fakeCaller('alice'), changes: Partial<IncomingCall> = {}) => {
      callers.push(caller);
      const over = routeCall({
        tenant,
        caller,
        callerParty: people.callerParty,
        callerExtension: alice,
        target: bob,
        passed: {},
        ...changes,
      });
      await quiet();
      return { caller, over };
    },
    /** Carol dials a pickup code, and gets the refusal as an answer if there is one. */
    picks: async (
      picker = fakeCaller('carol'),
      target: PickupTarget = { by: 'number', extension: bob },
    ): Promise<Taken> => {
      callers.push(picker);
      const kind = target.by === 'number' ? 'directed' : 'group';
      const next = await pickUp({ tenant, picker: carol, target, kind });
      const by = { picker: carol, method: kind } as const;
      const taken: Taken =
        next.kind === 'take'
          ? await takeCall({ tenant, call: next.call, claim: next.claim, by, picker, pickerParty: people.pickerParty })
          : { ok: false, refusal: next.kind === 'refuse' ? next.refusal : 'owner-unreachable' };
      if (!taken.ok) picker.refuse(480, taken.refusal);
      await quiet();
      return taken;
    },
    unfinished,
    /** After every story: nobody waits, nothing rings, nothing is up, nothing is kept, and each call ended once. */
    nothingLeft: async (...results: CallResult[]) => {
      await quiet();
      t.same(unfinished(), [], 'every phone has had its end');
      t.equal(live.size, 0, 'no live call');
      t.same([...store.calls.keys()], [], 'nothing in the store');
      t.match(counted, { ringing: 0, early: 0, connected: 0, anchored: 0 }, 'every gauge is at zero');
      t.equal(media.held, 0, 'no endpoint');
      t.equal(woken.followed, 0, 'no phone is waited for');
      t.same(counted.results, results, 'each call ended once, and as what it was');
      t.same(faultsOf(store.shown), [], 'every dialog went forward and is over');
    },
  };
};
