import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { type Joined, joinDelayed } from './delayed-offer.js';
import type { LiveCalls } from './live-calls.js';
import type {
  CallStore,
  Claim,
  DialResult,
  IncomingLeg,
  Legs,
  Log,
  OutgoingLeg,
  Owners,
  Party,
  PickedUp,
} from './ports.js';
import type { Taken } from './take-call.js';

/** What handing a claimed call to its owner needs. */
export interface ForwardPickupDeps {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'forward' | 'join'>;
  readonly live: LiveCalls;
  readonly owners: Owners;
  readonly log: Log;
}

/** Whose pickup is handed on. */
export interface Forwarding {
  readonly tenant: Tenant;
  readonly claim: Claim;
  readonly by: PickedUp;
  readonly pickerLeg: IncomingLeg;
  readonly pickerParty: Party;
}

/** How long the owner may take to answer, in milliseconds; then the picker hears 503 and the phone rings on. */
const ownerDeadline = 2_000;

/**
 * Has the instance that holds the call take it: the picker's INVITE goes on to it with the claim, and this instance
 * stays between the two legs (DESIGN 3.10). Whatever fails gives the claim back.
 */
export const makeForwardPickup =
  (deps: ForwardPickupDeps) =>
  async (forwarding: Forwarding): Promise<Taken> => {
    const taken = await forward(deps, forwarding).catch((error): Taken => {
      deps.log.warn({ callId: forwarding.claim.call, error: String(error) }, 'pickup not forwarded');
      return unreachable;
    });
    if (!taken.ok) release(deps, forwarding);
    return taken;
  };

const unreachable: Taken = { ok: false, refusal: 'owner-unreachable' };

const forward = async (deps: ForwardPickupDeps, forwarding: Forwarding): Promise<Taken> => {
  const owner = await deps.owners.find(forwarding.claim.owner);
  if (owner === undefined) return unreachable;
  const { pickerLeg, ...rest } = forwarding;
  const leg = deps.legs.forward({ ...rest, owner, pickerIds: pickerLeg.ids, offer: pickerLeg.offer });
  pickerLeg.onGone((reason) => leg.stop({ kind: 'other-party', ...(reason !== undefined && { reason }) }));

  const result = await inTime(leg);
  if (result.kind === 'failed') return { ok: false, refusal: refusalOf(result.status) };
  const talksTo = result.talksTo ?? nobody(forwarding.pickerParty);
  const joined =
    result.kind === 'answered'
      ? await joinAnswered(pickerLeg, result, talksTo)
      : await joinDelayed(pickerLeg, result, talksTo);
  if (!joined) return { ok: false, refusal: 'picker-gone' };
  deps.legs.join(...joined, { ended: deps.live.passing(joined) });
  return { ok: true };
};

const inTime = async (leg: OutgoingLeg): Promise<DialResult> => {
  const timer = setTimeout(() => leg.stop({ kind: 'failure', text: 'No Answer From Owner' }), ownerDeadline);
  const result = await leg.result;
  clearTimeout(timer);
  return result;
};

const joinAnswered = async (
  picker: IncomingLeg,
  { leg, sdp }: Extract<DialResult, { kind: 'answered' }>,
  talksTo: Party,
): Promise<Joined> => {
  const answer = await picker.answer(sdp, talksTo);
  if (answer.ok) return [answer.leg, leg];
  await leg.end({ kind: 'other-party' });
  return undefined;
};

const nobody = ({ domain }: Party): Party => ({ name: '', number: '', domain, private: false });

/** What the owner's no means; it has already said it in the words of the pickup door. */
const refusalOf = (status: number): Refusal => {
  if (status === 486) return 'lost-race';
  if (status === 480) return 'caller-gone';
  if (status === 487) return 'picker-gone';
  return status === 488 ? 'media-mismatch' : 'owner-unreachable';
};

const release = ({ calls, log }: ForwardPickupDeps, { tenant, claim }: Forwarding): void => {
  calls
    .release(tenant.id, claim.call, claim.token)
    .catch((error) => log.warn({ callId: claim.call, error: String(error) }, 'store did not follow'));
};
