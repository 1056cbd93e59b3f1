import { cpus } from 'node:os';
import type { MediaServer } from '../server.js';
import { eventHead } from './event.js';

/** Seconds between two heartbeats, as in FreeSWITCH's own configuration. */
const interval = 20;

/** The version that is told; fsmrf shows it. */
export const version = '1.10.12-callpickup';

function printUptime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60];
  return `0 years, ${days} days, ${hours} hours, ${minutes} minutes, ${rest} seconds, ${ms % 1000} milliseconds, 0 microseconds`;
}

/** How long the server has been up, in FreeSWITCH's words. */
export const uptimeOf = ({ core }: MediaServer): string => printUptime(Date.now() - core.started);

function idleShare(): () => number {
  const read = () => {
    const times = cpus().map((cpu) => cpu.times);
    const idle = times.reduce((sum, time) => sum + time.idle, 0);
    return { idle, all: times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq + time.idle, 0) };
  };
  let before = read();
  return () => {
    const now = read();
    const share = now.all === before.all ? 1 : (now.idle - before.idle) / (now.all - before.all);
    before = now;
    return share;
  };
}

/** Tells how the server is, again and again; the result stops it. */
export function beat(server: MediaServer): () => void {
  const idle = idleShare();
  const timer = setInterval(() => {
    const { channels, counts, core, mostSessions } = server;
    server.events.publish({
      ...eventHead(core, 'HEARTBEAT'),
      'Event-Info': 'System Ready',
      'Up-Time': uptimeOf(server),
      'FreeSWITCH-Version': version,
      'Uptime-msec': String(Date.now() - core.started),
      'Session-Count': String(channels.size),
      'Max-Sessions': String(mostSessions),
      'Session-Per-Sec': '100',
      'Session-Since-Startup': String(counts.total),
      'Session-Peak-Max': String(counts.peak),
      'Idle-CPU': (100 * idle()).toFixed(6),
    });
  }, interval * 1000);
  timer.unref();
  return () => clearInterval(timer);
}
