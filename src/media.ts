import { connectMedia, type MediaSide, type MediaSideParts } from './adapters/media/media-servers.js';
import { startEmbeddedMedia } from './adapters/programs/embedded-media.js';
import { type Config, type HostPort, isLoopback, type MediaConfig } from './config.js';
import type { MediaServers } from './flows/media.js';
import type { SeenServer } from './flows/media-meter.js';
import type { Log } from './flows/ports.js';

/** The media side of one instance. */
export interface Media {
  readonly servers: MediaServers;
  /** Releases all endpoints, and ends the embedded media server. */
  stop(): Promise<void>;
}

/** What the media side is started with. */
export interface MediaStart extends Pick<MediaSideParts, 'srf' | 'meter' | 'log'> {
  /** Where drachtio listens, once it is connected. */
  readonly connected: Promise<readonly string[]>;
}

/** Media servers, and how to end the one that is ours. */
interface Started {
  readonly places: MediaSideParts['places'];
  /** Only phones of this machine reach it. */
  readonly isNear?: boolean;
  stop?(): Promise<void>;
}

const embeddedName = 'embedded';

/** A server that is not connected to yet. */
const absent: SeenServer = { takesCalls: false, endpoints: 0, heartbeatAge: 0 };

/**
 * Connects to the media servers, or to an embedded one that is started for it. Calls are taken meanwhile: until a server is
 * there, what needs one is refused.
 */
export const startMedia = (config: Config, { connected, ...parts }: MediaStart): Media => {
  let side: MediaSide | undefined;
  let isStopped = false;
  const { instanceId: instance, media } = config;
  for (const server of namesOf(media)) parts.meter.watch(server, absent);
  const serving = serversOf(config, parts.log);
  void Promise.all([serving, connected]).then(([started, addresses]) => {
    const [address = ''] = addresses;
    const places = reachedFrom(addresses, started, parts.log);
    if (!isStopped) side = connectMedia({ ...parts, places, instance, address, folder: media.sounds });
  });
  return {
    servers: {
      get isUp() {
        return side?.isUp ?? false;
      },
      open: async (request) => side?.open(request),
    },
    stop: async () => {
      isStopped = true;
      await side?.stop();
      await (await serving).stop?.();
    },
  };
};

/** What the metrics show from the first scrape, up or not. */
const namesOf = ({ use, servers }: MediaConfig): readonly string[] =>
  use === 'never' ? [] : (servers?.map(({ name }) => name) ?? [embeddedName]);

/** Phones that come by another machine's address would be told to talk to their own. */
const reachedFrom = (addresses: readonly string[], { places, isNear }: Started, log: Log): Started['places'] => {
  const hosts = addresses.map((each) => each.replace(/^\w+\//, '').replace(/:\d+$/, ''));
  if (!isNear || hosts.length === 0 || hosts.some(isLoopback)) return places;
  log.warn({ sip: addresses }, 'embedded media server not used, phones would not reach it: set FREESWITCH_HOST');
  return [];
};

const none: Started = { places: [] };

/** Never rejects: a service without media servers takes calls. */
const serversOf = async ({ media, drachtio, dataDir }: Config, log: Log): Promise<Started> => {
  const { use, servers, bind, listen, advertise } = media;
  if (use === 'never') return none;
  if (servers)
    return { places: servers.map((server, place) => ({ ...server, ...ports({ listen, advertise }, place) })) };
  if (drachtio && !isLoopback(drachtio.host)) {
    log.warn(
      { drachtio: drachtio.host },
      'no media server: drachtio-server would not reach an embedded one; set FREESWITCH_HOST',
    );
    return none;
  }
  try {
    const embedded = await startEmbeddedMedia({ bind, dataDir }, log);
    const place = { name: embeddedName, ...embedded.control, listen, advertise };
    return { places: [place], isNear: isLoopback(bind.host), stop: embedded.stop };
  } catch (error) {
    log.error({ error: String(error) }, 'embedded media server did not start: what needs one is refused');
    return none;
  }
};

/** Each server's event sockets come to a port of their own. */
const ports = ({ listen, advertise }: Pick<MediaConfig, 'listen' | 'advertise'>, place: number) => {
  const next = (address: HostPort | undefined): HostPort | undefined =>
    address && { host: address.host, port: address.port === 0 ? 0 : address.port + place };
  return { listen: next(listen), advertise: next(advertise) };
};
