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
  const folder = dirname(String(redis.options.path));
  const office = join(folder, 'office.yaml');
  const options = Object.entries(grant).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/token.js', 'create', ...options], {
    env: {
      ...process.env,
      DATA_DIR: folder,
      OFFICE_FILE: existsSync(office) ? office : resolve('config/office.example.yaml'),
    },
  });
  const authorization = `Bearer ${stdout.trim()}`;
  return { authorization, asks: asksWith(http, authorization) };
};
