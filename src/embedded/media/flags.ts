import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { parseArgs } from 'node:util';
import type { Endpoint } from '../sip/transport/path.js';

/** What the command line asks for. */
export interface Flags {
  /** Where the event socket listens. */
  readonly esl: Endpoint;
  readonly sip: Endpoint;
  /** The address for RTP. */
  readonly rtp: string;
  readonly secret: string;
  readonly mostSessions: number;
  /** End when standard input is closed: whoever started us is gone. */
  readonly stdinGuard: boolean;
}

/** How it is called. */
export const usage =
  'usage: main.js --esl HOST:PORT --sip HOST:PORT --rtp HOST --secret-file F [--most-sessions N] [--stdin-guard] [--beyond-loopback]';

/** As many as one core mixes with room to spare. */
const usualSessions = '200';

function checkHost(host: string, isBeyond: boolean): void {
  // fsmrf understands IPv4 only in what `sofia status` says.
  if (!isIPv4(host)) throw new Error(`"${host}" is no IPv4 address`);
  if (host.startsWith('127.') || isBeyond) return;
  throw new Error(
    `${host} is not a loopback address; this media server is for development, --beyond-loopback overrides that`,
  );
}

function readAddress(text: string, isBeyond: boolean): Endpoint {
  const match = /^([^:]+):(\d{1,5})$/.exec(text);
  const [host, port] = [match?.[1] ?? '', Number(match?.[2])];
  if (!match || port > 65535) throw new Error(`"${text}" is no IPv4 address with a port`);
  checkHost(host, isBeyond);
  return { host, port };
}

/** Reads the command line; throws an error with one clear line. */
export function readFlags(args: string[]): Flags {
  const { values } = parseArgs({
    args,
    options: {
      esl: { type: 'string' },
      sip: { type: 'string' },
      rtp: { type: 'string' },
      'secret-file': { type: 'string' },
      'most-sessions': { type: 'string', default: usualSessions },
      'stdin-guard': { type: 'boolean', default: false },
      'beyond-loopback': { type: 'boolean', default: false },
    },
  });
  const { esl, sip, rtp, 'secret-file': file, 'beyond-loopback': isBeyond } = values;
  if (!esl || !sip || !rtp || !file) throw new Error(usage);
  const secret = readFileSync(file, 'utf8').trim();
  if (secret === '') throw new Error(`${file} is empty; a secret is needed`);
  const mostSessions = Number(values['most-sessions']);
  if (!Number.isInteger(mostSessions) || mostSessions < 1) throw new Error('--most-sessions is no number of sessions');
  checkHost(rtp, isBeyond);
  const places = { esl: readAddress(esl, isBeyond), sip: readAddress(sip, isBeyond) };
  return { ...places, rtp, secret, mostSessions, stdinGuard: values['stdin-guard'] };
}
