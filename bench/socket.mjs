// A UDP socket that many legs share: messages find their leg by Call-ID, new calls by the number that is called.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { header, isResponse, userOf } from './sip.mjs';

/** Microseconds on a clock that only goes forward. */
export const now = () => Number(process.hrtime.bigint()) / 1000;

/**
 * Opens a socket on a free port. `heard(text, at)` of a leg is called for each of its messages, `at` being the moment
 * the message was handed to us.
 */
export const openSocket = async (server, host = '127.0.0.1') => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  const legs = new Map();
  const expected = new Map();

  socket.on('message', (data) => {
    const at = now();
    const text = data.toString('latin1');
    const callId = header(text, 'Call-ID');
    const leg = legs.get(callId);
    if (leg) return leg(text, at);
    const answer = isResponse(text) ? undefined : expected.get(userOf(text));
    if (!answer) return;
    expected.delete(userOf(text));
    legs.set(callId, answer);
    answer(text, at);
  });

  return {
    local: `${host}:${port}`,
    host,
    port,
    send: (text) => socket.send(Buffer.from(text, 'latin1'), server.port, server.host),
    add: (callId, heard) => legs.set(callId, heard),
    forget: (callId) => legs.delete(callId),
    /** The next new call to that number is answered by `heard`. */
    expect: (number, heard) => expected.set(number, heard),
    close: () => socket.close(),
  };
};
