import type { MediaServer } from '../server.js';
import type { Channel, Stop } from './channel.js';
import { endRun } from './end-run.js';
import { tellApp } from './tell.js';

/** Breaks off whatever runs on a channel, the innermost first, and what waited; its base is over too. */
export function vacate(server: MediaServer, channel: Channel, why: Stop): void {
  channel.waiting.length = 0;
  for (let run = channel.runs.at(-1); run; run = channel.runs.at(-1)) {
    run.stop(why);
    endRun(server, channel, run);
  }
  const { base } = channel;
  channel.base = undefined;
  if (base) tellApp(server, channel, { order: base, isOver: true });
}

/** Takes a channel out of its bridge; the other one stays, parked, and is returned. */
export function leavePartner(channel: Channel): Channel | undefined {
  const { partner } = channel;
  if (!partner) return undefined;
  channel.partner = undefined;
  partner.partner = undefined;
  partner.state = 'CS_PARK';
  return partner;
}
