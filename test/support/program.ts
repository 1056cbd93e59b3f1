import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { RunningService } from './service.js';

/** What a program's token is good for, in the words of `npm run token`. */
export interface Grant {
  readonly role: string;
  readonly tenant?: string;
  readonly extension?: string;
  readonly user?: string;
}

/** An answer of the service. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/** A program of somebody's, with a token of its own. */
export interface Program {
  readonly authorization: string;
  /** `GET /v1/calls`; the body goes as JSON. */
  asks(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
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
  return {
    authorization,
    asks: async (line, body, headers = {}) => {
      const [method = 'GET', path = '/'] = line.split(' ');
      const answer = await fetch(new URL(path, http), {
        method,
        headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== '';
      return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
    },
  };
};
