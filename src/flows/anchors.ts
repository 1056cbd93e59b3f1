import type { Endpoint } from './media.js';
import type { Leg } from './ports.js';

/** Which phones of this instance talk through the media server, each by which endpoint, and who needs them to. */
export interface Anchors {
  /** The endpoint of a leg, undefined where its phone talks to the other phone directly. */
  endpointOf(leg: Leg): Endpoint | undefined;
  /** From now on the phone of this leg talks through this endpoint, which is released with the leg, or by `takeOff`. */
  put(leg: Leg, endpoint: Endpoint): void;
  /** The phone talks directly from now on: its endpoint is released. */
  takeOff(leg: Leg): void;
  /** Somebody needs this phone to talk through the media server; the result is how to need it no more. */
  need(leg: Leg): () => void;
  isNeeded(leg: Leg): boolean;
  /** Legs with an endpoint. */
  readonly size: number;
}

/** An empty register of anchored legs. */
export const makeAnchors = (): Anchors => {
  const endpoints = new Map<Leg, Endpoint>();
  const needs = new Map<Leg, Set<object>>();
  const takeOff = (leg: Leg): void => {
    const endpoint = endpoints.get(leg);
    endpoints.delete(leg);
    void endpoint?.release();
  };
  return {
    endpointOf: (leg) => endpoints.get(leg),
    put: (leg, endpoint) => {
      if (endpoints.has(leg)) takeOff(leg);
      endpoints.set(leg, endpoint);
      void leg.ended.then(() => endpoints.get(leg) === endpoint && takeOff(leg));
    },
    takeOff,
    need: (leg) => {
      const reason = {};
      needs.set(leg, (needs.get(leg) ?? new Set()).add(reason));
      return () => {
        const left = needs.get(leg);
        left?.delete(reason);
        if (left?.size === 0) needs.delete(leg);
      };
    },
    isNeeded: (leg) => needs.has(leg),
    get size() {
      return endpoints.size;
    },
  };
};
