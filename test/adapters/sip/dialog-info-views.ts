import { type DialogView, dialogInfo } from '../../../src/adapters/sip/dialog-info.js';
import type { Dialog } from '../../../src/domain/dialog.js';
import type { CallId } from '../../../src/domain/names.js';
import { usualProfile, type WatcherProfile } from '../../../src/domain/watcher-profile.js';
import type { DialogView as WatchedView } from '../../../src/flows/watch/document.js';
import { acme, bob } from '../../domain/acme.js';
import { type Element, readDocument } from '../../support/dialog-info-reader.js';

/** Alice calls, and Bob's phone rings. */
export const ringing = (changes: Partial<Dialog> = {}): Dialog => ({
  id: 'd-5f3a-1',
  call: '5f3a' as CallId,
  sipCallId: 'n3.5f3a.b1@pbx.example.com',
  localTag: 'B-TO-TAG',
  remoteTag: 'n3-ft-5f3a',
  direction: 'recipient',
  state: 'early',
  remote: { name: 'Alice Adams', number: '100', domain: 'acme.example', isAnonymous: false },
  isHeld: false,
  isPrivate: false,
  since: 1000,
  ...changes,
});

/** Carol looks at Bob's dialogs. */
export const viewOf = (dialogs: readonly Dialog[], changes: Partial<WatchedView> = {}): WatchedView => ({
  event: 'dialog',
  entity: 'sip:101@acme.example',
  tenant: acme,
  extension: bob,
  profile: usualProfile,
  sees: 'all',
  isOwn: false,
  dialogs,
  ...changes,
});

/** The usual profile with some of it said otherwise. */
export const profile = (changes: Partial<WatcherProfile>): WatcherProfile => ({ ...usualProfile, ...changes });

const flags = [true, false];

/** Every profile there is. */
export const profiles: WatcherProfile[] = flags.flatMap((oneDialog) =>
  flags.flatMap((idleDialog) =>
    flags.flatMap((callerConfirmed) =>
      (['code', 'caller'] as const).map((remoteTarget) => ({
        ...{ oneDialog, idleDialog, callerConfirmed, remoteTarget },
        dndConfirmed: idleDialog,
      })),
    ),
  ),
);

/** The document of a view as a strict parser reads it. */
export const shown = (dialogs: readonly Dialog[], changes: Partial<DialogView> = {}): Element =>
  readDocument(dialogInfo(viewOf(dialogs, changes))(0));
