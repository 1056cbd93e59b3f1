import { type CallHistory, type CallTaking, ringSeconds, talkSeconds } from '../../domain/call-history.js';
import type { CallId, TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { decide } from '../../domain/policy.js';
import { calleesOf } from '../callees.js';
import type { CallRecord, CallResult, CallStore, Log, PickedUp } from '../ports.js';
import { callFacts } from './call-facts.js';
import { type CallNotes, historyOf } from './call-notes.js';

/** What recording calls needs. */
export interface RecordCallsDeps {
  readonly calls: CallStore;
  readonly tenant: (id: TenantId) => Tenant | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Pick<Log, 'info'>;
}

/**
 * A store that notes what happens to the calls of this instance on its way, and tells the whole of it when a call ends: one
 * line of the log, and the history that goes out with the event. A store that is away loses neither line nor call.
 */
export const recordCalls = (deps: RecordCallsDeps): CallStore => {
  const { calls, now } = deps;
  const open = new Map<CallId, CallNotes>();
  return {
    ...calls,
    begin: (call, ...rest) => {
      const { target, group } = call;
      open.set(call.id, { target, ...(group !== undefined && { group }), began: now(), moves: [] });
      return calls.begin(call, ...rest);
    },
    ring: (call, since, dialogs) => {
      const notes = open.get(call.id);
      if (notes) notes.ringing ??= since;
      return calls.ring(call, since, dialogs);
    },
    answer: (call, by) => {
      const notes = open.get(call.id);
      if (notes) notes.callee = { answered: now(), extension: by ?? call.target };
      return calls.answer(call, by);
    },
    confirm: (call, by, dialogs) => {
      const notes = open.get(call.id);
      if (notes) notes.taken = takingOf(deps, call, { ...by, act: 'pickup' });
      return calls.confirm(call, by, dialogs);
    },
    stolen: (call, by, dialogs) => {
      open.get(call.id)?.moves.push(takingOf(deps, call, { ...by, act: 'steal' }));
      return calls.stolen(call, by, dialogs);
    },
    end: (call, result, dialogs) => {
      const notes = open.get(call.id);
      open.delete(call.id);
      if (!notes) return calls.end(call, result, dialogs);
      const history = historyOf(notes, result, now());
      deps.log.info(lineOf(call, result, history), 'call record');
      return calls.end({ ...call, history }, result, dialogs);
    },
  };
};

interface Act extends PickedUp {
  readonly act: 'pickup' | 'steal';
}

/** Of a group's call it was that member's whose calls a group lets the picker take. */
const takingOf = (deps: RecordCallsDeps, call: CallRecord, by: Act): CallTaking => {
  const tenant = deps.tenant(call.tenant);
  const callees = by.from === undefined ? calleesOf(call) : [by.from];
  const all = callees.map((from) => ({ from, group: groupOf(tenant, { ...by, from }) }));
  const { from, group } = all.find((each) => each.group !== undefined) ?? all[0] ?? { from: call.target };
  return { at: deps.now(), picker: by.picker, from, method: by.method, ...(group !== undefined && { group }) };
};

/** The group whose rule allowed it, by the rules as they are now. */
const groupOf = (tenant: Tenant | undefined, taking: Act & Pick<CallTaking, 'from'>): string | undefined => {
  if (!tenant) return undefined;
  const { picker, act, method, from: number } = taking;
  const by = method === 'group' ? 'group' : 'number';
  const decision = decide({ tenant, picker, act, by, target: { kind: 'extension', number } });
  return decision.ok ? decision.grant.group : undefined;
};

/** One line tells the call: who has to bill or to explain it reads nothing else. Of a caller what others may be shown. */
const lineOf = (call: CallRecord, result: CallResult, history: CallHistory): object => {
  const { target, began, answeredBy, taken, moves } = history;
  return {
    ...callFacts(call),
    ...{ target, result },
    ...{ group: taken?.group ?? history.group, picker: taken?.picker, method: taken?.method },
    ...{ answeredBy, began: new Date(began).toISOString() },
    ...{ ringSeconds: ringSeconds(history), talkSeconds: talkSeconds(history) },
    ...(moves.length > 0 && { moves }),
  };
};
