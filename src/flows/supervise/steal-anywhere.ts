import type { InstanceId } from '../../domain/names.js';
import { refusalToSteal, type Stealing } from '../steal-call.js';
import type { Taken } from '../take-call.js';
import type { ForwardingAct } from './forward-act.js';

/** What stealing a call needs, whoever holds it. */
export interface StealAnywhereDeps {
  readonly self: InstanceId;
  readonly stealCall: (stealing: Stealing) => Promise<Taken>;
  readonly forwardAct: (forwarding: ForwardingAct) => Promise<Taken>;
}

/** Has a phone take the place of another one in a connected call: here, or by the instance that holds it. */
export const makeStealAnywhere =
  ({ self, stealCall, forwardAct }: StealAnywhereDeps) =>
  async (stealing: Stealing): Promise<Taken> => {
    const { found, picker: asker, method = 'replaces', tenant, leg, party } = stealing;
    if (found.owner === self) return stealCall(stealing);
    const refusal = refusalToSteal(stealing);
    if (refusal) return { ok: false, refusal };
    const { extension, owner, dialog: ids } = found;
    const act = method === 'steal' ? 'steal' : 'replaces';
    return forwardAct({ tenant, act, asker, party, leg, extension, owner, call: ids.call, ids });
  };
