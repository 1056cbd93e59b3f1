import type { CallId, Extension, InstanceId } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import { everybodyIn, turnsOf } from '../../domain/selection.js';
import type { CallStore, ClaimAsk, ClaimResult } from '../../flows/ports.js';
import { keysOf, tellingOf } from './call-keys.js';
import { callerFields } from './caller-fields.js';
import type { ClaimReply, RedisClient } from './client.js';
import { noting } from './dialog-changes.js';
import { keys } from './keys.js';
import type { UnsaidDialogs } from './unsaid-dialogs.js';

/** More extensions than these are not looked at one by one: the script goes through the tenant's calls instead. */
const mostSets = 64;

/** How long things are kept, in milliseconds. */
export interface Holds {
  /** A call whose owner does not renew it lapses after this. */
  readonly lease: number;
  /** A claim that is neither confirmed nor released lapses after this. */
  readonly claim: number;
}

/** The part of the call store that gives a call to one picker. */
export const redisClaims = (
  redis: RedisClient,
  holds: Holds,
  unsaid: UnsaidDialogs,
): Pick<CallStore, 'claim' | 'withdraw' | 'answer' | 'confirm' | 'stolen' | 'release'> => ({
  async claim(ask) {
    const sets = setsOf(ask);
    const first = ask.newest ? 'newest' : 'oldest';
    const through = (ask.through ?? []).join(' ');
    const args = [keys.prefix(ask.tenant), ask.token, ask.picker, holds.claim, ask.call ?? '', first, through];
    return claimResult(await redis.cpClaim(sets.length, ...sets, ...args, ...allowedBy(ask)), ask);
  },

  async withdraw(ask) {
    const sets = setsOf(ask);
    await redis.cpWithdraw(sets.length, ...sets, keys.prefix(ask.tenant), ask.token);
  },

  async answer(call, by) {
    const { record, ringing, news } = keysOf(call);
    const told = tellingOf({ ...call, target: by ?? call.target }, { event: 'answered' });
    return (await redis.cpAnswer(3, record, ringing, news, call.id, ...told, by ?? '')) !== 'taken';
  },

  async confirm(call, { token, picker, method }, dialogs) {
    const { record, ringing, news } = keysOf(call);
    const told = tellingOf(call, { event: 'picked-up', picker, method });
    const noted = noting(call.tenant, dialogs, holds.lease);
    const confirmed = redis.cpConfirm(3, record, ringing, news, ...noted, call.id, token, ...told);
    await unsaid.told(confirmed, call, dialogs);
  },

  async stolen(call, { picker, method, from, isCaller }, dialogs) {
    const { record, news } = keysOf(call);
    const told = tellingOf(call, { event: 'picked-up', picker, method, ...(from !== undefined && { from }) });
    const noted = noting(call.tenant, dialogs, holds.lease);
    const now = isCaller ? callerFields(call) : ['picker', picker];
    const stolen = redis.cpSteal(2, record, news, ...noted, ...told, ...now);
    await unsaid.told(stolen, call, dialogs);
  },

  async release(tenant, call, token) {
    await redis.cpRelease(1, keys.call(tenant, call), token);
  },
});

/** Where the script looks for calls: at each extension; or, for one call and for very many extensions, at all of the tenant's. */
const setsOf = (ask: ClaimAsk): string[] =>
  looksAtAll(ask) ? [keys.calls(ask.tenant)] : everybodyIn(ask).map((extension) => keys.ringing(ask.tenant, extension));

/** Who is asked for one after another stands with an empty name between; no extension has that. */
const allowedBy = (ask: ClaimAsk): readonly string[] => {
  const [first = [], ...further] = turnsOf(ask);
  return looksAtAll(ask) || further.length > 0 ? [...first, ...further.flatMap((turn) => ['', ...turn])] : [];
};

const looksAtAll = (ask: ClaimAsk): boolean => ask.call !== undefined || everybodyIn(ask).length > mostSets;

const refusalOf: Record<'taken' | 'private' | 'own' | 'none', Refusal> = {
  taken: 'lost-race',
  private: 'private-call',
  own: 'own-call',
  none: 'no-call',
};

const claimResult = (reply: ClaimReply, { token }: ClaimAsk): ClaimResult => {
  if (reply[0] !== 'claimed') return { ok: false, refusal: refusalOf[reply[0]] };
  const [, call, owner, target, since] = reply;
  return {
    ok: true,
    claim: {
      call: call as CallId,
      owner: owner as InstanceId,
      target: target as Extension,
      token,
      ringingSince: Number(since),
    },
  };
};
