import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Peer } from './phone-transport.js';
import { type Chance, chanceOf } from './race-chance.js';

/** Who takes the relay down when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** A bad line: how often a datagram is lost or doubled, and how many milliseconds late it may be. */
export interface Line {
  readonly seed: number;
  readonly loss: number;
  readonly doubled: number;
  readonly late: number;
}

/** What the relays of a test have done to its datagrams. */
export interface Damage {
  passed: number;
  lost: number;
  doubled: number;
}

const open = async (): Promise<Socket> => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  // A phone that is gone answers with ICMP; a relay just goes on.
  socket.on('error', () => undefined);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

/** Writes one address for another, whole: port 5060 is not the beginning of port 50601. */
const swapped = (text: string, swaps: readonly [from: Peer, to: Peer][]): string =>
  swaps.reduce((all, [from, to]) => {
    const whole = new RegExp(`${from.host.replaceAll('.', '\\.')}:${from.port}(?!\\d)`, 'g');
    return all.replace(whole, `${to.host}:${to.port}`);
  }, text);

const peerOf = (socket: Socket): Peer => {
  const { address, port } = socket.address();
  return { host: address, port };
};

/**
 * Stands between phones and the service on lines that lose, double and reorder datagrams. Each side sees the relay in
 * the other's place, also inside the messages, so that nothing of a dialog finds a way around it. Bodies stay as they
 * are: a description names host and port apart.
 */
export const badLines = (t: Stage, line: Line) => {
  const sockets: Socket[] = [];
  const damage: Damage = { passed: 0, lost: 0, doubled: 0 };
  t.teardown(async () => {
    await Promise.all(sockets.map((socket) => new Promise<void>((closed) => socket.close(() => closed()))));
    sockets.length = 0;
  });

  const pass = (chance: Chance, send: () => void): void => {
    const times = chance.happens(line.loss) ? 0 : chance.happens(line.doubled) ? 2 : 1;
    if (times === 0) damage.lost += 1;
    else damage.passed += 1;
    if (times === 2) damage.doubled += 1;
    for (let time = 0; time < times; time += 1) {
      setTimeout(() => sockets.length > 0 && send(), chance.between(0, line.late));
    }
  };

  const between = async (server: Peer, phone: () => Peer): Promise<Peer> => {
    const [service, handset] = [await open(), await open()];
    sockets.push(service, handset);
    const chance = chanceOf(line.seed, sockets.length);
    // The service knows the phone by the first socket, the phone knows the service by the second.
    handset.on('message', (bytes) => {
      const out = swapped(bytes.toString(), [
        [peerOf(handset), server],
        [phone(), peerOf(service)],
      ]);
      pass(chance, () => service.send(out, server.port, server.host));
    });
    service.on('message', (bytes) => {
      const to = phone();
      const out = swapped(bytes.toString(), [
        [server, peerOf(handset)],
        [peerOf(service), to],
      ]);
      pass(chance, () => handset.send(out, to.port, to.host));
    });
    return peerOf(handset);
  };
  return { between, damage };
};
