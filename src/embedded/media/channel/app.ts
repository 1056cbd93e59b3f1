import type { MediaServer } from '../server.js';
import type { Channel, Order, Run } from './channel.js';

/** What an application works with. */
export interface Stage {
  readonly server: MediaServer;
  readonly channel: Channel;
  readonly order: Order;
  /** It takes its time: `finish` is called later. */
  occupy(run: Omit<Run, 'order'>): void;
  /** It is over; what is told of how it went. */
  finish(response?: string): void;
}

/** An application: calls `finish` once, now or, after `occupy`, later. */
export type App = (stage: Stage) => void;
