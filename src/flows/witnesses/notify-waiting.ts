import type { CallId, Extension, TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { isQuietAt } from '../../domain/waiting-notice.js';
import { calleesOf } from '../callees.js';
import type { LiveCalls } from '../live-calls.js';
import { extensionParty } from '../party.js';
import type { CallRecord, CallStore, Log } from '../ports.js';
import type { Messages } from '../texts/messages.js';
import { writeToEach } from '../texts/write-to-each.js';
import type { Clock } from '../watch/clock.js';
import {
  listenersOf,
  shownBy,
  type TellingGroup,
  tellingGroups,
  type WaitingCall,
  waitingText,
} from './waiting-notices.js';

/** What telling colleagues of a call that waits needs. */
export interface NotifyWaitingDeps {
  readonly calls: CallStore;
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly live: Pick<LiveCalls, 'get'>;
  readonly messages: Messages;
  readonly clock: Clock;
  /** Milliseconds since 1970: quiet hours go by it. */
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
}

/** A group's time goes on; it came while nobody of the group had the call ringing, as between two turns of a hunt; it is past. */
type Notice = 'to-come' | 'due' | 'past';

/** One call that rings: which groups are to be told, how to have them not told, and who has been. */
interface Waiting {
  readonly groups: Map<TellingGroup['key'], Notice>;
  readonly cancels: (() => void)[];
  readonly told: Set<Extension>;
}

/**
 * A store that has the people of a group told of a call that rings for longer than the group wants to wait: an event, and
 * a text to their phones. It acts beside the call, which waits for nothing of it.
 */
export const notifyWaiting = (deps: NotifyWaitingDeps): CallStore => {
  const { calls } = deps;
  const waiting = new Map<CallId, Waiting>();
  const over = (id: CallId): void => {
    for (const cancel of waiting.get(id)?.cancels ?? []) cancel();
    waiting.delete(id);
  };
  return {
    ...calls,
    ring: (call, since, dialogs) => {
      const known = waiting.get(call.id) ?? { groups: new Map(), cancels: [], told: new Set() };
      waiting.set(call.id, known);
      plan(deps, call, known);
      return calls.ring(call, since, dialogs);
    },
    confirm: (call, by, dialogs) => {
      over(call.id);
      return calls.confirm(call, by, dialogs);
    },
    end: (call, result, dialogs) => {
      over(call.id);
      return calls.end(call, result, dialogs);
    },
  };
};

/** Each group's time begins when the first of its phones rings. Nobody is told of a call that nobody may take. */
const plan = (deps: NotifyWaitingDeps, call: CallRecord, waiting: Waiting): void => {
  const tenant = deps.tenant(call.tenant);
  if (!tenant || call.isPrivate) return;
  for (const { key, notify } of calleesOf(call).flatMap((callee) => tellingGroups(tenant, callee))) {
    const notice = waiting.groups.get(key);
    if (notice === 'to-come' || notice === 'past') continue;
    waiting.groups.set(key, 'to-come');
    const act = () => void tell(deps, { id: call.id, tenant: call.tenant, key, waiting });
    waiting.cancels.push(deps.clock.after(notice === 'due' ? 0 : notify.after * 1000, act));
  }
};

interface Telling {
  readonly id: CallId;
  readonly tenant: TenantId;
  /** The group's. */
  readonly key: string;
  readonly waiting: Waiting;
}

/** By the rules as they are at that moment; who is in two groups is told once. Never rejects. */
const tell = async (deps: NotifyWaitingDeps, telling: Telling): Promise<void> => {
  const { id, key, waiting } = telling;
  const tenant = deps.tenant(telling.tenant);
  const waits = tenant && stillWaits(deps, tenant, telling);
  waiting.groups.set(key, waits ? 'past' : 'due');
  if (!tenant || !waits || isQuiet(deps, waits.group)) return;
  const shown = shownBy(waits.call, waits.group.notify.shows);
  if (!(await stillRings(deps, shown, waits.group)) || !stillWaits(deps, tenant, telling)) return;
  const listeners = listenersOf(tenant, waits).filter((each) => !waiting.told.has(each));
  for (const each of listeners) waiting.told.add(each);
  const text = waitingText(tenant, { call: shown, callee: waits.callee });
  const message = { from: extensionParty(tenant, waits.callee, false), text };
  await writeToEach(listeners, (listener) =>
    deps.messages
      .send(tenant, listener, message)
      .catch((error) => deps.log.warn({ callId: id, listener, error: String(error) }, 'member not told')),
  );
};

const isQuiet = ({ now }: NotifyWaitingDeps, { notify: { quiet } }: TellingGroup): boolean =>
  quiet !== undefined && isQuietAt(quiet, now());

/** The call as it is now, if somebody of the group has it ringing; a hunt may have gone on to others. */
const stillWaits = (
  { live }: NotifyWaitingDeps,
  tenant: Tenant,
  { id, key }: Pick<Telling, 'id' | 'key'>,
): WaitingCall | undefined => {
  const call = live.get(id);
  if (!call || call.isOver) return undefined;
  for (const callee of calleesOf(call.record)) {
    const group = tellingGroups(tenant, callee).find((each) => each.key === key);
    if (group) return { call: call.record, group, callee };
  }
  return undefined;
};

/** The event goes out in the step in which the store looks; a store that is away leaves it to the phones. */
const stillRings = async (deps: NotifyWaitingDeps, call: CallRecord, group: TellingGroup): Promise<boolean> => {
  try {
    return await deps.calls.waits(call, { group: group.name, seconds: group.notify.after });
  } catch (error) {
    deps.log.warn({ callId: call.id, error: String(error) }, 'store did not follow');
    return true;
  }
};
