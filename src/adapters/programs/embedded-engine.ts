import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../flows/ports.js';
import { type Supervised, supervise } from './child.js';

/** Where the embedded SIP engine listens. */
export interface EmbeddedEngine extends Supervised {
  readonly control: { readonly host: string; readonly port: number; readonly secret: string };
  readonly sip: readonly string[];
}

/** The engine is a program of its own, as drachtio-server is: it is started, never imported. */
const program = fileURLToPath(new URL('../../embedded/sip/main.js', import.meta.url));

/** Starts the embedded SIP engine with a secret of its own and keeps it running. */
export const startEmbeddedEngine = async (
  { bind, dataDir }: { bind: { host: string; port: number }; dataDir: string },
  log: Log,
): Promise<EmbeddedEngine> => {
  const secret = randomBytes(24).toString('hex');
  const secretFile = resolve(dataDir, 'engine.secret');
  mkdirSync(resolve(dataDir), { recursive: true, mode: 0o700 });
  writeFileSync(secretFile, secret, { mode: 0o600 });
  const address = bind.host.includes(':') ? `[${bind.host}]:${bind.port}` : `${bind.host}:${bind.port}`;
  const control = await freePort();
  const fixed = ['--admin', `127.0.0.1:${control}`, '--secret-file', secretFile, '--stdin-guard'];
  // Started again it listens where it did before, also if any free port was asked for.
  const args = (before = '') => [program, ...fixed, '--sip', readReady(before)?.sip[0] ?? address];
  const ready = (line: string) => readReady(line) !== undefined;
  const engine = await supervise({ name: 'embedded SIP engine', command: process.execPath, args, ready }, log);

  const sip = readReady(engine.readyLine)?.sip ?? [];
  log.info({ sip }, 'embedded SIP engine started; set DRACHTIO_HOST to use drachtio-server');
  return { ...engine, control: { host: '127.0.0.1', port: control, secret }, sip };
};

/** A port for the control connection that stays the same when the engine is started again. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const readReady = (line: string): { sip: string[] } | undefined => {
  try {
    const said = JSON.parse(line) as { sip?: unknown };
    return Array.isArray(said.sip) ? { sip: said.sip.map(String) } : undefined;
  } catch {
    return undefined;
  }
};
