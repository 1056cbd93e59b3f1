import type { Dialog, DialogState } from './dialog.js';
import type { Extension } from './names.js';
import type { Tenant } from './office.js';
import { decodeDialled, readDialled, type ServiceCodes } from './service-code.js';
import type { WatcherProfile } from './watcher-profile.js';

/** Whose dialogs a watcher looks at. */
export interface Sight {
  readonly tenant: Tenant;
  readonly extension: Extension;
  /** The watcher's extension is this one. */
  readonly isOwn: boolean;
  readonly profile: WatcherProfile;
}

/**
 * The dialogs that a watcher is shown, what matters most first: private ones only to the extension itself, and only one
 * to phones that cannot take several. An extension that became private shows no call from then on, not even those that
 * it picked up from others.
 */
export const shownDialogs = (dialogs: readonly Dialog[], { tenant, extension, isOwn, profile }: Sight): Dialog[] => {
  const isClosed = tenant.extensions.get(extension)?.isPrivate === true;
  const visible = dialogs.filter(({ isPrivate }) => isOwn || !(isPrivate || isClosed)).sort(byImportance);
  return profile.oneDialog ? visible.slice(0, 1) : visible;
};

/** What can be picked up comes before what is talked, that before what only begins; what is over comes last (D25). */
const rankOf = ({ state, direction }: Dialog): number =>
  state === 'early' && direction === 'recipient' ? 0 : ranks[state];

const ranks: Readonly<Record<DialogState, number>> = {
  confirmed: 1,
  early: 2,
  proceeding: 3,
  trying: 4,
  terminated: 5,
};

/** Of two that matter alike the older one counts, as for a group pickup; of two that are over the newer one. */
const byImportance = (a: Dialog, b: Dialog): number => {
  const older = a.since - b.since;
  return rankOf(a) - rankOf(b) || (a.state === 'terminated' ? -older : older);
};

/** The state that a watcher is shown: who hears it ring at the other end is busy to many phones (protocol.md D26). */
export const shownState = ({ state, direction }: Dialog, { callerConfirmed }: WatcherProfile): DialogState =>
  callerConfirmed && direction === 'initiator' && state === 'early' ? 'confirmed' : state;

/** Whether a phone of the extension rings with this dialog, so that somebody may pick it up. */
export const rings = ({ state, direction }: Dialog): boolean =>
  direction === 'recipient' && state !== 'confirmed' && state !== 'terminated';

/**
 * What a phone dials to pick up the calls of an extension: the first pickup code that, with the number behind it, is
 * read as that. Undefined if the company has none.
 */
export const directedPickup = (codes: ServiceCodes, extension: Extension): string | undefined =>
  codes.pickup
    ?.map((code) => `${code}${extension}`)
    .find((dialled) => {
      const read = readDialled(decodeDialled(dialled) ?? '', codes);
      return read.kind === 'service' && read.service === 'pickup' && read.rest === extension;
    });
