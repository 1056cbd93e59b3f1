import type { Leniency } from '../../domain/leniency.js';
import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import type { DialogDirectory, FoundDialog } from '../../flows/dialog-directory.js';
import type { Log } from '../../flows/ports.js';
import { overlooked } from './replaces-match.js';
import type { Wanted } from './replaces-wanted.js';

/** A dialog that is not over. */
export type LiveDialog = Extract<FoundDialog, { kind: 'dialog' }>;

/** What finding a dialog needs. */
export interface FindDeps {
  readonly dialogs: DialogDirectory;
  /** Counts what a company overlooked, or could have overlooked. */
  readonly lenientReplaces: (how: Leniency, outcome: 'used' | 'refused') => void;
  readonly log: Log;
}

/** Who asks for a dialog. */
export interface Asker {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly sipCallId: string;
  readonly userAgent: string | undefined;
}

/** What was found; `bad` is a value that is none for this company. */
export type Found = { kind: 'live'; found: LiveDialog } | { kind: 'no'; refusal: Refusal } | { kind: 'bad' };

/**
 * Finds the dialog that is wanted, of this company only: as RFC 3891 section 3 says, or with the leniencies that the
 * company has switched on. One that it has not is as good as no match, but told, so that somebody can switch it on.
 */
export const findWanted = async (deps: FindDeps, asker: Asker, wanted: Wanted): Promise<Found> => {
  const isAllowed = (how: Leniency) => asker.tenant.leniencies.has(how);
  const isRead = wanted.by.every(isAllowed);
  let found: FoundDialog | undefined;
  try {
    found = await deps.dialogs.find(asker.tenant.id, wanted.callId);
  } catch (error) {
    deps.log.warn({ error: String(error) }, 'store away, no pickup');
    return isRead ? no('store-unreachable') : bad;
  }
  const by = found?.kind === 'dialog' ? overlooked(wanted, found.dialog) : undefined;
  if (by) tell(deps, asker, by);
  if (!isRead || (!by && !wanted.tags)) return bad;
  if (found?.kind === 'ended') return no('dialog-ended');
  return found && by?.every(isAllowed) ? { kind: 'live', found } : no('no-such-dialog');
};

const no = (refusal: Refusal): Found => ({ kind: 'no', refusal });

const bad: Found = { kind: 'bad' };

/** A User-Agent may be as long as its phone likes. */
const mostLetters = 120;

const tell = (deps: FindDeps, { tenant, picker, sipCallId, userAgent = '' }: Asker, by: readonly Leniency[]): void => {
  const off = by.filter((how) => !tenant.leniencies.has(how));
  const [hows, outcome] = off.length > 0 ? [off, 'refused' as const] : [by, 'used' as const];
  if (hows.length === 0) return;
  for (const how of hows) deps.lenientReplaces(how, outcome);
  const facts = { tenant: tenant.id, picker, sipCallId, userAgent: userAgent.slice(0, mostLetters) };
  deps.log.info({ ...facts, how: hows, outcome }, 'lenient Replaces');
};
