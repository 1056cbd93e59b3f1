import type { Dialog } from '../domain/dialog.js';
import type { CallId } from '../domain/names.js';
import type { Refusal } from '../domain/outcome.js';
import type { WantedAct } from './act-by-rules.js';
import type { CallDirectory, KnownCall } from './call-directory.js';
import type { DialogsOf } from './supervise/elsewhere.js';

/** What looking for a call needs. */
export interface MeantCallDeps {
  readonly directory: Pick<CallDirectory, 'find'>;
  readonly dialogsOf: DialogsOf;
}

/** The answered call that is meant, or why it cannot be had; with its id if there is one. */
export type MeantCall = { ok: true; call: KnownCall } | { ok: false; refusal: Refusal; call?: CallId };

/**
 * Finds the answered call of an extension, wherever it is held; of several the one whose dialog began last. Its owner asks
 * all of this once more, of the legs. Rejects if the store cannot be reached.
 */
export const findMeantCall = async (
  { directory, dialogsOf }: MeantCallDeps,
  wanted: WantedAct,
  only: CallId | undefined,
): Promise<MeantCall> => {
  const { tenant, extension, by } = wanted;
  const [dialogs, own] = await Promise.all([extension, by].map((each) => dialogsOf(tenant.id, each)));
  const talks = (dialogs ?? []).filter(
    ({ state, call }) => state === 'confirmed' && (only === undefined || call === only),
  );
  for (const dialog of talks.sort((a, b) => b.since - a.since)) {
    const call = await directory.find(tenant.id, dialog.call);
    if (call?.state !== 'connected') continue;
    const refusal = refusalIn(wanted, { call, dialog, own: own ?? [] });
    return refusal ? { ok: false, refusal, call: call.id } : { ok: true, call };
  }
  return { ok: false, refusal: 'no-call' };
};

interface Found {
  readonly call: KnownCall;
  readonly dialog: Dialog;
  /** Those of who asks. */
  readonly own: readonly Dialog[];
}

/** One's own call may be taken over from another of the own phones, whatever it is. */
const refusalIn = ({ tenant, by, extension, act }: WantedAct, { call, dialog, own }: Found): Refusal | undefined => {
  if (act === 'steal' && by === extension) return undefined;
  if (own.some((each) => each.call === call.id)) return 'own-call';
  const isPrivate = call.isPrivate || dialog.isPrivate || tenant.extensions.get(extension)?.isPrivate === true;
  return isPrivate ? 'private-call' : undefined;
};
