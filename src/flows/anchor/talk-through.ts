import type { Anchors } from '../anchors.js';
import type { LiveCalls } from '../live-calls.js';
import type { Endpoint } from '../media.js';
import type { JoinListener, Leg } from '../ports.js';

/** What putting a phone on an endpoint needs. */
export interface TalkThroughDeps {
  readonly anchors: Anchors;
  readonly live: Pick<LiveCalls, 'talking'>;
}

const lost = { kind: 'failure', text: 'Media Server Lost' } as const;

/**
 * From now on the phone talks through this endpoint. Whoever talks through one that is lost talks to nobody: both legs of
 * the call are ended at once.
 */
export const talkThrough = ({ anchors, live }: TalkThroughDeps, leg: Leg, endpoint: Endpoint): void => {
  if (anchors.endpointOf(leg) === endpoint) return;
  anchors.put(leg, endpoint);
  void endpoint.gone.then(() => {
    if (anchors.endpointOf(leg) !== endpoint) return;
    const talking = live.talking((each) => each === leg);
    talking?.call.log.warn({ server: endpoint.server }, 'endpoint lost, call ended');
    for (const each of talking?.talk.legs ?? [leg]) void each.end(lost);
  });
};

/** What answers the changes of two phones that talk through endpoints, each by its own; nothing where they talk directly. */
export const changesOf = (anchors: Anchors, legs: readonly Leg[]): JoinListener['changes'] =>
  legs.some((leg) => anchors.endpointOf(leg))
    ? async (leg, offer) => anchors.endpointOf(leg)?.change(offer)
    : undefined;
