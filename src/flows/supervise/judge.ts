import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import { decide } from '../../domain/policy.js';
import type { Talking } from '../live-calls.js';
import type { ListenMode } from '../media.js';
import { personAt } from '../transfer/person.js';
import { actOf } from './acts.js';

/** Who wants to take part in whose calls, and how. */
export interface Wish {
  readonly tenant: Tenant;
  readonly supervisor: Extension;
  readonly colleague: Extension;
  readonly mode: ListenMode;
}

/** Asks the one policy (DESIGN 3.4), before anybody looks whether there is a call at all. Nobody supervises himself. */
export const refusalOfWish = ({ tenant, supervisor, colleague, mode }: Wish): Refusal | undefined => {
  if (supervisor === colleague) return 'own-call';
  const target = { kind: 'extension', number: colleague } as const;
  const decision = decide({ tenant, picker: supervisor, act: actOf(mode), target, by: 'number' });
  return decision.ok ? undefined : decision.refusal;
};

/** Asks again with the call that was found: it may be private, or the supervisor's own. */
export const refusalInCall = (wish: Wish, { call, leg, other }: Talking): Refusal | undefined => {
  const refusal = refusalOfWish(wish);
  if (refusal) return refusal;
  const people = [leg, other].map((each) => personAt(call, each).extension);
  if (people.includes(wish.supervisor)) return 'own-call';
  const isPrivate = people.some((each) => each && wish.tenant.extensions.get(each)?.isPrivate);
  return call.record.isPrivate || isPrivate ? 'private-call' : undefined;
};
