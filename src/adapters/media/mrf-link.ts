import type Mrf from 'drachtio-fsmrf';
import { settled } from './deadline.js';

/** What happens on a connection. */
export interface MrfListener {
  heartbeat(event: Mrf.EslEvent): void;
  /** The connection is closed or of no use any more; told once, and not after `close`. */
  lost(why: string): void;
}

/** A connection to one media server. Nothing here rejects, but what `createEndpoint` waits for may never come. */
export interface MrfLink {
  /** Runs an event-socket command; undefined if there is no reply in time. */
  api(command: string, milliseconds?: number): Promise<string | undefined>;
  /** Sends an event to the application that runs on a channel. */
  notify(channel: string, headers: Record<string, string>): Promise<boolean>;
  /** INVITEs the server through the SIP stack, and pairs the channel with its event socket. */
  createEndpoint(headers: Record<string, string>): Promise<Mrf.Endpoint | undefined>;
  /** How long the event socket of an INVITE, by the id in its User-Agent, may come after the 200, in milliseconds. */
  awaitChannel(id: string, milliseconds: number): void;
  /** Closes it, and the event sockets of its channels. */
  close(): void;
}

/** How long a server may take to reply to a command, in milliseconds. */
const replyTime = 3_000;

/** Runs a command; undefined if there is no reply in time. */
export const replyTo = (
  connection: Mrf.EslConnection,
  command: string,
  milliseconds = replyTime,
): Promise<string | undefined> =>
  settled(milliseconds, new Promise((resolve) => connection.api(command, (event) => resolve(event.getBody()))));

/** Closes a connection for good. */
export const dropConnection = (connection: Mrf.EslConnection): void => {
  connection.closing = true;
  connection.removeAllListeners();
  connection.socket?.destroy();
};

/** Listens in the place of fsmrf's own listeners, which write to the console and count on the connection's return. */
export const watchConnection = (connection: Mrf.EslConnection, listener: MrfListener): void => {
  for (const event of ['esl::end', 'esl::ready', 'error']) connection.removeAllListeners(event);
  let isLost = false;
  const lost = (why: string) => () => {
    if (!isLost) listener.lost(why);
    isLost = true;
  };
  connection.on('esl::end', lost('connection closed'));
  connection.on('error', lost('connection failed'));
  connection.on('esl::event::disconnect::notice', lost('the server stops'));
  connection.on('esl::event::HEARTBEAT::*', (event: Mrf.EslEvent) => listener.heartbeat(event));
};

/** The connection as the rest of the adapter uses it. */
export const linkOf = (server: Mrf.MediaServer, connection: Mrf.EslConnection): MrfLink => ({
  api: (command, milliseconds) => replyTo(connection, command, milliseconds),
  notify: async (channel, headers) => {
    const sent = new Promise<string | null>((resolve) => {
      connection.sendRecv('sendevent NOTIFY', { 'unique-id': channel, ...headers }, (event) =>
        resolve(event.getHeader('Reply-Text')),
      );
    });
    return (await settled(replyTime, sent))?.startsWith('+OK') ?? false;
  },
  createEndpoint: async (headers) => {
    try {
      return await server.createEndpoint({ headers });
    } catch {
      return undefined;
    }
  },
  awaitChannel: (id, milliseconds) => {
    const pending = server.pendingConnections.get(id);
    if (!pending) return;
    clearTimeout(pending.connTimeout);
    pending.connTimeout = setTimeout(() => server.pendingConnections.delete(id), milliseconds);
  },
  close: () => {
    server.closing = true;
    server._server?.close();
    for (const each of Object.values(server._server?.connections ?? {})) each.socket?.destroy();
    for (const { connTimeout } of server.pendingConnections.values()) clearTimeout(connTimeout);
    server.pendingConnections.clear();
    dropConnection(connection);
  },
});
