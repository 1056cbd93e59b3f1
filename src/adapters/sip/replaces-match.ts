import type { Dialog, DialogIds } from '../../domain/dialog.js';
import type { Leniency } from '../../domain/leniency.js';
import type { Wanted } from './replaces-wanted.js';

/**
 * Compares what is wanted with the dialog that has its Call-ID: all that has to be overlooked for the two to match, nothing
 * if they match by RFC 3891 section 3; undefined if this is not the dialog that was meant.
 */
export const overlooked = ({ tags, by }: Wanted, dialog: Dialog): readonly Leniency[] | undefined => {
  // Nothing has rung yet: nobody can have been told of a dialog, and there is nothing to take (docs/decisions/0005).
  if (dialog.state === 'trying') return undefined;
  const swapped = tags && !isMeant(tags, dialog);
  if (swapped && !isMeant({ toTag: tags.fromTag, fromTag: tags.toTag }, dialog)) return undefined;
  return [
    ...by,
    ...(swapped ? (['swapped-tags'] as const) : []),
    ...(isCallersOwn(dialog) ? (['caller-dialog'] as const) : []),
  ];
};

/**
 * To-tag is our tag and from-tag the phone's, both whole (RFC 3891 section 3). A tag of `0` also stands for a phone that
 * has not said its tag (section 6.1, RFC 2543).
 */
const isMeant = (
  { toTag, fromTag }: NonNullable<Wanted['tags']>,
  { remoteTag, localTag }: Pick<DialogIds, 'remoteTag' | 'localTag'>,
): boolean => toTag === remoteTag && (fromTag === localTag || (fromTag === '0' && !localTag));

/** An early dialog that we did not begin cannot be replaced by RFC 3891 section 3; it still names the call. */
const isCallersOwn = ({ direction, state }: Dialog): boolean => direction === 'initiator' && state !== 'confirmed';
