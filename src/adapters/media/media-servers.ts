import type Srf from 'drachtio-srf';
import type { Endpoint, EndpointRequest, MediaServers } from '../../flows/media.js';
import type { MediaMeter } from '../../flows/media-meter.js';
import type { Log } from '../../flows/ports.js';
import { newLife } from './lives.js';
import { byLoad } from './load.js';
import { type MediaServer, makeMediaServer } from './media-server.js';
import type { MrfPlace } from './mrf.js';
import { mediaStack } from './sip-stack.js';

/** The media servers, and how to leave them. */
export interface MediaSide extends MediaServers {
  /** Releases all endpoints. */
  stop(): Promise<void>;
}

/** What the media servers are used with. */
export interface MediaSideParts {
  readonly places: readonly (MrfPlace & { readonly name: string })[];
  readonly srf: Srf;
  readonly instance: string;
  /** An address that drachtio listens on. */
  readonly address: string;
  /** The operator's sounds, as the servers see their folder. */
  readonly folder: string | undefined;
  readonly meter: MediaMeter;
  readonly log: Log;
}

/** So many servers are tried for one endpoint: whoever waits for it is a phone. */
const mostTries = 2;

/** Connects to the media servers and stays connected. */
export const connectMedia = ({ places, srf, instance, address, folder, meter, log }: MediaSideParts): MediaSide => {
  const stack = mediaStack(srf);
  const live = () => newLife(instance, address);
  const servers = places.map((place) => makeMediaServer({ name: place.name, place, stack, live, folder, log }));
  for (const server of servers) meter.watch(server.name, server);
  const loseSip = () => {
    for (const server of servers) server.loseSip();
  };
  const lost = ['error', 'reconnecting', 'close'] as const;
  for (const event of lost) srf.on(event, loseSip);
  const choose = makeChoice(servers);
  return {
    get isUp() {
      return servers.some(({ takesCalls }) => takesCalls);
    },
    open: (request) => choose(request, (chosen) => openSomewhere(chosen, request, meter)),
    stop: async () => {
      for (const event of lost) srf.off(event, loseSip);
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
};

type Open = (servers: readonly MediaServer[]) => Promise<Endpoint | undefined>;

/** Two endpoints can only be brought together on one server: those that one call opens at the same time are. */
const makeChoice = (servers: readonly MediaServer[]) => {
  const opening = new Map<string, { readonly servers: readonly MediaServer[]; count: number }>();
  return async ({ call, beside }: EndpointRequest, open: Open): Promise<Endpoint | undefined> => {
    if (beside) return open(servers.filter(({ name }) => name === beside.server && !beside.isGone));
    const chosen = opening.get(call) ?? {
      servers: byLoad(servers.filter(({ takesCalls }) => takesCalls)).slice(0, mostTries),
      count: 0,
    };
    opening.set(call, chosen);
    chosen.count += 1;
    const endpoint = await open(chosen.servers);
    chosen.count -= 1;
    if (chosen.count === 0) opening.delete(call);
    return endpoint;
  };
};

const openSomewhere = async (
  servers: readonly MediaServer[],
  request: EndpointRequest,
  meter: MediaMeter,
): Promise<Endpoint | undefined> => {
  for (const server of servers) {
    const start = performance.now();
    const opened = await server.open(request);
    meter.opened(opened.outcome, (performance.now() - start) / 1000);
    if (opened.outcome === 'opened') return opened.endpoint;
    if (opened.outcome === 'refused') return undefined;
  }
  return undefined;
};
