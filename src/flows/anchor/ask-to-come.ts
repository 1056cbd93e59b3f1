import type { Endpoint } from '../media.js';
import type { Leg, Party } from '../ports.js';
import type { Wanted } from './open-pair.js';
import { type TalkThroughDeps, talkThrough } from './talk-through.js';

/** A phone in a call that is to talk through an endpoint, and waits for the answer to its offer; or that does so already. */
export interface Coming {
  readonly wanted: Wanted;
  /** It talks through this endpoint from now on. */
  sit(endpoint: Endpoint): void;
  /** It talks on as before. */
  stay(): void;
}

/** A phone that would not; with its status. */
export interface Unwilling {
  readonly status: number;
}

/** Whether it is one. */
export const isUnwilling = (coming: Coming | Unwilling): coming is Unwilling => 'status' in coming;

/**
 * Asks a phone by re-INVITE for an offer, unless it is at an endpoint where it can stay. `talksTo` is who it is told is at
 * the other end from now on.
 */
export const askToCome = async (
  deps: TalkThroughDeps,
  { leg, leaves = false }: { leg: Leg; leaves?: boolean },
  talksTo?: Party,
): Promise<Coming | Unwilling> => {
  const at = deps.anchors.endpointOf(leg);
  if (at && !leaves) return { wanted: { at }, sit: () => undefined, stay: () => undefined };
  const offer = await leg.change(undefined, talksTo);
  if (!offer.ok) return { status: offer.status };
  return {
    wanted: { offer: offer.sdp },
    sit: (endpoint) => {
      talkThrough(deps, leg, endpoint);
      offer.acknowledge(endpoint.sdp);
    },
    stay: () => offer.acknowledge(),
  };
};
