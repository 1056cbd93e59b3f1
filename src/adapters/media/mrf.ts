import { createRequire } from 'node:module';
import Mrf from 'drachtio-fsmrf';
import { settled } from './deadline.js';
import { freeListener } from './free-listener.js';
import { guardSocket } from './guard-socket.js';
import { receiveChannels } from './introduction.js';
import { dropConnection, linkOf, type MrfLink, type MrfListener, replyTo, watchConnection } from './mrf-link.js';
import { missingModules } from './needed-modules.js';

// Mrf.connect hands its connection out too late to be bounded: it tries an absent server every millisecond and for ever,
// never settles after a wrong secret, and throws out of a socket's callback where the profile is missing. So its two
// steps are done here, with its own classes.
const require = createRequire(import.meta.url);
const MediaServer = require('drachtio-fsmrf/lib/mediaserver') as Mrf.MediaServerClass;
const esl = createRequire(require.resolve('drachtio-fsmrf'))('drachtio-modesl') as Mrf.Esl;

/** Where a media server is, and how its event sockets reach us. */
export interface MrfPlace {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  /** Undefined: the address by which we reach the server, and any port. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  /** What the server is told of it, where that is another address or port. */
  readonly advertise: { readonly host: string; readonly port: number } | undefined;
}

/** Milliseconds for each step of connecting. */
const patience = 2_000;

const profile = 'drachtio_mrf';

/** As fsmrf looks for it: an IPv4 address, the usual contact user. */
const profileLine = new RegExp(`^\\s*${profile}\\s.*sip:mod_sofia@(?:\\d{1,3}\\.){3}\\d{1,3}:\\d+`, 'm');

/** Connects to a media server. Rejects with the reason within a few seconds; nothing of the attempt is left then. */
export const connectMrf = async (place: MrfPlace, stack: Mrf.SipStack, listener: MrfListener): Promise<MrfLink> => {
  const connection = await authenticate(place);
  try {
    const status = await replyTo(connection, 'sofia status', patience);
    if (status === undefined) throw new Error('does not answer');
    if (!profileLine.test(status)) throw new Error(`has no SIP profile ${profile} on an IPv4 address`);
    const missing = await missingModules((command) => replyTo(connection, command, patience));
    if (missing.length > 0) throw new Error(`has not loaded ${missing.join(', ')}`);
    const server = await serve(connection, place, stack);
    watchConnection(connection, listener);
    return linkOf(server, connection);
  } catch (error) {
    dropConnection(connection);
    throw error;
  }
};

/** The first step. It must not connect anew by itself: that would be without events, and behind our back. */
const authenticate = async ({ host, port, secret }: MrfPlace): Promise<Mrf.EslConnection> => {
  let timer: NodeJS.Timeout | undefined;
  let ready: () => void = () => undefined;
  const accepted = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const connection = new esl.Connection(host, port, secret, ready);
  connection.initializeRetryVars();
  connection.reconnectOpts = { maxAttempts: 1 };
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string) => () => reject(new Error(why));
    connection.on('esl::connect', () => connection.socket && guardSocket(connection.socket));
    connection.on('error', (error: Error) => reject(error));
    connection.on('esl::event::auth::fail', fail('refuses the secret'));
    connection.on('esl::event::raw::text/rude-rejection', fail('refuses us by its access list'));
    connection.on('esl::end', fail('closed the connection'));
    timer = setTimeout(fail('does not answer'), patience);
  });
  try {
    await Promise.race([accepted, failed]);
    return connection;
  } catch (error) {
    dropConnection(connection);
    throw error;
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
  }
};

/** The second step: where the event sockets of channels come to. */
const serve = async (connection: Mrf.EslConnection, place: MrfPlace, stack: Mrf.SipStack): Promise<Mrf.MediaServer> => {
  const listen = place.listen ?? { host: connection.socket?.localAddress ?? '127.0.0.1', port: 0 };
  await freeListener(listen);
  const { host, port } = place.advertise ?? {};
  const server = new MediaServer(connection, new Mrf(stack), listen.host, listen.port, host, port, profile);
  const ready = new Promise<true>((resolve) => {
    server.once('connect', () => receiveChannels(server));
    server.once('ready', () => resolve(true));
    server.on('error', () => undefined); // It says after a second what our own deadline says.
  });
  if (await settled(patience, ready)) return server;
  server._server?.close();
  throw new Error('does not say its addresses');
};
