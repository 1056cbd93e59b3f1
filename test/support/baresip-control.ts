import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What baresip says of itself: an event such as CALL_ESTABLISHED, or the answer to a command. */
export interface BaresipNotice {
  readonly event?: boolean;
  readonly type?: string;
  readonly param?: string;
  readonly response?: boolean;
  readonly ok?: boolean;
  readonly data?: string;
}

/** The control of a running baresip. */
export interface BaresipControl {
  /** All that it said so far, in order. */
  readonly notices: readonly BaresipNotice[];
  /** Gives a command, as a person types it. */
  gives(command: string, params?: string): void;
  close(): void;
}

/** Takes whole netstrings (`5:hello,`) off the beginning of what has come in. */
export const netstringsIn = (data: Buffer): { texts: string[]; rest: Buffer } => {
  const texts: string[] = [];
  let rest = data;
  for (;;) {
    const colon = rest.indexOf(':');
    const length = Number(rest.subarray(0, Math.max(0, colon)).toString());
    if (colon < 0 || rest.length < colon + 1 + length + 1) return { texts, rest };
    texts.push(rest.subarray(colon + 1, colon + 1 + length).toString());
    rest = rest.subarray(colon + 1 + length + 1);
  }
};

const connected = async (host: string, port: number, until: number): Promise<Socket> => {
  for (;;) {
    const socket = connect(port, host);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
};

/** Connects to the control port of a baresip that is starting (its module ctrl_tcp). */
export const controlBaresip = async (host: string, port: number, patience: number): Promise<BaresipControl> => {
  const socket = await connected(host, port, Date.now() + patience);
  const notices: BaresipNotice[] = [];
  let rest: Buffer = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const read = netstringsIn(Buffer.concat([rest, data]));
    rest = read.rest;
    for (const text of read.texts) notices.push(JSON.parse(text) as BaresipNotice);
  });
  return {
    notices,
    gives: (command, params = '') => {
      const text = JSON.stringify({ command, params, token: command });
      socket.write(`${Buffer.byteLength(text)}:${text},`);
    },
    close: () => socket.destroy(),
  };
};
