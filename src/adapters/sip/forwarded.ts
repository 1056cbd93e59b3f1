import type { Office } from '../../domain/office.js';
import type { LiveCalls } from '../../flows/live-calls.js';
import { extensionParty } from '../../flows/party.js';
import type { CallStore, IncomingLeg, Log } from '../../flows/ports.js';
import type { Taken, Taking } from '../../flows/take-call.js';
import { claimHeader, openClaim, type SealedClaim } from './claim-header.js';
import { refuseLeg } from './replies.js';
import type { SipRequest } from './srf.js';

/** What the owner's side of a forwarded pickup needs. */
export interface ForwardedDeps {
  /** The office as it is now. */
  readonly office: () => Office;
  readonly calls: CallStore;
  readonly live: LiveCalls;
  readonly takeCall: (taking: Taking) => Promise<Taken>;
  readonly log: Log;
}

/** The claim that an INVITE brings from another instance; undefined for every other INVITE. */
export const claimIn = (req: SipRequest, secret: string | undefined): SealedClaim | undefined => {
  const header = req.get(claimHeader);
  return header && secret ? openClaim(header, secret) : undefined;
};

/** The owner's side: the call is taken for a picker who reached another instance. That one counts the pickup. */
export const makeForwardedDoor =
  (deps: ForwardedDeps) =>
  async (sealed: SealedClaim, picker: IncomingLeg, isPrivate: boolean): Promise<void> => {
    const tenant = deps.office().tenants.get(sealed.tenant);
    const call = deps.live.get(sealed.call);
    if (!tenant || !call || call.tenant.id !== tenant.id) return refuseLeg(picker, 'caller-gone');
    if (!call.take(sealed.token)) return refuseLeg(picker, call.isOver ? 'caller-gone' : 'lost-race');

    const pickerParty = extensionParty(tenant, sealed.picker, isPrivate);
    const by = { picker: sealed.picker, method: sealed.method };
    const pickerIds = sealed.pickerIds ?? 'unknown';
    const taken = await deps.takeCall({ tenant, call, claim: sealed, by, picker, pickerIds, pickerParty });
    if (!taken.ok) refuseLeg(picker, taken.refusal);
    call.log.info({ picker: sealed.picker, taken: taken.ok }, 'forwarded pickup');
  };
