import type Srf from 'drachtio-srf';
import { connectMedia, type MediaSide } from '../../../src/adapters/media/media-servers.js';
import type { CallId } from '../../../src/domain/names.js';
import type { SeenServer } from '../../../src/flows/media-meter.js';
import type { Log } from '../../../src/flows/ports.js';
import { ownMediaServer } from '../../support/media-server.js';

/** Who ends it when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** Where a media server is. */
export interface Place {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  /** Where its event sockets are told to come to, if not to where we listen. */
  readonly advertise?: { readonly host: string; readonly port: number };
}

/** The media server that the environment names, or an embedded one of the test's own. */
export const somewhere = async (t: Stage): Promise<Place> => {
  const { FREESWITCH_HOST: host, FREESWITCH_PORT: port, FREESWITCH_SECRET: secret } = process.env;
  if (host && secret) return { name: `FreeSWITCH at ${host}`, host, port: Number(port ?? 8021), secret };
  return placeOf(await ownMediaServer(t));
};

/** Where a media server of the test's own is. */
export const placeOf = ({ name, env }: { name: string; env: Readonly<Record<string, string>> }): Place => ({
  name,
  host: env.FREESWITCH_HOST ?? '',
  port: Number(env.FREESWITCH_PORT),
  secret: env.FREESWITCH_SECRET ?? '',
});

/** The port under test, what it said, and what it counts. */
export interface Tried extends MediaSide {
  readonly said: readonly { readonly message: string; readonly server?: unknown; readonly why?: unknown }[];
  seen(server: string): SeenServer | undefined;
  /** Settles when at least one server takes endpoints. */
  up(): Promise<void>;
}

/** Connects to media servers as the service does. */
export const trying = (t: Stage, srf: Srf, places: readonly Place[], instance = 'adapter-test'): Tried => {
  const said: { message: string }[] = [];
  const seen = new Map<string, SeenServer>();
  const say = (facts: object, message: string) => void said.push({ message, ...facts });
  const log: Log = { info: say, warn: say, error: say, child: () => log };
  const side = connectMedia({
    places: places.map((place) => ({ listen: undefined, advertise: undefined, ...place })),
    ...{ srf, instance, address: `udp/test-${process.pid}`, folder: '/nowhere' },
    meter: { watch: (name, server) => void seen.set(name, server), opened: () => undefined },
    log,
  });
  t.teardown(() => side.stop());
  return Object.defineProperties(
    {
      said,
      seen: (server: string) => seen.get(server),
      up: () => until(() => side.isUp, 'no media server is up', 20_000),
    },
    Object.getOwnPropertyDescriptors(side),
  ) as unknown as Tried;
};

/** Settles when it is so. */
export const until = async (isSo: () => boolean, otherwise: string, patience = 10_000): Promise<void> => {
  for (const end = Date.now() + patience; !isSo(); ) {
    if (Date.now() > end) throw new Error(otherwise);
    await new Promise((later) => setTimeout(later, 20));
  }
};

/** A call's id. */
export const call = 'a call' as CallId;
