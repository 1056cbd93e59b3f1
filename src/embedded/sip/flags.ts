import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { StartOptions } from './start.js';
import type { Endpoint } from './transport/path.js';

/** What the command line asks for. */
export interface Flags extends StartOptions {
  /** End when standard input is closed: whoever started us is gone. */
  readonly stdinGuard: boolean;
}

/** How it is called. */
export const usage =
  'usage: main.js --admin HOST:PORT --sip HOST:PORT [--sip ...] (--secret S | --secret-file F) [--allow-remote] [--stdin-guard]';

function readAddress(text: string, allowRemote: boolean): Endpoint {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (!isIP(host) || port > 65535) throw new Error(`"${text}" is no IP address with a port`);
  const isLoopback = host.startsWith('127.') || host === '::1';
  if (!isLoopback && !allowRemote)
    throw new Error(`${host} is not a loopback address; this engine is for development, --allow-remote overrides that`);
  return { host, port };
}

/** Reads the command line; throws an error with one clear line. */
export function readFlags(args: string[]): Flags {
  const { values } = parseArgs({
    args,
    options: {
      admin: { type: 'string' },
      sip: { type: 'string', multiple: true },
      secret: { type: 'string' },
      'secret-file': { type: 'string' },
      'allow-remote': { type: 'boolean', default: false },
      'stdin-guard': { type: 'boolean', default: false },
    },
  });
  const remote = values['allow-remote'];
  const secret = values.secret ?? (values['secret-file'] ? readFileSync(values['secret-file'], 'utf8').trim() : '');
  if (!values.admin || !values.sip?.length) throw new Error(usage);
  if (secret === '') throw new Error(`a secret is needed\n${usage}`);
  return {
    admin: readAddress(values.admin, remote),
    sip: values.sip.map((text) => readAddress(text, remote)),
    secret,
    stdinGuard: values['stdin-guard'],
  };
}
