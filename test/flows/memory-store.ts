import type { CallId, ClaimToken } from '../../src/domain/names.js';
import type { Binding, CallRecord, CallStore, ClaimAsk, ClaimResult } from '../../src/flows/ports.js';
import type { Gate } from './parties.js';

interface Kept {
  record: CallRecord;
  state: 'trying' | 'ringing' | 'claimed' | 'connected';
  since: number;
  token?: ClaimToken;
}

/** The port in memory, which can be away, or slow at one method. */
export interface MemoryStore extends CallStore {
  readonly calls: Map<CallId, Kept>;
  readonly phones: Map<string, Binding[]>;
  /** Every change, in order. */
  readonly told: string[];
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
  const claim = ({ tenant, picker, extensions, token }: ClaimAsk): ClaimResult => {
    const candidates = [...calls.values()]
      .filter(
        ({ record, state }) => record.tenant === tenant && extensions.includes(record.target) && state !== 'trying',
      )
      .filter(({ state }) => state !== 'connected')
      .sort((a, b) => a.since - b.since);
    const free = candidates.find(({ record, state }) => state === 'ringing' && record.caller !== picker);
    if (!free) {
      const isOwn = candidates.length > 0 && candidates.every(({ record }) => record.caller === picker);
      return { ok: false, refusal: isOwn ? 'own-call' : candidates.length > 0 ? 'lost-race' : 'no-call' };
    }
    Object.assign(free, { state: 'claimed', token });
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
    away: false,
    slow: {},
    begin: async (record) => {
      await asked('begin');
      calls.set(record.id, { record, state: 'trying', since: 0 });
      return phones.get(record.target) ?? [];
    },
    ring: async ({ id }, { since }) => {
      await asked('ring');
      const kept = calls.get(id);
      if (kept?.state === 'trying') Object.assign(kept, { state: 'ringing', since });
    },
    legEnded: () => asked('legEnded'),
    claim: async (ask) => {
      await asked('claim');
      return claim(ask);
    },
    withdraw: async ({ token }) => {
      await asked('withdraw');
      for (const kept of calls.values()) if (holds(kept.record.id, token)) kept.state = 'ringing';
    },
    answer: async ({ id }) => {
      await asked('answer');
      const kept = calls.get(id);
      if (kept?.state === 'claimed' || kept?.state === 'connected') return false;
      if (kept) kept.state = 'connected';
      return true;
    },
    confirm: async ({ id }, token) => {
      await asked('confirm');
      const kept = holds(id, token);
      if (kept) kept.state = 'connected';
    },
    release: async (_tenant, id, token) => {
      await asked('release');
      const kept = holds(id, token);
      if (kept) kept.state = 'ringing';
    },
    end: async ({ id }) => {
      await asked('end');
      calls.delete(id);
    },
    renew: () => asked('renew'),
  };
  return store;
};
