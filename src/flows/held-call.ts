import type { DialogChange, DialogEvent } from '../domain/dialog.js';
import { countAnchored } from './anchor/count-anchored.js';
import { releaseEarly } from './anchor/early-media.js';
import { changesOf } from './anchor/talk-through.js';
import type { Anchors } from './anchors.js';
import type { LiveCall } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import type { CallResult, CallStore, Leg, Legs, Meter } from './ports.js';
import { callerDialogId } from './shown-dialogs.js';
import { showHeld } from './shown-hold.js';

/** What ending a call needs. */
export interface FinishDeps {
  readonly calls: CallStore;
  readonly live: LiveCalls;
  readonly meter: Meter;
  readonly anchors: Anchors;
}

/** What holding a connected call needs. */
export interface HoldDeps extends FinishDeps {
  readonly legs: Pick<Legs, 'join'>;
}

/** Joins the two legs of a connected call until one of them ends. */
export const hold = (
  deps: HoldDeps,
  call: LiveCall,
  { legs: [caller, other], result }: { legs: readonly [Leg, Leg]; result: CallResult },
): void => {
  deps.meter.connected(1);
  const legs = [caller, other] as const;
  const { anchors } = deps;
  const joint = deps.legs.join(caller, other, {
    ended: (first) => {
      deps.meter.connected(-1);
      const event = (change: DialogChange) => (first ? byeOf(first, sideOf(call, legs, change)) : 'error');
      finish(deps, call, { result, event });
    },
    held: (leg, isHeld) => {
      const changes = showHeld(call, (change) => sideOf(call, legs, change) === leg, isHeld);
      if (changes.length > 0) beside(call, deps.calls.note(call.record, changes));
    },
    // Asked for at each change: the call may go to the media server and come back while they talk.
    get changes() {
      return changesOf(anchors, legs);
    },
  });
  countAnchored(deps, call, changesOf(anchors, legs) !== undefined);
  deps.live.connected(call, { legs, joint, result });
};

/** Who hung up, as each dialog's own phone sees it (RFC 4235 section 4.1.2). */
const byeOf = (first: Leg, own: Leg): DialogEvent => (first === own ? 'local-bye' : 'remote-bye');

/** Whose dialog it is; that of a phone at another instance has ids of its own. */
const sideOf = (call: LiveCall, [caller, other]: readonly [Leg, Leg], { dialog }: DialogChange): Leg => {
  const own = [caller, other].find(({ ids }) => ids.sipCallId === dialog.sipCallId);
  return own ?? (dialog.id === callerDialogId(call) ? caller : other);
};

/** How a call ended: for who counts, and for who watches its dialogs. */
export interface CallEnd {
  readonly result: CallResult;
  readonly event: DialogEvent | ((change: DialogChange) => DialogEvent);
}

/** The call is over: nothing of it stays, here or in the store. */
export const finish = (deps: FinishDeps, call: LiveCall, { result, event }: CallEnd): void => {
  deps.live.remove(call);
  releaseEarly(call);
  countAnchored(deps, call, false);
  deps.meter.callEnded(result);
  call.log.info({ result }, 'call ended');
  const over = call.dialogs.endAll((change) => ({ event: typeof event === 'string' ? event : event(change) }));
  beside(call, deps.calls.end(call.record, result, over));
};

/** Lets the store follow without the phone waiting for it. */
export const beside = (call: LiveCall, change: Promise<unknown>): void => {
  change.catch((error) => call.log.warn({ error: String(error) }, 'store did not follow'));
};
