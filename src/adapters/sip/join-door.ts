import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import type { DialogDirectory, FoundDialog } from '../../flows/dialog-directory.js';
import type { ListenMode } from '../../flows/media.js';
import { listenModes } from '../../flows/media.js';
import type { IncomingLeg, Log, Party } from '../../flows/ports.js';
import { refusalOfWish } from '../../flows/supervise/judge.js';
import { type Replaces, readReplaces } from './replaces.js';
import type { LiveDialog } from './replaces-find.js';
import { overlooked } from './replaces-match.js';
import type { RefusePickup, Reply } from './replies.js';
import type { Supervise } from './supervise-code.js';

/** The header by which a phone, or the edge, says how it joins: {@link listenModes}; without it, it enters. */
export const modeHeader = 'X-Pickup-Mode';

/** A phone that names the dialog whose call it wants to take part in (INVITE with Join, RFC 3911). */
export interface JoinCall {
  readonly value: string;
  readonly mode: string | undefined;
  readonly tenant: Tenant;
  readonly supervisor: Extension;
  readonly party: Party;
  readonly leg: IncomingLeg;
}

/** What the door needs. */
export interface JoinDeps {
  readonly dialogs: DialogDirectory;
  readonly supervise: Supervise;
  readonly refuse: RefusePickup;
  /** Counts a request that got no further, by a reason of a closed set. */
  readonly rejected: (reason: string) => void;
  readonly log: Log;
}

/** The door of INVITEs with Join. */
export const makeJoinDoor =
  (deps: JoinDeps) =>
  async (call: JoinCall): Promise<void> => {
    const { value, leg } = call;
    const [wanted, mode] = [readReplaces(value), modeIn(call.mode)];
    if (!wanted || !mode) {
      deps.rejected('bad-join');
      return leg.refuse(400, mode ? 'Bad Join' : 'Bad Mode');
    }
    const found = await find(deps, call, wanted);
    const refusal = 'refusal' in found ? found.refusal : await enter(deps, call, { found, mode });
    if (refusal) await deps.refuse({ tenant: call.tenant, leg, refusal, reply: words[refusal] });
  };

/** Knowing a dialog is no permission: the policy is asked as for a code (DESIGN 3.4), and before what the dialog does. */
const enter = async (
  { supervise }: JoinDeps,
  { tenant, supervisor, party, leg }: JoinCall,
  { found: { extension: colleague, dialog, owner }, mode }: { found: LiveDialog; mode: ListenMode },
): Promise<Refusal | undefined> => {
  const refusal = refusalOfWish({ tenant, supervisor, colleague, mode });
  if (refusal) return refusal;
  // Who rings can be picked up, not joined (protocol.md J6).
  if (dialog.state !== 'confirmed') return 'no-call';
  const there = { colleague, call: dialog.call, ids: dialog, owner };
  const taken = await supervise({ tenant, supervisor, party, mode, leg, ...there });
  // It was answered a moment ago, so it is over by now.
  return taken.ok ? undefined : taken.refusal === 'no-call' ? 'dialog-ended' : taken.refusal;
};

/** Undefined for what is no mode; a plain Join enters the call (protocol.md J13). */
const modeIn = (text = 'barge'): ListenMode | undefined =>
  listenModes.find((mode) => mode === text.trim().toLowerCase());

/** The same strict match as for Replaces (RFC 3911 section 4), but in either direction; of this company only. */
const find = async (
  { dialogs, log }: JoinDeps,
  { tenant }: JoinCall,
  { callId, toTag, fromTag }: Replaces,
): Promise<LiveDialog | { refusal: Refusal }> => {
  let found: FoundDialog | undefined;
  try {
    found = await dialogs.find(tenant.id, callId);
  } catch (error) {
    log.warn({ error: String(error) }, 'store away, nobody joined');
    return { refusal: 'store-unreachable' };
  }
  if (found?.kind === 'ended') return { refusal: 'dialog-ended' };
  const by = found && overlooked({ callId, tags: { toTag, fromTag }, earlyOnly: false, by: [] }, found.dialog);
  return found && by?.every((how) => how === 'caller-dialog') ? found : { refusal: 'no-such-dialog' };
};

/** Where Join and Replaces have different words for the same no. */
const words: Readonly<Partial<Record<Refusal, Reply>>> = {
  'no-such-dialog': { status: 481, phrase: 'No Such Dialog To Join' },
  'no-call': { status: 480, phrase: 'No Answered Call To Join' },
};
