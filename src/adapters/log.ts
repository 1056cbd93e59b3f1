import { pino } from 'pino';
import type { Log } from '../flows/ports.js';

/** JSON lines on standard output; the message is a fixed text, facts stand beside it. */
export const makeLog = (level: string, instance: string): Log =>
  pino({
    level,
    base: { instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['secret', 'password', 'replacePin', 'authorization'].flatMap((name) => [name, `*.${name}`]),
  });
