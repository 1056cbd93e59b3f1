import type { DialogChange } from '../../domain/dialog.js';
import { beside, finish, type HoldDeps, hold } from '../held-call.js';
import type { LiveCall } from '../live-call.js';
import type { Talk, Talking } from '../live-calls.js';
import type { Leg } from '../ports.js';

/** Joins a call's legs anew after they were parted: the same as before, or others. */
export const holdAgain = (deps: HoldDeps, call: LiveCall, { legs, result }: Omit<Talk, 'joint'>): void => {
  deps.meter.connected(-1); // It was connected all the while, and `hold` counts it once more.
  hold(deps, call, { legs, result });
};

/** A call out of which one phone was taken. */
export interface LeftBehind {
  /** The phone comes back, and all is as before; false if the one who was left has hung up meanwhile. */
  takeBack(): boolean;
}

/**
 * Takes a phone out of its call, for another one: watchers are told, and nothing of the two legs reaches the other. The
 * call is over when who was left behind hangs up or is hung up on, unless the phone has come back before.
 */
export const takeOut = (deps: HoldDeps, { call, talk, leg }: Talking, shown: DialogChange | undefined): LeftBehind => {
  let state: 'waiting' | 'over' | 'whole' = 'waiting';
  talk.joint.part();
  if (shown) beside(call, deps.calls.note(call.record, call.dialogs.end(shown.dialog.id, { event: 'replaced' })));
  void leg.ended.then((bye) => {
    if (state !== 'waiting') return;
    state = 'over';
    deps.meter.connected(-1);
    finish(deps, call, { result: talk.result, event: bye ? 'local-bye' : 'remote-bye' });
  });
  return {
    takeBack: () => {
      if (state === 'over') return false;
      state = 'whole';
      if (shown) beside(call, deps.calls.note(call.record, showAgain(call, shown)));
      holdAgain(deps, call, talk);
      return true;
    },
  };
};

/** A dialog that was terminated stays so (RFC 4235 section 3.7.1): to watchers the phone's is a new one. */
const showAgain = (call: LiveCall, { extension, dialog }: DialogChange): DialogChange[] =>
  call.dialogs.show(extension, { ...dialog, id: `${dialog.id}.back` });

/** Ends legs that are in no call any more; until they are gone, the service waits for them when it stops. */
export const dismiss = async (
  deps: HoldDeps,
  legs: readonly Leg[],
  reason: Parameters<Leg['end']>[0],
): Promise<void> => {
  const gone = deps.live.passing(legs);
  await Promise.all(legs.map((leg) => leg.end(reason)));
  gone();
};
