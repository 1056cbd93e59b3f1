import { bestFailure, type Failure } from '../domain/final-response.js';
import type { Group } from '../domain/group.js';
import { type Chance, type Place, stopsFrom, turnsOf } from '../domain/hunt.js';
import { placeOf } from '../domain/ring-place.js';
import type { LiveCall, RingEnd } from './live-call.js';
import { greet } from './ring-group/greet.js';
import { ringTurn } from './ring-group/ring-turn.js';
import { ringsAlone, type WhoRings, type WhoRingsDeps, whoRings } from './ring-group/who-rings.js';
import type { RingDeps, Ringing } from './ring-phones.js';
import { trunkPhone } from './trunk-phone.js';

/** What ringing a group needs. */
export interface RingGroupDeps extends RingDeps, WhoRingsDeps {
  readonly chance: Chance;
}

/** The group that was called, and what its phones see of the caller's INVITE besides. */
export interface GroupCall extends Pick<Ringing, 'passed'> {
  readonly group: Group;
}

/** Rings a group until somebody has the call or nobody is left. Settles when it does so no more; never rejects. */
export type RingGroup = (call: LiveCall, groupCall: GroupCall) => Promise<void>;

/** A hunt on its way: what the phones have said, and whether one of them rang in vain. */
interface Hunt extends GroupCall {
  readonly failures: Failure[];
  rangInVain: boolean;
}

/** Rings the members of a group as its strategy says, then those where it goes on to (TelecomX: timeoutGoto, redirect). */
export const makeRingGroup =
  (deps: RingGroupDeps): RingGroup =>
  async (call, groupCall) => {
    try {
      await hunt(deps, call, { ...groupCall, failures: [], rangInVain: false });
    } catch (error) {
      call.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
      call.settle({ kind: 'lost', text: 'Group Call Failed' });
    }
  };

const hunt = async (deps: RingGroupDeps, call: LiveCall, hunting: Hunt): Promise<void> => {
  for (const { place, through } of stopsFrom(call.tenant, hunting.group)) {
    if (call.isOver) break;
    call.log.info(factsOf(place), 'group call rings');
    call.record = { ...call.record, groups: through };
    await ringAt(deps, call, { hunting, place });
  }
  call.settle(endOf(hunting));
  // However the call ended, nobody finds it at these any more.
  const { rung = [], groups = [] } = call.record;
  if (rung.length > 0) await deps.calls.left(call.record, [...rung, ...groups.map(placeOf)]).catch(() => undefined);
};

const factsOf = (place: Place): object => {
  if (place.kind === 'group') return { group: place.group.name, strategy: place.group.strategy };
  return place.kind === 'extension' ? { extension: place.extension } : { outside: place.number };
};

interface Stop {
  readonly hunting: Hunt;
  readonly place: Place;
}

const ringAt = async (deps: RingGroupDeps, call: LiveCall, { hunting, place }: Stop): Promise<void> => {
  const { ringSeconds: seconds, trunk = '' } = call.tenant;
  const ring = (who: WhoRings, forSeconds: number) => takeTurn(deps, call, { hunting, who, seconds: forSeconds });
  if (place.kind === 'extension') return ring(await ringsAlone(deps, call, place.extension), seconds);
  if (place.kind === 'outside') {
    const member = { extension: place.number, phones: [trunkPhone(trunk, place.number)] };
    return ring({ members: [member], absent: [] }, seconds);
  }
  await greet(deps, call, place.group);
  for (const turn of turnsOf(call.tenant.groups, place.group, deps.chance)) {
    if (call.isOver) return;
    await ring(await whoRings(deps, call, turn.extensions), turn.seconds);
  }
};

interface OneTurn extends Pick<Stop, 'hunting'> {
  readonly who: WhoRings;
  readonly seconds: number;
}

const takeTurn = async (deps: RingDeps, call: LiveCall, { hunting, who, seconds }: OneTurn): Promise<void> => {
  const { failures, passed } = hunting;
  for (const absence of who.absent) failures.push({ status: absence === 'busy' ? 486 : 480 });
  await call.free();
  if (who.members.length === 0 || call.isOver) return;
  const refused = (failure: Failure) => void failures.push(failure);
  if (await ringTurn(deps, call, { members: who.members, seconds, passed, refused })) hunting.rangInVain = true;
};

/** Where a phone rang until its time was up, nobody answered; otherwise the caller hears the best of what they said. */
const endOf = ({ failures, rangInVain }: Hunt): RingEnd => {
  if (rangInVain) return { kind: 'unanswered' };
  return { ...bestFailure(failures.map(forGroup)), kind: 'failed' };
};

/** One member's 6xx is not the group's. */
const forGroup = (failure: Failure): Failure => (failure.status >= 600 ? { status: 486 } : failure);
