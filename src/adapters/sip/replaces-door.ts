import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import type { IncomingLeg, Meter, Party } from '../../flows/ports.js';
import type { Taken } from '../../flows/take-call.js';
import { tellPickup } from '../../flows/tell-pickup.js';
import type { Pickup } from './pickup.js';
import { type FindDeps, findWanted, type LiveDialog } from './replaces-find.js';
import { readWanted } from './replaces-wanted.js';
import type { RefusePickup } from './replies.js';

/** A phone whose key names the dialog that it wants (INVITE with Replaces, RFC 3891). */
export interface ReplacesCall {
  readonly value: string;
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
  readonly party: Party;
  readonly userAgent?: string | undefined;
}

/** Has a picker take the place of a phone in a call that is answered. The rules are asked inside; never rejects. */
export type Steal = (
  stealing: Pick<ReplacesCall, 'tenant' | 'picker' | 'leg' | 'party'> & { readonly found: LiveDialog },
) => Promise<Taken>;

/** What the door needs. */
export interface ReplacesDeps extends FindDeps {
  readonly pickup: Pickup;
  readonly steal: Steal;
  readonly refuse: RefusePickup;
  readonly meter: Pick<Meter, 'pickupEnded'>;
  /** Counts a request that got no further, by a reason of a closed set. */
  readonly rejected: (reason: string) => void;
}

/** The door of INVITEs with Replaces: knowing a dialog is no permission, so the policy is asked as for a code (DESIGN 3.4). */
export const makeReplacesDoor =
  (deps: ReplacesDeps) =>
  async (call: ReplacesCall): Promise<void> => {
    const { value, tenant, picker, leg, party, userAgent } = call;
    const began = performance.now();
    const wanted = readWanted(value);
    if (!wanted) return reject(deps, leg, 'Bad Replaces');
    // Nobody can take the place of the call that is being made (protocol.md R23).
    if (wanted.callId === leg.sipCallId) return reject(deps, leg, 'Replaces Names Its Own Call');

    const result = await findWanted(deps, { tenant, picker, sipCallId: leg.sipCallId, userAgent }, wanted);
    if (result.kind === 'bad') return reject(deps, leg, 'Bad Replaces');
    if (result.kind === 'no') return end(deps, call, { refusal: result.refusal, began });

    const { found } = result;
    const isAnswered = found.dialog.state === 'confirmed';
    // A Call-ID alone is too little to end what two people say to each other.
    if (!isAnswered || wanted.earlyOnly || !wanted.tags) {
      // A group's call is no extension's: it is the named phone's, and the rules say whether that one's may be taken.
      const extension = tenant.extensions.has(found.target) ? found.target : found.extension;
      const target = { by: 'number', extension } as const;
      const request = { tenant, picker, target, call: found.dialog.call, isAnswered, kind: 'replaces' } as const;
      return deps.pickup({ request, leg, party });
    }
    const taken = await deps.steal({ tenant, picker, leg, party, found });
    await end(deps, call, { refusal: taken.ok ? undefined : taken.refusal, began, found });
  };

const reject = ({ rejected }: ReplacesDeps, leg: IncomingLeg, phrase: string): void => {
  rejected('bad-replaces');
  leg.refuse(400, phrase);
};

interface End {
  readonly refusal: Refusal | undefined;
  readonly began: number;
  readonly found?: LiveDialog;
}

/** Told and counted as every pickup is; then the one final no, if there is one. */
const end = async (
  deps: ReplacesDeps,
  { tenant, picker, leg }: ReplacesCall,
  { refusal, began, found }: End,
): Promise<void> => {
  const named = found && { callId: found.dialog.call, target: found.extension };
  const facts = { sipCallId: leg.sipCallId, ...named, tenant: tenant.id, picker };
  tellPickup(deps, { kind: 'replaces', refusal, began, facts });
  if (refusal) await deps.refuse({ tenant, leg, refusal });
};
