import { type Event, eventHead } from '../event-socket/event.js';
import type { MediaServer } from '../server.js';
import type { Channel, Order } from './channel.js';
import { channelFacts, variableFacts } from './facts.js';

/** Tells an event of a channel, with its variables. */
export function tell(server: MediaServer, channel: Channel, event: { name: string; more?: Event }): void {
  const head = eventHead(server.core, event.name);
  server.events.publish({ ...head, ...channelFacts(channel), ...variableFacts(channel), ...event.more });
}

/** Tells that an application begins, or is over. */
export function tellApp(server: MediaServer, channel: Channel, about: { order: Order; isOver: boolean }): void {
  const { order, isOver } = about;
  const more: Record<string, string> = { Application: order.app };
  if (order.data !== '') more['Application-Data'] = order.data;
  if (isOver) more['Application-Response'] = channel.response;
  if (order.id !== '') more['Application-UUID'] = order.id;
  tell(server, channel, { name: isOver ? 'CHANNEL_EXECUTE_COMPLETE' : 'CHANNEL_EXECUTE', more });
}

/** Tells that the state of the call changed. */
export function tellCallState(server: MediaServer, channel: Channel, before: string): void {
  tell(server, channel, { name: 'CHANNEL_CALLSTATE', more: { 'Original-Channel-Call-State': before } });
}
