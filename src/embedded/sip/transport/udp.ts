import type { RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from '../clock.js';
import type { Endpoint, Path, Receive } from './path.js';
import { connectedSockets } from './udp-connected.js';
import { makeSocket } from './udp-socket.js';

/** One UDP socket and the ways out of it. */
export interface Udp {
  readonly port: number;
  path(address: string, port: number): Path;
  close(): void;
}

/** Where to listen, as what to be known, and whom to tell. */
export interface UdpOptions {
  readonly host: string;
  readonly port: number;
  readonly local: Endpoint;
  readonly clock: Clock;
  readonly receive: Receive;
}

/** Listens for datagrams. Rejects when the address is taken or not ours. */
export async function openUdp(options: UdpOptions): Promise<Udp> {
  const { host, local, receive } = options;
  const socket = makeSocket(host);
  const listening = once(socket, 'listening');
  socket.bind(options.port, host);
  await listening;
  const port = socket.address().port;
  const arrived = (data: Buffer, from: RemoteInfo): void =>
    receive(data.toString('latin1'), path(from.address, from.port));
  const connected = connectedSockets({ host, port, arrived, clock: options.clock });
  const path = (address: string, peerPort: number): Path => ({
    proto: 'udp',
    local,
    address,
    port: peerPort,
    open: true,
    send: (text) => {
      const data = Buffer.from(text, 'latin1');
      if (!connected.send(address, peerPort, data)) socket.send(data, peerPort, address, () => {});
    },
    onFailure: (listener) => connected.watch(address, peerPort, listener),
  });
  socket.on('message', arrived);
  // Without a connection the kernel has nothing to tell about a peer; what else goes wrong is a lost datagram.
  socket.on('error', () => {});
  return {
    port,
    path,
    close: () => {
      connected.close();
      socket.close();
    },
  };
}
