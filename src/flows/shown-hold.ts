import type { DialogChange } from '../domain/dialog.js';
import type { LiveCall } from './live-call.js';

/** Who has these dialogs has put the other party on hold, or taken it back; nothing if it is no extension. */
export const showHeld = (
  { dialogs }: LiveCall,
  isOwn: (change: DialogChange) => boolean,
  isHeld: boolean,
): DialogChange[] =>
  dialogs.open
    .filter((change) => change.dialog.isHeld !== isHeld && isOwn(change))
    .flatMap(({ extension, dialog }) => dialogs.show(extension, { ...dialog, isHeld }));
