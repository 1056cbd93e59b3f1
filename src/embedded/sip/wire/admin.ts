import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Endpoint } from '../transport/path.js';
import { type Client, clientOn } from './client.js';
import type { Clients } from './clients.js';
import { frameReader } from './frame-reader.js';

/** An order of the application: its first line in tokens, then the SIP text. */
export interface Order {
  readonly messageId: string;
  readonly tokens: readonly string[];
  readonly sip: string;
}

/** Where applications connect, and what their orders do. */
export interface AdminOptions {
  readonly address: Endpoint;
  readonly secret: string;
  readonly clients: Clients;
  /** What an application hears when it has shown the secret: our addresses and version. */
  readonly greeting: () => string;
  readonly sip: (client: Client, order: Order) => void;
  readonly proxy: (client: Client, order: Order) => void;
  readonly left: (client: Client) => void;
  /** Runs something that must not take the process with it. */
  readonly guard: (what: () => void) => void;
}

/** The listening control port. */
export interface Admin {
  readonly port: number;
  close(): void;
}

function readOrder(payload: string): { verb: string; order: Order } {
  const end = payload.indexOf('\r\n');
  const [messageId = '', verb = '', ...tokens] = (end < 0 ? payload : payload.slice(0, end)).split('|');
  return { verb, order: { messageId, tokens, sip: end < 0 ? '' : payload.slice(end + 2) } };
}

function matches(secret: string, given: string | undefined): boolean {
  const expected = Buffer.from(secret);
  const offered = Buffer.from(given ?? '', 'latin1');
  return expected.length === offered.length && timingSafeEqual(expected, offered);
}

function refuse(client: Client, order: Order, why: string): void {
  client.answer(order.messageId, `NO|${why}`);
  client.close();
}

type Verb = (options: AdminOptions, client: Client, order: Order) => void;

const verbs: Readonly<Record<string, Verb>> = {
  authenticate: (options, client, order) => {
    if (!matches(options.secret, order.tokens[0])) return refuse(client, order, 'incorrect secret');
    client.authenticated = true;
    client.answer(order.messageId, `OK|${options.greeting()}`);
  },
  route: (options, client, order) => {
    options.clients.route(client, order.tokens[0] ?? '');
    client.answer(order.messageId, 'OK');
  },
  remove_route: (options, client, order) => {
    options.clients.removeRoute(client, order.tokens[0] ?? '');
    client.answer(order.messageId, 'OK');
  },
  ping: (_options, client, order) => client.answer(order.messageId, 'OK|pong'),
  sip: (options, client, order) => options.sip(client, order),
  proxy: (options, client, order) => options.proxy(client, order),
};

function obey(options: AdminOptions, client: Client, payload: string): void {
  const { verb, order } = readOrder(payload);
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!act) {
    refuse(client, order, 'Unknown message type');
    return;
  }
  if (!client.authenticated && verb !== 'authenticate') {
    refuse(client, order, 'not authenticated');
    return;
  }
  act(options, client, order);
}

function serve(options: AdminOptions, socket: Socket): void {
  const client = clientOn(socket);
  const reader = frameReader((payload) => options.guard(() => obey(options, client, payload)));
  socket.setNoDelay(true);
  socket.on('data', (piece) => {
    if (!reader.push(piece)) socket.destroy();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    options.clients.remove(client);
    options.guard(() => options.left(client));
  });
}

/** Listens for applications. Rejects when the address is taken or not ours. */
export async function openAdmin(options: AdminOptions): Promise<Admin> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(options, socket);
  });
  server.listen(options.address.port, options.address.host);
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : options.address.port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
