import { randomUUID } from 'node:crypto';
import type { MediaServer } from '../server.js';
import type { Channel } from './channel.js';
import { tellApp, tellCallState } from './tell.js';
import { leavePartner, vacate } from './vacate.js';

/** Takes a channel out of whatever it is in: it hears silence, and nobody hears it. */
export function park(server: MediaServer, channel: Channel): void {
  vacate(server, channel, 'moved');
  leavePartner(channel);
  channel.state = 'CS_ROUTING';
  channel.callState = 'RINGING';
  tellCallState(server, channel, 'ACTIVE');
  channel.state = 'CS_EXECUTE';
  channel.callState = 'ACTIVE';
  tellCallState(server, channel, 'RINGING');
  channel.base = { app: 'park', data: '', id: randomUUID() };
  channel.variables.set('current_application', 'park');
  tellApp(server, channel, { order: channel.base, isOver: false });
}
