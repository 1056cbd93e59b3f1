import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

const mostTries = 100;

const bound = async (address: string): Promise<Socket> => {
  const family = isIPv6(address) ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Descriptions name numbers only, so there is nothing to look up, and a packet goes at once.
    lookup: (host, _options, found) => found(null, host, family),
  });
  // With nothing to look up it listens at once: who waits has to wait before.
  const listening = once(socket, 'listening');
  socket.bind(0, address);
  await listening;
  // What is lost on the way is lost, as with any packet.
  socket.on('error', () => undefined);
  return socket;
};

/**
 * A UDP socket on a free even port (RFC 3550 section 11).
 * @throws if the address is none of this machine, or no such port is free.
 */
export const evenPort = async (address: string): Promise<Socket> => {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const socket = await bound(address);
    if (socket.address().port % 2 === 0) return socket;
    socket.close();
  }
  throw new Error('no even UDP port is free');
};
