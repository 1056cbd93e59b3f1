import type { DialogChange } from '../../src/domain/dialog.js';
import type { CallId, ClaimToken, Extension } from '../../src/domain/names.js';
import { bestFirst } from '../../src/domain/selection.js';
import type { Binding, CallRecord, CallStore, ClaimAsk, ClaimResult, PickedUp } from '../../src/flows/ports.js';
import type { Gate } from './parties.js';

/** A call as it is kept. */
export interface Kept {
  record: CallRecord;
  state: 'trying' | 'ringing' | 'claimed' | 'connected';
  since: number;
  /** Where a group's call is found that is not named. */
  at?: readonly Extension[];
  token?: ClaimToken;
  picker?: Extension;
  /** By whom it was taken, and how. */
  by?: PickedUp;
}

/** Why a picker cannot have this call; undefined if it can be had. */
const noTo = ({ record, state }: Kept, picker: Extension): 'own-call' | 'private-call' | 'lost-race' | undefined => {
  if (record.caller === picker) return 'own-call';
  if (record.isPrivate && record.target !== picker) return 'private-call';
  return state === 'ringing' ? undefined : 'lost-race';
};

/** The port in memory, which can be away, or slow at one method. */
export interface MemoryStore extends CallStore {
  readonly calls: Map<CallId, Kept>;
  readonly phones: Map<string, Binding[]>;
  /** Every change, in order. */
  readonly told: string[];
  /** What was noted of dialogs, in order. */
  readonly shown: DialogChange[];
  away: boolean;
  slow: Partial<Record<keyof CallStore, Gate>>;
}

/** An empty store. Its rules are those that the contract test asks of Redis. */
export const memoryStore = (): MemoryStore => {
  const calls = new Map<CallId, Kept>();
  const phones = new Map<string, Binding[]>();
  const asked = async (method: keyof CallStore): Promise<void> => {
    if (store.away) throw new Error('store away');
    await store.slow[method]?.passed;
    store.told.push(method);
  };
  const claim = ({ tenant, picker, call, token, ...wanted }: ClaimAsk): ClaimResult => {
    const there = [...calls.values()]
      .filter(({ record }) => record.tenant === tenant)
      .filter(({ record, state }) => state !== 'trying' && (call ? record.id === call : state !== 'connected'))
      .map((kept) => ({ ...kept.record, ...(!call && kept.at && { ringsAt: kept.at }), startedAt: kept.since, kept }));
    const candidates = bestFirst(there, wanted).map(({ kept }) => kept);
    const free = candidates.find((kept) => noTo(kept, picker) === undefined);
    if (!free) {
      const reasons = new Set(candidates.map((kept) => noTo(kept, picker)));
      const worst = (['lost-race', 'private-call', 'own-call'] as const).find((reason) => reasons.has(reason));
      return { ok: false, refusal: worst ?? 'no-call' };
    }
    Object.assign(free, { state: 'claimed', token, picker });
    const { id, owner, target } = free.record;
    return { ok: true, claim: { call: id, owner, target, token, ringingSince: free.since } };
  };
  const holds = (id: CallId, token: ClaimToken): Kept | undefined => {
    const kept = calls.get(id);
    return kept?.state === 'claimed' && kept.token === token ? kept : undefined;
  };
  const store: MemoryStore = {
    calls,
    phones,
    told: [],
    shown: [],
    away: false,
    slow: {},
    begin: async (record, dialogs) => {
      await asked('begin');
      store.shown.push(...dialogs);
      calls.set(record.id, { record, state: 'trying', since: 0 });
      return phones.get(record.target) ?? [];
    },
    ring: async (record, since, dialogs) => {
      await asked('ring');
      const kept = calls.get(record.id);
      if (kept && record.ringsAt) Object.assign(kept, { record, at: record.ringsAt });
      if (kept && kept.state !== 'connected') store.shown.push(...dialogs);
      if (kept?.state === 'trying') Object.assign(kept, { state: 'ringing', since });
    },
    left: async ({ id }, extensions) => {
      await asked('left');
      const kept = calls.get(id);
      if (kept?.at) kept.at = kept.at.filter((each) => !extensions.includes(each));
    },
    note: async ({ id }, dialogs) => {
      if (dialogs.length === 0) return;
      await asked('note');
      if (calls.has(id)) store.shown.push(...dialogs);
    },
    claim: async (ask) => {
      await asked('claim');
      return claim(ask);
    },
    withdraw: async ({ token }) => {
      await asked('withdraw');
      for (const kept of calls.values()) if (holds(kept.record.id, token)) kept.state = 'ringing';
    },
    answer: async ({ id }, by) => {
      await asked('answer');
      const kept = calls.get(id);
      if (kept?.state === 'claimed' || kept?.state === 'connected') return false;
      if (kept) Object.assign(kept, { state: 'connected', record: { ...kept.record, ...(by && { target: by }) } });
      return true;
    },
    confirm: async ({ id }, { token, ...by }, dialogs) => {
      await asked('confirm');
      if (calls.has(id)) store.shown.push(...dialogs);
      const kept = holds(id, token);
      if (kept) Object.assign(kept, { state: 'connected', by });
    },
    stolen: async ({ id }, _by, dialogs) => {
      await asked('stolen');
      if (calls.get(id)?.state === 'connected') store.shown.push(...dialogs);
    },
    release: async (_tenant, id, token) => {
      await asked('release');
      const kept = holds(id, token);
      if (kept) kept.state = 'ringing';
    },
    waits: async ({ id }) => {
      await asked('waits');
      const state = calls.get(id)?.state;
      return state === 'ringing' || state === 'claimed';
    },
    end: async ({ id }, _result, dialogs) => {
      await asked('end');
      store.shown.push(...dialogs);
      calls.delete(id);
    },
    renew: () => asked('renew'),
  };
  return store;
};
