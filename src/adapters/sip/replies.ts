import type { FailureProfile, Refusal } from '../../domain/outcome.js';
import type { IncomingLeg } from '../../flows/ports.js';
import { type EarlyEnds, releaseEnds } from '../../flows/preview-call/early-ends.js';
import type { PromptRefusal, Refusing } from '../../flows/prompt-refusal.js';
import type { Headers } from './headers.js';

/** A final no in SIP's words. */
export interface Reply {
  readonly status: number;
  readonly phrase: string;
  readonly headers?: Headers;
}

const retry = { 'Retry-After': '1' };

/** What each refusal is called in SIP (features.md 5.6). A new refusal does not compile until it has a line here. */
export const replies: Readonly<Record<Refusal, Reply>> = {
  'no-call': {
    status: 480,
    phrase: 'No Call To Pick Up',
    headers: { Reason: 'SIP;cause=480;text="No call to pick up"' },
  },
  'lost-race': { status: 486, phrase: 'Picked Up By Another' },
  'own-call': { status: 403, phrase: 'Your Own Call' },
  'no-group': { status: 403, phrase: 'You Are In No Pickup Group' },
  'not-allowed': { status: 403, phrase: 'Pickup Not Allowed' },
  'opted-out': { status: 403, phrase: 'Pickup Refused By The Callee' },
  'private-call': { status: 403, phrase: 'Private Call' },
  'unknown-extension': { status: 404, phrase: 'No Such Extension' },
  'unknown-group': { status: 404, phrase: 'No Such Group' },
  'number-too-short': { status: 484, phrase: 'Address Incomplete' },
  'not-available': { status: 501, phrase: 'Service Not Available' },
  'no-such-dialog': { status: 481, phrase: 'No Such Dialog To Replace' },
  'dialog-ended': { status: 603, phrase: 'Dialog Has Ended' },
  'already-answered': { status: 486, phrase: 'Already Answered' },
  'not-registered': { status: 480, phrase: 'Phone Not Registered' },
  'no-answer': { status: 480, phrase: 'No Answer' },
  declined: { status: 603, phrase: 'Decline' },
  'caller-gone': {
    status: 480,
    phrase: 'Caller Has Hung Up',
    headers: { Reason: 'SIP;cause=480;text="Caller has hung up"' },
  },
  'picker-gone': { status: 487, phrase: 'Request Terminated' },
  'media-mismatch': {
    status: 488,
    phrase: 'Not Acceptable Here',
    headers: { Warning: '304 callpickup "No common media"' },
  },
  'media-unavailable': { status: 503, phrase: 'No Media Server', headers: retry },
  'owner-unreachable': { status: 503, phrase: 'Service Unavailable', headers: retry },
  'store-unreachable': { status: 503, phrase: 'Service Unavailable', headers: retry },
  draining: { status: 503, phrase: 'Service Unavailable', headers: retry },
  error: { status: 500, phrase: 'Server Internal Error' },
};

/**
 * What a failed pickup is called by the systems that companies come from: they have one code for whatever went wrong
 * with it. What is no answer to the pickup as such (a bad number, no media, a server away) stays as it is.
 */
const profiles: Readonly<Record<Exclude<FailureProfile, 'default'>, Reply>> = {
  asterisk: { status: 403, phrase: 'Forbidden' },
  ivoz: { status: 404, phrase: 'Not Found' },
};

const pickupFailures: ReadonlySet<Refusal> = new Set([
  'no-call',
  'lost-race',
  'own-call',
  'no-group',
  'not-allowed',
  'opted-out',
  'private-call',
  'unknown-extension',
  'unknown-group',
  'caller-gone',
]);

/** Gives a leg its final no in the words of this door and of the company's profile. */
export const refuseLeg = (leg: IncomingLeg, refusal: Refusal, profile: FailureProfile = 'default'): void => {
  const asUsual = profile === 'default' || !pickupFailures.has(refusal);
  say(leg, asUsual ? replies[refusal] : profiles[profile]);
};

const say = (leg: IncomingLeg, { status, phrase, headers }: Reply): void => leg.refuse(status, phrase, headers);

/** Who is refused a pickup or an act on an answered call, and in which words where a door has its own for this no. */
export interface Refused extends Omit<Refusing, 'early' | 'refusal'> {
  readonly refusal: Refusal;
  readonly ends?: EarlyEnds;
  readonly reply?: Reply | undefined;
}

/** Refuses a phone, after it has heard why where the company wants that. Settles when it has; never rejects. */
export type RefusePickup = (refused: Refused) => Promise<void>;

/** The final no of every pickup and act; `prompt` settles when the phone has heard why. */
export const makeRefusePickup =
  (prompt: PromptRefusal): RefusePickup =>
  async ({ ends, reply, ...refusing }) => {
    const { leg, refusal, tenant } = refusing;
    await prompt({ ...refusing, early: ends?.phone });
    if (reply) say(leg, reply);
    else refuseLeg(leg, refusal, tenant.failureProfile);
    if (ends) releaseEnds(ends);
  };
