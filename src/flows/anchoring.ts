import type { Refusal } from '../domain/outcome.js';
import type { Endpoint } from './media.js';
import type { Leg } from './ports.js';
import type { Agreed, Agreeing } from './transfer/renegotiate.js';

/** Moves connected calls onto the media server and off it again (DESIGN 3.13). Never rejects. */
export interface Anchoring {
  /**
   * Has the phone of a leg in a connected call, and so the phone it talks to, talk through the media server, if they do not
   * already. The call stays there, whoever the leg is brought together with, until `leave`; then it goes back to direct if
   * nobody else needs it. Fails with the call as it was: `media-unavailable`, `media-mismatch` (a phone would not), `lost-race`
   * (somebody else moves the call), `caller-gone` (a party has hung up).
   */
  need(leg: Leg): Promise<{ ok: true; endpoint: Endpoint; leave(): void } | { ok: false; refusal: Refusal }>;
  /**
   * Has two phones talk to each other that did not: directly where they can and nobody needs otherwise, else through the
   * media server. If either will not, both talk on as before.
   */
  bringTogether(one: Agreeing, other: Agreeing): Promise<Agreed>;
}
