import type { CallId, InstanceId, TenantId } from '../../domain/names.js';
import type { CallDirectory, KnownCall } from '../call-directory.js';
import type { CallRecord, Log } from '../ports.js';
import { callFacts } from './call-facts.js';

/** Which instances there are. Rejects if the store cannot be reached. */
export interface Instances {
  /** Those that have stopped telling that they are there, without a farewell. */
  gone(): Promise<InstanceId[]>;
  isThere(instance: InstanceId): Promise<boolean>;
  /** Their calls have been looked at. */
  forget(instance: InstanceId): Promise<void>;
}

/** The store, for calls that nobody ends. */
export interface LostCalls {
  /** Tells that a call is over, once for all instances, unless its lease still runs. Rejects if the store is away. */
  end(call: CallRecord): Promise<'lost' | 'told' | 'held'>;
}

/** What finding lost calls needs. */
export interface FindLostCallsDeps {
  readonly instances: Instances;
  readonly directory: Pick<CallDirectory, 'list'>;
  readonly lost: LostCalls;
  readonly companies: () => Iterable<TenantId>;
  readonly self: InstanceId;
  /** When this instance began, in milliseconds since 1970: what it does not hold and is older was an earlier life's. */
  readonly began: number;
  /** This instance holds the call. */
  readonly holds: (call: CallId) => boolean;
  /** Has whoever else wants to know of it told. */
  readonly tell: (call: CallRecord) => void;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Looks for calls whose instance was killed: it wrote no record of them and told nobody that they are over. Every instance
 * looks, now and then; the first to see the lease of a call run out does both. Never rejects.
 */
export const makeFindLostCalls = (deps: FindLostCallsDeps): (() => Promise<void>) => {
  const suspects = new Map<CallId, KnownCall>();
  let isFirst = true;
  return async () => {
    try {
      await findSuspects(deps, suspects, isFirst);
      isFirst = false;
      for (const call of suspects.values()) if (await isSettled(deps, call)) suspects.delete(call.id);
    } catch (error) {
      deps.log.warn({ error: String(error) }, 'lost calls not looked for');
    }
  };
};

/** The calls of instances that are gone; at first those of an earlier life of this one, too. */
const findSuspects = async (
  { instances, directory, companies, self, began, holds }: FindLostCallsDeps,
  suspects: Map<CallId, KnownCall>,
  isFirst: boolean,
): Promise<void> => {
  const gone = new Set(await instances.gone());
  if (gone.size === 0 && !isFirst) return;
  for (const company of companies()) {
    for (const call of await directory.list(company)) {
      const isEarlier = call.owner === self && call.startedAt < began && !holds(call.id);
      if (gone.has(call.owner) || isEarlier) suspects.set(call.id, call);
    }
  }
  for (const instance of gone) await instances.forget(instance);
};

/** True if there is nothing to do for a call any more: it is told, or its owner has come back and does so itself. */
const isSettled = async (deps: FindLostCallsDeps, known: KnownCall): Promise<boolean> => {
  const { instances, lost, self, tell, log } = deps;
  if (known.owner !== self && (await instances.isThere(known.owner))) return true;
  const call: CallRecord = { ...known, caller: known.caller ?? '' };
  const became = await lost.end(call);
  if (became === 'lost') {
    log.info({ ...callFacts(call), ...whatIsKnown(known) }, 'call record');
    tell(call);
  }
  return became !== 'held';
};

/** When it ended is not known, so no time is told that somebody might pay for. */
const whatIsKnown = ({ owner, target, group, picker, startedAt, answeredAt }: KnownCall): object => ({
  ...{ target: group ?? target, result: 'lost', owner, began: new Date(startedAt).toISOString() },
  ...(answeredAt !== undefined && { picker, answeredBy: picker ?? target }),
});
