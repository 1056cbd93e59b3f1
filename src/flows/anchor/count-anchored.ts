import type { Anchors } from '../anchors.js';
import type { LiveCall } from '../live-call.js';
import type { Meter } from '../ports.js';

/** Notes for the metrics whether a connected call talks through the media server; safe to say more than once. */
export const countAnchored = (
  { anchors, meter }: { readonly anchors: Anchors; readonly meter: Meter },
  call: LiveCall,
  isAnchored: boolean,
): void => {
  if (anchors.note(call, isAnchored)) meter.anchored(isAnchored ? 1 : -1);
};
