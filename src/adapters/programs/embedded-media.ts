import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../flows/ports.js';
import { type Supervised, supervise } from './child.js';

/** Where the embedded media server takes commands. */
export interface EmbeddedMedia extends Supervised {
  readonly control: { readonly host: string; readonly port: number; readonly secret: string };
}

/** It is a program of its own, as FreeSWITCH is: it is started, never imported. */
const program = fileURLToPath(new URL('../../embedded/media/main.js', import.meta.url));

/** Starts the embedded media server with a secret of its own and keeps it running. */
export const startEmbeddedMedia = async (
  { bind, dataDir }: { bind: { host: string; port: number }; dataDir: string },
  log: Log,
): Promise<EmbeddedMedia> => {
  const secret = randomBytes(24).toString('hex');
  const secretFile = resolve(dataDir, 'media.secret');
  mkdirSync(resolve(dataDir), { recursive: true, mode: 0o700 });
  writeFileSync(secretFile, secret, { mode: 0o600 });
  const fixed = [
    '--sip',
    `${bind.host}:${bind.port}`,
    '--rtp',
    bind.host,
    '--secret-file',
    secretFile,
    '--stdin-guard',
    // Who names another address wants it.
    ...(bind.host.startsWith('127.') ? [] : ['--beyond-loopback']),
  ];
  // Started again it takes commands where it did before.
  const args = (before = '') => [program, '--esl', readReady(before) ?? '127.0.0.1:0', ...fixed];
  const ready = (line: string) => readReady(line) !== undefined;
  const media = await supervise({ name: 'embedded media server', command: process.execPath, args, ready }, log);

  const [host = '', port = ''] = (readReady(media.readyLine) ?? '').split(':');
  log.info({ esl: `${host}:${port}` }, 'embedded media server started; set FREESWITCH_HOST to use FreeSWITCH');
  return { ...media, control: { host, port: Number(port), secret } };
};

const readReady = (line: string): string | undefined => {
  try {
    const said = JSON.parse(line) as { esl?: unknown };
    return typeof said.esl === 'string' ? said.esl : undefined;
  } catch {
    return undefined;
  }
};
