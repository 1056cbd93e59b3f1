import type { CallId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import type { ReplaceRefusal } from '../domain/replace-refusal.js';
import type { Endpoint, MediaServers } from './media.js';
import { playBriefly } from './play-briefly.js';
import type { IncomingLeg } from './ports.js';

/** Who is refused what. */
export interface Refusing {
  readonly tenant: Pick<Tenant, 'media' | 'failureProfile'>;
  readonly leg: IncomingLeg;
  readonly refusal: Refusal | ReplaceRefusal;
  /** What the phone hears already, by its 180; released afterwards. */
  readonly early?: Endpoint | undefined;
}

/** What it needs. */
export interface PromptRefusalDeps {
  readonly media: MediaServers;
  readonly newCallId: () => CallId;
}

/** Settles when a phone has heard why it is refused. Never rejects. */
export type PromptRefusal = (refusing: Refusing) => Promise<void>;

/** Longest prompt, in milliseconds. */
const longest = 4_000;

/**
 * Has a phone hear why it is refused, before its final response: as early media, so nobody pays for it. Settles when the
 * final response is to be sent: at once where the company does not want it, the phone made no offer, or no media server
 * is there; at the latest after the wait for an endpoint and four seconds.
 */
export const makePromptRefusal =
  ({ media, newCallId }: PromptRefusalDeps): PromptRefusal =>
  async ({ tenant, leg, refusal, early }) => {
    // An instance that stops has no time to say so.
    const isTold = tenant.media.prompts && refusal !== 'draining';
    const endpoint = isTold && canHear(leg) ? (early ?? (await opened({ media, newCallId }, leg))) : early;
    if (!endpoint) return;
    leg.onGone(() => void endpoint.release());
    if (isTold && !leg.gone && !endpoint.isGone) {
      if (endpoint === early) await early.hush();
      else leg.ringing({ sdp: endpoint.sdp });
      await playBriefly(endpoint, longest, [`refused-${refusal}`]);
    }
    void endpoint.release();
  };

/** A phone that has had a final response, or is in a call and only moved, hears nothing of ours any more. */
const canHear = (leg: IncomingLeg): boolean => !leg.gone && !leg.isFinal && !leg.isEstablished;

const opened = async (deps: PromptRefusalDeps, { offer }: IncomingLeg): Promise<Endpoint | undefined> => {
  if (offer.kind !== 'sdp' || !deps.media.isUp) return undefined;
  return deps.media.open({ offer: offer.body, call: deps.newCallId() });
};
