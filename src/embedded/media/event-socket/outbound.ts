import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { controlLost } from '../app/execute.js';
import type { Channel } from '../channel/channel.js';
import { channelData } from '../channel/facts.js';
import { hangUp } from '../channel/hang-up.js';
import type { MediaServer } from '../server.js';
import { type Connection, speakOn } from './connection.js';
import { plainHeaders } from './event.js';
import type { Command } from './frame-reader.js';
import { obeyCommand } from './obey.js';

/** An application that does not take our connection by then is not there. */
const connectTime = 3000;

function introduce(server: MediaServer, channel: Channel, connection: Connection): void {
  const headers = plainHeaders(channelData(server, channel));
  const mode = 'Content-Type: command/reply\nReply-Text: %2BOK%0A\nSocket-Mode: async\nControl: full\n';
  connection.send(`${headers}${mode}\n`);
}

/** Connects a channel to the application that asked for it, which is in charge of it from then on. */
export function connectOutbound(server: MediaServer, channel: Channel, place: { host: string; port: number }): void {
  const data = `${place.host}:${place.port} async full`;
  channel.base = { app: 'socket', data, id: randomUUID() };
  channel.variables.set('current_application', 'socket');
  channel.variables.set('current_application_data', data);
  channel.variables.set('socket_host', place.host);
  const socket = connect({ host: place.host, port: place.port });
  const giveUp = setTimeout(() => socket.destroy(), connectTime);
  let isConnected = false;
  socket.once('connect', () => {
    isConnected = true;
    clearTimeout(giveUp);
  });
  const obey = (connection: Connection, command: Command): void | Promise<void> => {
    if (command.line === 'connect') introduce(server, channel, connection);
    else return obeyCommand(server, connection, command);
  };
  const closed = (): void => {
    clearTimeout(giveUp);
    if (isConnected) controlLost(server, channel);
    else hangUp(server, channel, { cause: 'NORMAL_CLEARING' });
  };
  channel.control = speakOn({ socket, events: server.events, channelId: channel.id, obey, closed });
}
