import type { Dialog, DialogIds, OtherParty } from '../../domain/dialog.js';
import { domainOf } from '../../domain/office.js';
import { wantsNoCalls } from '../../domain/presence.js';
import { directedPickup, rings, type Sight, shownDialogs, shownState } from '../../domain/shown-dialog.js';
import type { Sees } from '../../domain/watching.js';
import { uriUser } from './headers.js';

/** The dialogs of an extension as some watchers see them. */
export interface DialogView extends Sight {
  /** The address that the watchers subscribed to, in their own spelling: phones compare it as text (protocol.md D15). */
  readonly entity: string;
  readonly sees: Sees;
  /** Those that are open, and those that are just over. */
  readonly dialogs: readonly Dialog[];
}

/** What a document says of one end of a dialog (RFC 4235 section 4.1.6). */
export interface Participant {
  readonly identity?: string;
  readonly display?: string;
  readonly target: string;
  /** It has put the other one on hold (RFC 4235 section 5.2). */
  readonly isHolding?: boolean;
}

/** What a document says of one dialog (RFC 4235 section 4.1.1). */
export interface Line extends Pick<Dialog, 'id' | 'state' | 'event' | 'code' | 'replaces'> {
  readonly direction?: Dialog['direction'];
  readonly ids?: DialogIds;
  readonly local?: Participant;
  readonly remote?: Participant;
}

/** What a document says. */
export interface Page {
  readonly entity: string;
  readonly lines: readonly Line[];
}

/** What the document of a view says, before it is known whether all of that fits. */
export const pageOf = (view: DialogView): Page => {
  const lines = shownDialogs(view.dialogs, view).map((dialog) => lineOf(dialog, view));
  if (lines.every(isOver) && isLeftInPeace(view)) return { entity: view.entity, lines: besidePeace(lines, view) };
  const isEmpty = lines.length === 0 && view.profile.idleDialog;
  return { entity: view.entity, lines: isEmpty ? [{ id: view.extension, state: 'terminated' }] : lines };
};

const isOver = ({ state }: Line): boolean => state === 'terminated';

const isLeftInPeace = ({ profile, tenant, extension }: DialogView): boolean =>
  profile.dndConfirmed && wantsNoCalls(tenant, extension);

/** A dialog of its own that lights the key. Its id is never shown as terminated: what is over does not come back (D8). */
const besidePeace = (lines: readonly Line[], { extension, profile }: DialogView): Line[] => {
  const peace: Line = { id: `${extension}-dnd`, state: 'confirmed' };
  return profile.oneDialog ? [peace] : [peace, ...lines];
};

/** The address of the extension that is watched. */
export const ownAddress = ({ tenant, extension }: Pick<DialogView, 'tenant' | 'extension'>): string =>
  addressOf(extension, domainOf(tenant));

const lineOf = (dialog: Dialog, view: DialogView): Line => {
  const { id, direction, event, code, replaces } = dialog;
  const hasEnded = dialog.state === 'terminated';
  return {
    id,
    direction,
    state: shownState(dialog, view.profile),
    ...(hasEnded && event !== undefined && { event }),
    ...(hasEnded && code !== undefined && { code }),
    local: localOf(dialog, view),
    ...(view.sees !== 'state' && { ids: dialog, ...(replaces && { replaces }) }),
    ...(showsOtherParty(dialog, view) && { remote: remoteOf(dialog, view) }),
  };
};

const showsOtherParty = (dialog: Dialog, { sees }: DialogView): boolean =>
  sees === 'all' || (sees === 'callers' && rings(dialog));

const localOf = ({ isHeld }: Dialog, view: DialogView): Participant => {
  const address = ownAddress(view);
  const name = view.tenant.extensions.get(view.extension)?.name ?? '';
  return { identity: address, display: name, target: address, isHolding: isHeld };
};

const remoteOf = (dialog: Dialog, { tenant, extension, profile }: DialogView): Participant => {
  const { identity, display } = shownParty(dialog.remote);
  const code = profile.remoteTarget === 'code' && rings(dialog) ? directedPickup(tenant.codes, extension) : undefined;
  return { identity, display, target: code === undefined ? identity : addressOf(code, domainOf(tenant)) };
};

/** Who does not want to be known has neither name nor number (RFC 3323 section 4.1, protocol.md D27). */
const shownParty = ({ isAnonymous, name, number, domain }: OtherParty): { identity: string; display: string } =>
  isAnonymous
    ? { identity: 'sip:anonymous@anonymous.invalid', display: 'Anonymous' }
    : { identity: addressOf(number, domain), display: name };

const addressOf = (number: string, domain: string): string => {
  const user = uriUser(number);
  return user === '' ? `sip:${domain}` : `sip:${user}@${domain}`;
};
