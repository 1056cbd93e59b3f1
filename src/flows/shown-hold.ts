import type { DialogChange } from '../domain/dialog.js';
import type { LiveCall } from './live-call.js';

/** The phone of this dialog has put the other party on hold, or taken it back; nothing if it is none of an extension. */
export const showHeld = ({ dialogs }: LiveCall, sipCallId: string, isHeld: boolean): DialogChange[] =>
  dialogs.open
    .filter(({ dialog }) => dialog.sipCallId === sipCallId && dialog.isHeld !== isHeld)
    .flatMap(({ extension, dialog }) => dialogs.show(extension, { ...dialog, isHeld }));
