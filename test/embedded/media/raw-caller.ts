import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** An application that takes a media server's connections and says nothing. */
export const application = async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.write('connect\n\n');
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const hangsUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = () => {
    hangsUp();
    server.close();
  };
  return { at: `127.0.0.1:${port}`, sockets, hangsUp, close };
};

const offer = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 9 RTP/AVP 0 101'],
  ...['a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

let calls = 0;

/** Requests of SIP as fsmrf's would come, of a call of its own each. */
export const requests = (sip: number, from: number, application: string) => {
  calls += 1;
  const call = `raw-${calls}`;
  const request = (method: string, more: { toTag?: string; body?: string; seq?: number } = {}): string => {
    const { toTag, body = '', seq = 1 } = more;
    const lines = [
      `${method} sip:drachtio@127.0.0.1:${sip} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${from};branch=z9hG4bK${call}${method === 'ACK' ? 'ack' : ''}${seq}`,
      ...[`From: <sip:raw@127.0.0.1>;tag=${call}`, `To: <sip:drachtio@127.0.0.1>${toTag ? `;tag=${toTag}` : ''}`],
      ...[`Call-ID: ${call}`, `CSeq: ${seq} ${method}`, `Contact: <sip:raw@127.0.0.1:${from}>`, 'Max-Forwards: 70'],
      ...['User-Agent: drachtio-fsmrf:raw', `X-esl-outbound: ${application}`],
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  };
  return { call, request, invite: () => request('INVITE', { body: offer }) };
};

/** A caller over UDP that reads what it is answered. */
export const rawCaller = async (sip: number) => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (bytes) => {
    heard.push(bytes.toString());
    for (const look of waiting) look();
  });
  const sends = (text: string | Buffer): void => socket.send(text, sip, '127.0.0.1');
  const answer = (call: string, atLeast = 200): Promise<string> =>
    new Promise((resolve) => {
      const look = () => {
        const found = heard.find(
          (text) => text.includes(`Call-ID: ${call}\r\n`) && Number(text.slice(8, 11)) >= atLeast,
        );
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  /** A call that stands; the result is its final answer. */
  const calls = async (application: string): Promise<string> => {
    const { call, request, invite } = requests(sip, port, application);
    sends(invite());
    const final = await answer(call);
    const toTag = /^To:.*;tag=([^\s;]+)/im.exec(final)?.[1] ?? '';
    sends(request('ACK', { toTag }));
    return final;
  };
  return { port, sends, answer, calls, close: () => socket.close() };
};
