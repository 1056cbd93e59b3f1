import { networkInterfaces } from 'node:os';
import type { Clock } from '../clock.js';
import type { Endpoint, Hop, Path, Receive } from './path.js';
import { literalPlace, type Place, resolvePlace } from './resolve.js';
import { openTcp, type Tcp } from './tcp.js';
import { openUdp, type Udp } from './udp.js';

/** All sockets of the engine. */
export interface Transports {
  readonly endpoints: readonly Endpoint[];
  /** A way to that hop from `local`, or from the first address of the right family. Never throws: a bad way fails. */
  reach(hop: Hop, local?: Endpoint): Path;
  /** True when that hop is one of our own addresses. */
  isOurs(hop: Hop): boolean;
  close(): void;
}

interface Listener {
  readonly local: Endpoint;
  readonly udp: Udp;
  readonly tcp: Tcp;
}

/** Where to listen and whom to tell. */
export interface TransportOptions {
  readonly addresses: readonly Endpoint[];
  readonly clock: Clock;
  readonly receive: Receive;
  readonly lost: Receive;
}

function advertisedHost(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const outward = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return outward.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}

/** One port for both: TCP takes a free one first, because only TCP refuses to share it. */
async function listen(options: TransportOptions, { host, port }: Endpoint, tries = 5): Promise<Listener> {
  const local = { host: advertisedHost(host), port };
  const tcp = await openTcp({ ...options, host, port, local });
  local.port = tcp.port;
  try {
    return { local, tcp, udp: await openUdp({ ...options, host, port: tcp.port, local }) };
  } catch (problem) {
    tcp.close();
    // A port that TCP found free may be taken on UDP; if it was ours to choose, choose another.
    if (port !== 0 || tries <= 1) throw problem;
    return listen(options, { host, port }, tries - 1);
  }
}

/** A way to a name: what is sent waits until the name is known. */
function pathOnceResolved(hop: Hop, local: Endpoint, open: (place: Place) => Path): Path {
  let path: Path | undefined;
  let failed = false;
  const listeners = new Set<() => void>();
  const unsent: string[] = [];
  resolvePlace(hop)
    .then((place) => {
      path = open(place);
      for (const listener of listeners) path.onFailure(() => listeners.has(listener) && listener());
      for (const text of unsent) path.send(text);
    })
    .catch(() => {
      failed = true;
      for (const listener of [...listeners]) listener();
    });
  return {
    proto: hop.proto,
    local,
    get address() {
      return path?.address ?? hop.host;
    },
    get port() {
      return path?.port ?? hop.port ?? 5060;
    },
    get open() {
      return !failed && (path?.open ?? true);
    },
    send: (text) => (path ? path.send(text) : unsent.push(text)),
    onFailure: (listener) => {
      if (path) return path.onFailure(listener);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Opens every address, or none: rejects with the first problem. */
export async function openTransports(options: TransportOptions): Promise<Transports> {
  const listeners: Listener[] = [];
  for (const address of options.addresses) listeners.push(await listen(options, address));
  const choose = (hop: Hop, local?: Endpoint): Listener => {
    const chosen = listeners.find((listener) => listener.local === local);
    const sameFamily = listeners.find((listener) => listener.local.host.includes(':') === hop.host.includes(':'));
    const first = chosen ?? sameFamily ?? listeners[0];
    if (!first) throw new Error('no SIP address to send from');
    return first;
  };
  return {
    endpoints: listeners.map(({ local }) => local),
    isOurs: (hop) => listeners.some(({ local }) => local.host === hop.host && local.port === (hop.port ?? 5060)),
    reach: (hop, local) => {
      const listener = choose(hop, local);
      const open = ({ address, port }: Place): Path =>
        hop.proto === 'udp' ? listener.udp.path(address, port) : listener.tcp.reach(address, port);
      const place = literalPlace(hop);
      return place ? open(place) : pathOnceResolved(hop, listener.local, open);
    },
    close: () => {
      for (const { udp, tcp } of listeners) {
        udp.close();
        tcp.close();
      }
    },
  };
}
