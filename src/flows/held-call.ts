import type { LiveCall } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import type { CallResult, CallStore, Leg, Legs, Meter } from './ports.js';

/** What ending a call needs. */
export interface FinishDeps {
  readonly calls: CallStore;
  readonly live: LiveCalls;
  readonly meter: Meter;
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
  deps.live.connected(call, [caller, other]);
  deps.legs.join(caller, other, () => {
    deps.meter.connected(-1);
    finish(deps, call, result);
  });
};

/** The call is over: nothing of it stays, here or in the store. */
export const finish = (deps: FinishDeps, call: LiveCall, result: CallResult): void => {
  deps.live.remove(call);
  deps.meter.callEnded(result);
  call.log.info({ result }, 'call ended');
  const legs = [...call.noted.values()].map(({ leg, sipCallId }) => ({ leg, sipCallId }));
  beside(call, deps.calls.end(call.record, legs, result));
};

/** Lets the store follow without the phone waiting for it. */
export const beside = (call: LiveCall, change: Promise<unknown>): void => {
  change.catch((error) => call.log.warn({ error: String(error) }, 'store did not follow'));
};
