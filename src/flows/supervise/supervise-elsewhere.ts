import type { DialogIds } from '../../domain/dialog.js';
import type { CallId, InstanceId } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import { extensionParty } from '../party.js';
import type { IncomingLeg, Party } from '../ports.js';
import { actOf } from './acts.js';
import type { FindElsewhere } from './elsewhere.js';
import type { ForwardingAct } from './forward-act.js';
import type { Wish } from './judge.js';

/** Somebody who wants to take part in a call of others, whichever instance holds it. */
export interface SupervisingElsewhere extends Wish {
  /** Only this call will do. */
  readonly call?: CallId | undefined;
  /** Only the colleague's phone with this dialog will do. */
  readonly ids?: DialogIds | undefined;
  /** Who holds the call, where that is known. */
  readonly owner?: InstanceId | undefined;
  /** As others are shown the supervisor; by what the office says if nothing is said. */
  readonly party?: Party | undefined;
  /** The supervisor's phone. Who has it gives it the final no. */
  readonly leg: IncomingLeg;
}

/** What became of it, and in which call. */
export type BegunElsewhere = { ok: true; call: CallId } | { ok: false; refusal: Refusal; call?: CallId };

/** What leaving it to the owner needs. */
export interface SuperviseElsewhereDeps {
  readonly self: InstanceId;
  readonly findElsewhere: FindElsewhere;
  readonly forwardAct: (forwarding: ForwardingAct) => Promise<{ ok: true } | { ok: false; refusal: Refusal }>;
}

/** Finds the instance that holds the colleague's call, and has it put the supervisor beside him. */
export const makeSuperviseElsewhere =
  (deps: SuperviseElsewhereDeps) =>
  async (asked: SupervisingElsewhere): Promise<BegunElsewhere> => {
    const { tenant, supervisor: asker, colleague: extension, mode, leg, ids } = asked;
    const found = await placeOf(deps, asked);
    if (found === undefined || found === 'store-unreachable') return { ok: false, refusal: found ?? 'no-call' };
    const { owner, call } = found;
    const party = asked.party ?? extensionParty(tenant, asker, false);
    const taken = await deps.forwardAct({ tenant, act: actOf(mode), asker, party, leg, extension, owner, call, ids });
    return { ...taken, call };
  };

const placeOf = async (
  { self, findElsewhere }: SuperviseElsewhereDeps,
  { tenant, colleague: extension, call, owner }: SupervisingElsewhere,
) => {
  if (owner === undefined || call === undefined) return findElsewhere({ tenant: tenant.id, extension, call });
  return owner === self ? undefined : { owner, call };
};
