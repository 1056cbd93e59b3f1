import type { Socket } from 'node:net';
import { printEvent } from './event.js';
import type { Events } from './events.js';
import { type Command, commandReader } from './frame-reader.js';
import { noSubscription, type Subscription, wants } from './subscription.js';

/** A client that does not read for so long is given up. */
const mostUnsent = 8 * 1024 * 1024;

/** One client of the event socket. */
export interface Connection {
  readonly subscription: Subscription;
  isTrusted: boolean;
  /** The channel that it is in charge of, if it is an outbound one. */
  readonly channelId: string | undefined;
  /** The answer to a command: one line. */
  reply(text: string, more?: string): void;
  /** The answer to an `api` command. */
  respond(body: string): void;
  send(text: string): void;
  /** Says goodbye and closes. */
  end(): void;
}

const goodbye = 'Disconnected, goodbye.\n';

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

function disconnectNotice(channelId: string | undefined): string {
  const session = channelId ? `Controlled-Session-UUID: ${channelId}\nContent-Disposition: disconnect\n` : '';
  return `Content-Type: text/disconnect-notice\n${session}Content-Length: ${goodbye.length}\n\n${goodbye}`;
}

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly socket: Socket;
  readonly events: Events;
  readonly channelId?: string;
  /** Obeys one command; commands wait for each other, so that answers come in order. */
  readonly obey: (connection: Connection, command: Command) => void | Promise<void>;
  readonly closed?: () => void;
}

/** Speaks the event socket's protocol on a socket. Nothing that comes in can harm. */
export function speakOn({ socket, events, channelId, obey, closed }: ConnectionOptions): Connection {
  const send = (text: string): void => {
    if (!socket.writable) return;
    socket.write(text);
    if (socket.writableLength > mostUnsent) socket.destroy();
  };
  const connection: Connection = {
    subscription: noSubscription(),
    isTrusted: false,
    channelId,
    send,
    reply: (text, more = '') => send(`Content-Type: command/reply\nReply-Text: ${oneLine(text)}\n${more}\n`),
    respond: (body) => send(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`),
    end: () => {
      send(disconnectNotice(channelId));
      socket.end();
    },
  };
  let inTurn: Promise<void> = Promise.resolve();
  const reader = commandReader((command) => {
    inTurn = inTurn.then(() => obey(connection, command)).catch(() => connection.reply('-ERR failed'));
  });
  const stopListening = events.listen((event) => {
    if (wants(connection.subscription, event)) send(printEvent(event, connection.subscription.format));
  });
  socket.setNoDelay(true);
  socket.on('data', (piece) => {
    if (!reader.push(piece)) socket.destroy();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    stopListening();
    closed?.();
  });
  return connection;
}
