import type { MediaServer } from '../server.js';
import type { Channel, Run } from './channel.js';
import { tellApp } from './tell.js';

/** An application is over: the channel goes back to what ran before. */
export function endRun(server: MediaServer, channel: Channel, run: Run): void {
  const index = channel.runs.indexOf(run);
  if (index < 0) return;
  channel.runs.splice(index, 1);
  tellApp(server, channel, { order: run.order, isOver: true });
}
