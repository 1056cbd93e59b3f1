import type Mrf from 'drachtio-fsmrf';
import type { EndpointRequest } from '../../flows/media.js';
import type { SeenServer } from '../../flows/media-meter.js';
import type { Log } from '../../flows/ports.js';
import { makeHeartbeat } from './heartbeat.js';
import { holdEndpoints } from './held-endpoints.js';
import { type KeptLink, keepLink } from './kept-link.js';
import { forgetLife, type Life, tendLives } from './lives.js';
import { fullness, type Load } from './load.js';
import type { MrfPlace } from './mrf.js';
import type { Opened } from './open-endpoint.js';
import { openWatched } from './open-watched.js';
import { type PulseParts, takePulse } from './pulse.js';
import type { MediaStack } from './sip-stack.js';
import { makeTrust } from './trust.js';

/** One media server: connected to, watched, and our endpoints on it. */
export interface MediaServer extends SeenServer {
  readonly name: string;
  readonly load: Load;
  open(request: EndpointRequest): Promise<Opened>;
  /** Every SIP dialog is lost: ends the channels by command. */
  loseSip(): void;
  /** Releases all endpoints and disconnects. */
  stop(): Promise<void>;
}

/** What a media server is made of. */
export interface MediaServerParts {
  /** As it was configured. */
  readonly name: string;
  readonly place: MrfPlace;
  readonly stack: MediaStack;
  /** A new life of this instance: each connection is one, so that what it left on the server when it was lost is ended. */
  live(): Life;
  /** The operator's sounds, as the server sees their folder. */
  readonly folder: string | undefined;
  readonly log: Log;
}

/** Connects to a media server, and again whenever it is lost. */
export const makeMediaServer = (parts: MediaServerParts): MediaServer => {
  const { name, stack, folder, log } = parts;
  const heartbeat = makeHeartbeat();
  const endpoints = holdEndpoints(heartbeat.count);
  const trust = makeTrust();
  let life = parts.live();

  const tend = (now?: number): void => {
    if (kept.link) void tendLives({ link: kept.link, life, now, interval: heartbeat.interval, server: name, log });
  };
  const kept = keepLink(parts, {
    up: () => {
      heartbeat.begin();
      pulse.begin();
      trust.begin();
      life = parts.live();
      tend();
    },
    down: endpoints.lose,
    heartbeat: (event: Mrf.EslEvent) => tend(heartbeat.take(event)),
  });
  const pulse = takePulse(questionsTo(kept, parts));
  const open = async (request: EndpointRequest): Promise<Opened> => {
    const { link } = kept;
    if (!link) return { outcome: 'failed', isLate: false };
    const opening = { request, server: name, link, stack, life: life.id, folder, trust };
    const opened = await openWatched(opening, pulse);
    if (opened.outcome === 'failed' && opened.isLate) trust.wasLate();
    if (opened.outcome !== 'opened') return opened;
    endpoints.add(opened.endpoint);
    if (kept.link !== link) opened.endpoint.lose();
    return opened;
  };

  return {
    name,
    get takesCalls() {
      const answers = kept.link !== undefined && heartbeat.isFresh && !pulse.isSilent;
      return answers && !trust.isResting && fullness(heartbeat.load) < 1;
    },
    get load() {
      return heartbeat.load;
    },
    get endpoints() {
      return endpoints.size;
    },
    get heartbeatAge() {
      return heartbeat.age;
    },
    open,
    loseSip: () => endpoints.kill(kept.link),
    stop: async () => {
      pulse.stop();
      await endpoints.release();
      if (kept.link) await forgetLife(kept.link, life.id);
      kept.stop();
    },
  };
};

/** Whether a server is there is asked by a command that costs it nothing. */
const questionsTo = (kept: KeptLink, { name, log }: MediaServerParts): PulseParts => ({
  ask: async (milliseconds) => kept.link?.api('strepoch', milliseconds),
  get isConnected() {
    return kept.link !== undefined;
  },
  silent: () => log.warn({ server: name }, 'media server does not answer, not used until it does'),
  lost: () => kept.drop('does not answer'),
});
