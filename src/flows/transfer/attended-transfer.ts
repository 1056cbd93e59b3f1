import type { DialogChange, DialogEvent } from '../../domain/dialog.js';
import type { Anchoring } from '../anchoring.js';
import { finish } from '../held-call.js';
import type { Talking } from '../live-calls.js';
import type { Leg } from '../ports.js';
import type { RouteCallDeps } from '../route-call.js';
import type { Tell } from './blind-transfer.js';
import { dismiss, holdAgain } from './held-again.js';
import { connectJoined, joinedCall } from './joined-call.js';
import { at, personAt } from './person.js';
import type { Agreeing } from './renegotiate.js';

/** What making one call of two needs. */
export interface JoinCallsDeps extends RouteCallDeps {
  readonly anchoring: Pick<Anchoring, 'relax' | 'bringTogether'>;
}

/** The two legs of who asked: on the first the wish came, the second was named in it. */
export type TwoCalls = readonly [Talking, Talking];

/**
 * Joins the other parties of somebody's two calls (RFC 5589 section 7), here and not by sending one to the other: both
 * are ours. If either refuses the other's media, both calls stay as they were. Who asked may hang up meanwhile.
 */
export const transferAttended = async (deps: JoinCallsDeps, both: TwoCalls, tell: Tell): Promise<void> => {
  const [{ leg, other: transferee }, { leg: consulted, other: target }] = both;
  const [one, two] = both.map(({ call, other }) => at(call, other)) as [Agreeing, Agreeing];
  const hungUp = new Set<Leg>();
  for (const each of [leg, transferee, consulted, target]) void each.ended.then(() => hungUp.add(each));
  for (const { talk } of both) talk.joint.part();

  const agreed = await deps.anchoring.bringTogether(one, two);
  const isGone = hungUp.has(transferee) || hungUp.has(target);
  if (agreed.ok && isGone) await Promise.all(both.map((talking) => restore(deps, talking, hungUp)));
  if (!agreed.ok || isGone) return goBack(deps, both, { tell, status: agreed.ok ? 487 : agreed.status, hungUp });

  const arrived = deps.live.passing([leg, consulted]);
  bringTogether(deps, both, hungUp);
  await tell(200);
  await dismiss(deps, [leg, consulted], { kind: 'other-party' });
  arrived();
  deps.anchoring.relax(transferee, leg);
  deps.anchoring.relax(target, consulted);
};

interface GoingBack {
  readonly tell: Tell;
  readonly status: number;
  readonly hungUp: ReadonlySet<Leg>;
}

/** Both calls go on as they were; where somebody hung up meanwhile, that call ends now. */
const goBack = async (deps: JoinCallsDeps, both: TwoCalls, { tell, status, hungUp }: GoingBack): Promise<void> => {
  const [{ call, other: transferee }, { call: second }] = both;
  // Who asked hears it over a leg that is about to be ended, or else when it has its other party back.
  const isEnding = hungUp.has(transferee);
  if (isEnding) await tell(status);
  for (const talking of both) holdAgain(deps, talking.call, talking.talk);
  call.log.info({ with: second.record.id, status }, 'transfer refused');
  if (!isEnding) await tell(status);
};

/** Somebody has agreed with a phone that is gone by now: its media goes back to who asked. */
const restore = async (deps: JoinCallsDeps, { call, leg, other }: Talking, hungUp: ReadonlySet<Leg>): Promise<void> => {
  if (hungUp.has(leg) || hungUp.has(other)) return;
  const agreed = await deps.anchoring.bringTogether(at(call, leg), at(call, other));
  if (!agreed.ok) call.log.warn({ status: agreed.status }, 'session not restored');
};

const bringTogether = (deps: JoinCallsDeps, both: TwoCalls, hungUp: ReadonlySet<Leg>): void => {
  const [one, two] = both;
  const remaining = ({ call, other }: Talking) => ({ call, leg: other, person: personAt(call, other) });
  // It is in the register before the others leave it, or a service that is stopping would take itself for idle.
  const joined = joinedCall(deps, [remaining(one), remaining(two)]);
  for (const { call, talk, leg } of both) {
    deps.meter.connected(-1);
    finish(deps, call, { result: talk.result, event: eventOf(leg, hungUp) });
  }
  connectJoined(deps, joined);
  joined.call.log.info({ from: both.map(({ call }) => call.record.id) }, 'calls joined by a transfer');
};

/** Who asked goes, of itself or because we end it; the dialogs of the two others go on in another call. */
const eventOf =
  (leg: Leg, hungUp: ReadonlySet<Leg>) =>
  ({ dialog }: DialogChange): DialogEvent => {
    if (dialog.sipCallId !== leg.ids.sipCallId) return 'replaced';
    return hungUp.has(leg) ? 'local-bye' : 'remote-bye';
  };
