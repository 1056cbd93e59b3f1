import type { Endpoint } from './media.js';
import type { Leg } from './ports.js';
import { waiters } from './waiters.js';

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
  /** Settles as soon as nobody needs it. */
  unneeded(leg: Leg): Promise<void>;
  /** The phones of these two cannot talk to each other directly, for what they offered or refused. */
  keep(one: Leg, other: Leg): void;
  /** Whether that was found of these two. */
  mustStay(one: Leg, other: Leg): boolean;
  /** Notes whether a call talks through the media server; true if that is news. */
  note(call: object, isAnchored: boolean): boolean;
  /** Legs with an endpoint. */
  readonly size: number;
}

/** An empty register of anchored legs. */
export const makeAnchors = (): Anchors => {
  const endpoints = new Map<Leg, Endpoint>();
  const needs = new Map<Leg, Set<object>>();
  const free = waiters<Leg>();
  const kept = new WeakMap<Leg, Leg>();
  const calls = new Set<object>();
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
        if (left?.size !== 0) return;
        needs.delete(leg);
        free.settle(leg);
      };
    },
    isNeeded: (leg) => needs.has(leg),
    unneeded: async (leg) => (needs.has(leg) ? free.wait(leg) : undefined),
    keep: (one, other) => {
      kept.set(one, other).set(other, one);
    },
    mustStay: (one, other) => kept.get(one) === other && kept.get(other) === one,
    note: (call, isAnchored) => {
      if (calls.has(call) === isAnchored) return false;
      return isAnchored ? calls.add(call) !== undefined : calls.delete(call);
    },
    get size() {
      return endpoints.size;
    },
  };
};
