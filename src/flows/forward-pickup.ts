import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import type { Anchors } from './anchors.js';
import { type HandingOn, handOn } from './hand-on.js';
import type { LiveCalls } from './live-calls.js';
import type { CallStore, Claim, IncomingLeg, Legs, Log, Owners, Party, PickedUp } from './ports.js';
import type { Taken } from './take-call.js';

/** What handing a claimed call to its owner needs. */
export interface ForwardPickupDeps {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'forward' | 'join'>;
  readonly live: LiveCalls;
  readonly owners: Owners;
  readonly anchors: Anchors;
  readonly log: Log;
}

/** Whose pickup is handed on. */
export interface Forwarding extends Pick<HandingOn, 'through'> {
  readonly tenant: Tenant;
  readonly claim: Claim;
  readonly by: PickedUp;
  readonly pickerLeg: IncomingLeg;
  readonly pickerParty: Party;
}

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
  const uri = await deps.owners.find(forwarding.claim.owner);
  if (uri === undefined) return unreachable;
  const { pickerLeg: phone, pickerParty: party, through, ...rest } = forwarding;
  const asked = { ...rest, pickerParty: party, owner: uri, pickerIds: phone.ids, offer: phone.offer };
  const handed = await handOn(deps, { phone, party, owner: deps.legs.forward(asked), ...(through && { through }) });
  if (handed.kind === 'joined') return { ok: true };
  return { ok: false, refusal: handed.kind === 'gone' ? 'picker-gone' : refusalOf(handed.status) };
};

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
