import type { CallId, Extension, InstanceId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { Refusal } from '../../src/domain/outcome.js';
import { makeAnchors } from '../../src/flows/anchors.js';
import { liveCall } from '../../src/flows/live-call.js';
import { makeLiveCalls } from '../../src/flows/live-calls.js';
import type { Endpoint, Listening, ListenMode } from '../../src/flows/media.js';
import type { AttachListener, EndReason, Leg } from '../../src/flows/ports.js';
import type { BegunElsewhere } from '../../src/flows/supervise/supervise-elsewhere.js';
import { makeSupervisions } from '../../src/flows/supervise/supervisions.js';
import { makeSupervise, type SuperviseDeps, type Supervising } from '../../src/flows/supervise.js';
import { alice, bob, carol, companyOf } from '../domain/acme.js';
import { type FakeCaller, fakeCaller, type Gate, idsOf, quiet } from './parties.js';
import { noting } from './stage.js';

/** A leg that can hang up. */
export interface Ended extends Leg {
  readonly endings: EndReason[];
  hangsUp(): Promise<void>;
}

/** An established leg of a phone. */
export const legOf = (name: string): Ended => {
  let settle: () => void = () => undefined;
  const ended = new Promise<undefined>((resolve) => {
    settle = () => resolve(undefined);
  });
  const endings: EndReason[] = [];
  return {
    ...{ dialogId: name, ids: idsOf(name), ended, endings },
    end: async (reason) => {
      endings.push(reason);
      settle();
    },
    change: async () => ({ ok: true, sdp: `offer of ${name}`, acknowledge: () => undefined }),
    hangsUp: async () => {
      settle();
      await quiet();
    },
  };
};

/** An endpoint that remembers what was done with it. */
export interface FakeEndpoint extends Endpoint {
  readonly did: string[];
  /** Whom it listens to, and how; undefined if it listens to nobody. */
  hears: { other: Endpoint; mode: ListenMode } | undefined;
  presses(digit: string): void;
  isLost(): void;
}

/** What the fake media server may do wrong. */
export interface MediaFaults {
  isUp: boolean;
  opens: boolean;
  listens: boolean;
  sets: boolean;
  changes: boolean;
}

const endpointOf = (id: string, server: string, faults: MediaFaults): FakeEndpoint => {
  let settle: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let isGone = false;
  const digits = new Set<(digit: string) => void>();
  const lose = () => {
    isGone = true;
    settle();
  };
  const endpoint: FakeEndpoint = {
    ...{ id, server, sdp: `sdp of ${id}`, gone, did: [], hears: undefined },
    get isGone() {
      return isGone;
    },
    change: async (offer) => {
      endpoint.did.push(`change ${offer}`);
      return faults.changes ? `answer of ${id}` : undefined;
    },
    bridge: async () => true,
    park: async () => undefined,
    play: async () => undefined,
    hush: async () => undefined,
    overlay: async (sound) => void endpoint.did.push(sound),
    listenTo: async (other, mode) => {
      if (!faults.listens) return undefined;
      const hears = { other, mode };
      endpoint.hears = hears;
      let stop: () => void = () => undefined;
      const stopped = new Promise<void>((resolve) => {
        stop = resolve;
      });
      const over = Promise.race([stopped, other.gone, gone]).then(() => {
        if (endpoint.hears === hears) endpoint.hears = undefined;
      });
      const listening: Listening = {
        over,
        setMode: async (mode) => {
          if (faults.sets) hears.mode = mode;
          return faults.sets;
        },
        stop: async () => stop(),
      };
      return listening;
    },
    onDigit: (listener) => {
      digits.add(listener);
      return () => void digits.delete(listener);
    },
    release: async () => lose(),
    presses: (digit) => {
      for (const listener of digits) listener(digit);
    },
    isLost: lose,
  };
  return endpoint;
};

/** The company of these stories: Carol may do everything to Alice and Bob, Dave to nobody. */
export const company = (more: object = {}): Tenant =>
  companyOf({
    extensions: {
      '100': { name: 'Alice Adams' },
      '101': { name: 'Bob Brown' },
      '102': { name: 'Carol Clark' },
      '103': {},
      '104': {},
    },
    callControl: {
      groups: { desk: ['100', '101', '102'] },
      eavesdrop_102: ['desk'],
      whisper_102: ['desk'],
      barge_102: ['desk'],
      eavesdrop_104: ['desk'],
    },
    ...more,
  });

/** Alice and Bob talk; what becomes of a supervisor is seen from all sides. */
export const supervising = (own: Tenant = company()) => {
  let tenant = own;
  const faults: MediaFaults = { isUp: true, opens: true, listens: true, sets: true, changes: true };
  const said: string[] = [];
  const told: string[] = [];
  const counted: string[] = [];
  const endpoints: FakeEndpoint[] = [];
  const asks: { refusal?: Refusal; waitsFor?: Gate; elsewhere?: BegunElsewhere } = {};
  const [there, focused]: [string[], string[]] = [[], []];
  const attached = new Map<Leg, AttachListener>();
  const count = { listening: 0, needs: 0 };
  const [anchors, supervisions, live] = [makeAnchors(), makeSupervisions(), makeLiveCalls()];
  const open = (name: string, server = 'fs') => {
    const made = endpointOf(name, server, faults);
    endpoints.push(made);
    return made;
  };
  const server = { next: 'fs' };
  const deps: SuperviseDeps = {
    ...{ live, anchors, supervisions, log: noting(said), tenant: () => tenant, newId: () => 'one' },
    anchoring: {
      need: async (leg) => {
        await asks.waitsFor?.passed;
        if (asks.refusal) return { ok: false, refusal: asks.refusal };
        for (const each of live.talks((side) => side.leg === leg).flatMap((side) => [side.leg, side.other])) {
          if (!anchors.endpointOf(each)) anchors.put(each, open(`${each.dialogId} on server`, server.next));
        }
        const endpoint = anchors.endpointOf(leg);
        if (!endpoint) return { ok: false, refusal: 'caller-gone' };
        count.needs += 1;
        return {
          ...{ ok: true, endpoint },
          leave: () => {
            count.needs -= 1;
          },
        };
      },
    },
    media: {
      get isUp() {
        return faults.isUp;
      },
      open: async ({ offer = 'none', beside }) =>
        faults.opens ? open(`supervisor with ${offer}`, beside?.server) : undefined,
    },
    elsewhere: async ({ mode, colleague }) => {
      there.push(`${mode} ${colleague}`);
      return asks.elsewhere ?? { ok: false, refusal: 'no-call' };
    },
    legs: {
      focus: async (leg, isFocus) => void focused.push(`${leg.dialogId} ${isFocus}`),
      attach: (leg, listener) => {
        attached.set(leg, listener);
        let isParted = false;
        void leg.ended.then(() => isParted || listener.ended());
        return {
          part: () => {
            isParted = true;
          },
        };
      },
    },
    news: {
      tell: async (call, what, { mode, supervisor, colleague }) =>
        void told.push(`${what} ${supervisor} ${mode} ${colleague} in ${call.id}`),
    },
    meter: {
      listening: (change) => {
        count.listening += change;
      },
      supervised: (act, outcome) => void counted.push(`${act} ${outcome}`),
    },
  };
  const supervise = makeSupervise(deps);
  const talk = (id: string, caller: [Extension, Ended], callee: [Extension, Ended], isPrivate = false) => {
    const record = {
      ...{ id: id as CallId, tenant: tenant.id, caller: caller[0], target: callee[0], owner: 'here' as InstanceId },
      ...{ callerName: '', callerNumber: caller[0], isAnonymous: false, isPrivate },
    };
    const callerParty = { name: '', number: caller[0], domain: 'acme.example', private: false };
    const incoming = { ...fakeCaller(caller[1].dialogId), ids: caller[1].ids, sipCallId: caller[1].ids.sipCallId };
    const call = liveCall({ record, tenant, caller: incoming, callerParty, log: deps.log });
    live.add(call);
    const remote = { name: '', number: '', domain: '', isAnonymous: false };
    const shown = { call: record.id, state: 'confirmed', remote, isHeld: false, isPrivate, since: 1 } as const;
    call.dialogs.show(caller[0], { ...shown, ...caller[1].ids, id: `${id}-caller`, direction: 'initiator' });
    call.dialogs.show(callee[0], { ...shown, ...callee[1].ids, id: `${id}-callee`, direction: 'recipient' });
    live.connected(call, { legs: [caller[1], callee[1]], joint: { part: () => undefined }, result: 'answered' });
    return call;
  };
  return {
    ...{
      there,
      focused,
      deps,
      live,
      anchors,
      supervisions,
      faults,
      said,
      told,
      counted,
      endpoints,
      attached,
      count,
      server,
      talk,
    },
    alice: legOf('alice'),
    bob: legOf('bob'),
    /** Asks for a place beside Bob; what the phone heard, and what became of it. */
    asks: (phone: FakeCaller, more: Partial<Supervising> = {}) =>
      supervise({ tenant, supervisor: carol, colleague: bob, mode: 'listen', leg: phone, ...more }),
    people: { alice, bob, carol },
    fault: asks,
    /** The company changes its rules. */
    becomes: (changed: Tenant) => {
      tenant = changed;
    },
    /** The endpoint of the supervisor that was made last. */
    ear: () => endpoints.filter(({ id }) => id.startsWith('supervisor')).at(-1) as FakeEndpoint,
    /** What is left of supervisions; empty when all is well. */
    left: async (): Promise<string[]> => {
      await quiet();
      const gauges = Object.entries({ ...count, supervisions: supervisions.size }).filter(([, value]) => value !== 0);
      const ears = endpoints.filter(({ id, isGone }) => id.startsWith('supervisor') && !isGone);
      return [...gauges.map(([name, value]) => `${name} is ${value}`), ...ears.map(({ id }) => `${id} is there`)];
    },
  };
};
