import type { MediaServer } from '../server.js';
import type { Channel, Order } from './channel.js';
import { tellApp } from './tell.js';
import { leavePartner, vacate } from './vacate.js';

const bridgeTo = (other: Channel): Order => ({ app: 'uuid_bridge', data: other.id, id: '' });

/** Has two channels hear each other, whatever they did before; their former partners stay parked. */
export function bridge(server: MediaServer, first: Channel, second: Channel): void {
  if (first === second) return;
  const pair = [
    { channel: first, other: second },
    { channel: second, other: first },
  ];
  for (const { channel } of pair) {
    vacate(server, channel, 'moved');
    leavePartner(channel);
  }
  for (const { channel, other } of pair) {
    channel.partner = other;
    channel.state = 'CS_SOFT_EXECUTE';
    channel.variables.set('bridge_uuid', other.id);
  }
  for (const { channel, other } of pair) tellApp(server, channel, { order: bridgeTo(other), isOver: false });
}
