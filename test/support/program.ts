import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Asks, asksWith } from './requests.js';
import type { RunningService } from './service.js';

/** What a program's token is good for, in the words of `npm run token`. */
export interface Grant {
  readonly role: string;
  readonly tenant?: string;
  readonly extension?: string;
  readonly user?: string;
}

/** A program of somebody's, with a token of its own. */
export interface Program {
  readonly authorization: string;
  readonly asks: Asks;
}

/** Makes a token as an administrator does, beside the running service, and gives it to a program. */
export const program = async (
  { redis, http }: Pick<RunningService, 'redis' | 'http'>,
  grant: Grant,
): Promise<Program> => {
  const { path, host, port } = redis.options;
  // A service with a Redis of its own has its office beside it; those that share one have it in there.
  const store = path ? { DATA_DIR: dirname(path) } : { REDIS_URL: `redis://${host}:${port}` };
  const office = join(dirname(path ?? ''), 'office.yaml');
  const options = Object.entries(grant).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/token.js', 'create', ...options], {
    env: {
      ...process.env,
      ...store,
      OFFICE_FILE: existsSync(office) ? office : resolve('config/office.example.yaml'),
    },
  });
  const authorization = `Bearer ${stdout.trim()}`;
  return { authorization, asks: asksWith(http, authorization) };
};
