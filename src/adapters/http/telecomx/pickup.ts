import type { Extension } from '../../../domain/names.js';
import type { ExtensionEntry, Tenant } from '../../../domain/office.js';
import { type PickupTarget, type Reach, reachOf } from '../../../domain/policy.js';
import { bestFirst } from '../../../domain/selection.js';
import type { Token } from '../../../domain/token.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import type { OrderRecord } from '../../../flows/send-call.js';
import type { Api } from '../api.js';
import { badField, problemOf, refuse, thrown } from '../problem.js';
import { isOwnPhone } from '../v1/own-phones.js';
import { extensionOfId, type Place } from './find-group.js';
import { problemOfRefusal } from './refusals.js';

/** Seconds that the picker's phones ring. */
const waitSeconds = 25;

/** Whose phones get the call: the named extension's, or the token's own; throws where it is neither. */
export const pickerOf = ({ tenant }: Place, token: Token, sendTo: string | undefined): ExtensionEntry => {
  const own = token.extension && tenant.extensions.get(token.extension);
  if (sendTo === undefined) {
    if (!own) throw thrown(badField('sendTo', 'is needed: this token has no extension of its own'));
    return own;
  }
  const picker = named(tenant, sendTo);
  if (token.role === 'PERSONAL' && !isOwnPhone(tenant, token, picker.number)) {
    throw refuse(403, "sendTo must be one of this user's own extensions");
  }
  return picker;
};

const named = (tenant: Tenant, id: string): ExtensionEntry => {
  const picker = extensionOfId(tenant, id);
  if (!picker) throw thrown(badField('sendTo', 'is the id of no extension of this customer'));
  if (picker.kind !== 'phone') throw thrown(badField('sendTo', 'is not a phone'));
  return picker;
};

/** Where a picker may have calls. */
type Granted = Extract<Reach, { ok: true }>;

/** Whose calls the picker may have; throws the policy's refusal. */
export const demandReach = ({ tenant }: Place, picker: Extension, target: PickupTarget): Granted => {
  const reach = reachOf(tenant, picker, target);
  if (!reach.ok) throw thrown(problemOfRefusal(reach.refusal));
  return reach;
};

/** Has the best call that rings there sent to the picker's phones; throws the call's refusal. */
export const pickUpRinging = async (
  { calls, sendCall }: Pick<Api, 'calls' | 'sendCall'>,
  { tenant }: Place,
  { picker, reach }: { picker: Extension; reach: Granted },
): Promise<OrderRecord> => {
  const ringing = bestFirst((await calls.list(tenant.id)).filter(isRinging), reach);
  let problem = problemOfRefusal(reach.otherwise ?? 'no-call');
  // Another may be quicker with each of them; the next one rings as well.
  for (const { id, target } of ringing) {
    const ordered = await sendCall.order({ tenant, call: id, target, sendTo: picker, waitSeconds });
    if (ordered.ok) return ordered.order;
    problem =
      ordered.refusal === 'key-reused' ? problemOf(500, 'a request without a key') : problemOfRefusal(ordered.refusal);
    if (!isOfThisCall.has(ordered.refusal)) break;
  }
  throw thrown(problem);
};

/** Refusals after which another call may still be had. */
const isOfThisCall: ReadonlySet<string> = new Set(['no-call', 'lost-race', 'own-call', 'private-call', 'caller-gone']);

const isRinging = ({ state }: KnownCall): boolean => state === 'ringing';
