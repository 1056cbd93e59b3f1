import { readExtension } from '../../domain/names.js';
import type { ListenMode } from '../../flows/media.js';
import type { Supervising } from '../../flows/supervise.js';
import type { Taken } from '../../flows/take-call.js';
import type { RefusePickup } from './replies.js';
import type { ServiceCall } from './service-codes.js';

/** Has somebody take part in a colleague's call. The rules are asked inside; never rejects. */
export type Supervise = (asked: Supervising) => Promise<Taken>;

/** What the codes need by which somebody takes part in a call. */
export interface SuperviseCodeDeps {
  readonly supervise: Supervise;
  readonly refuse: RefusePickup;
}

/** Reads whose call is meant, has the supervisor put beside it, and gives the final no if there is one. */
export const makeSuperviseCode =
  ({ supervise, refuse }: SuperviseCodeDeps) =>
  async ({ rest, tenant, picker, leg, party }: ServiceCall, mode: ListenMode): Promise<void> => {
    const colleague = readExtension(rest);
    const taken: Taken = colleague
      ? await supervise({ tenant, supervisor: picker, party, mode, colleague, leg })
      : { ok: false, refusal: rest === '' ? 'number-too-short' : 'unknown-extension' };
    if (!taken.ok) await refuse({ tenant, leg, refusal: taken.refusal });
  };
