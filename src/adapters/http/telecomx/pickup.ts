import type { Extension } from '../../../domain/names.js';
import type { ExtensionEntry, Tenant } from '../../../domain/office.js';
import { type PickupTarget, reachOf } from '../../../domain/policy.js';
import type { Token } from '../../../domain/token.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import type { OrderRecord } from '../../../flows/send-call.js';
import type { Api } from '../api.js';
import { badField, problemOf, refuse, thrown } from '../problem.js';
import { isOwnPhone } from '../v1/own-phones.js';
import { findExtension, type Place } from './find-group.js';
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
  const found = [...tenant.extensions.values()].some((entry) => entry.id === id.toLowerCase());
  if (!found) throw thrown(badField('sendTo', 'is the id of no extension of this customer'));
  const picker = findExtension(tenant, id);
  if (picker.kind !== 'phone') throw thrown(badField('sendTo', 'is not a phone'));
  return picker;
};

/** Has the oldest call that rings there sent to the picker's phones; throws the policy's or the call's refusal. */
export const pickUpRinging = async (
  { calls, sendCall }: Pick<Api, 'calls' | 'sendCall'>,
  tenant: Tenant,
  { picker, target }: { picker: Extension; target: PickupTarget },
): Promise<OrderRecord> => {
  const reach = reachOf(tenant, picker, target);
  if (!reach.ok) throw thrown(problemOfRefusal(reach.refusal));
  const ringing = candidates(await calls.list(tenant.id), reach.extensions);
  let problem = problemOfRefusal('no-call');
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

const candidates = (calls: readonly KnownCall[], extensions: readonly Extension[]): KnownCall[] =>
  calls
    .filter(({ state, target }) => state === 'ringing' && extensions.includes(target))
    .sort((a, b) => (a.ringingAt ?? a.startedAt) - (b.ringingAt ?? b.startedAt));
