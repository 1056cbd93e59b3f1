import { createHash, randomBytes } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { RunningService } from '../support/service.js';

/** Who asks. `nobody` is a manager whose own phone is not registered: its pickups ring nowhere. */
export const grants = {
  viewer: { role: 'VIEWER', tenant: 'acme' },
  manager: { role: 'MANAGER', tenant: 'acme' },
  nobody: { role: 'MANAGER', tenant: 'acme', extension: '106' },
  owner: { role: 'OWNER', tenant: 'acme' },
  personal: { role: 'PERSONAL', tenant: 'acme', extension: '102' },
  reseller: { role: 'RESELLER', brand: 'nordic' },
  admin: { role: 'ADMIN' },
  globex: { role: 'OWNER', tenant: 'globex' },
} as const;

/** One of {@link grants}. */
export type Role = keyof typeof grants;

/** A request as it is sent: nothing of it is mended on the way. */
export interface Sent {
  readonly method: string;
  /** With its query, as it stands in the request line. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** The address that it comes from: failures are counted by it. */
  readonly from?: string;
  /** True where the answer does not end: it is over when it has begun. */
  readonly isEndless?: boolean;
}

/** An answer as it came. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Asks the running service. */
export type Ask = (sent: Sent) => Promise<Got>;

/** Programs with tokens of their own beside a running service. */
export interface Programs {
  readonly ask: Ask;
  /** The Authorization header of somebody. */
  authorization(role: Role): string;
  close(): void;
}

/** Gives everybody a token as `npm run token` keeps it, and a connection. */
export const openPrograms = async (service: Pick<RunningService, 'http' | 'redis'>): Promise<Programs> => {
  const issued = await Promise.all(Object.values(grants).map((grant) => issue(service, grant)));
  const texts = new Map(Object.keys(grants).map((role, index) => [role, issued[index] ?? '']));
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    ask: (sent) => ask(service.http, agent, sent),
    authorization: (role) => `Bearer ${texts.get(role)}`,
    close: () => agent.destroy(),
  };
};

const issue = async ({ redis }: Pick<RunningService, 'redis'>, grant: Readonly<Record<string, string>>) => {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(secret).digest('hex');
  await redis.hset(`cp:token:${id}`, { ...grant, hash, name: 'a test', createdAt: String(Date.now()) });
  await redis.sadd('cp:tokens', id);
  return `cp_${id}_${secret}`;
};

const ask = (http: string, agent: Agent, sent: Sent): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(http);
    const { method, url: path, headers = {}, body, from, isEndless } = sent;
    const connection = from === undefined ? { agent } : { agent: false as const, localAddress: from };
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const asked = request({ host, port, path, method, headers: { ...length, ...headers }, ...connection }, (answer) => {
      const chunks: Buffer[] = [];
      const done = () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString(),
        });
      answer.on('error', () => undefined);
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', done);
      if (!isEndless || answer.statusCode !== 200) return;
      done();
      asked.destroy();
    });
    asked.setTimeout(20_000, () => asked.destroy(new Error(`no answer to ${method} ${path.slice(0, 80)}`)));
    asked.once('error', reject);
    asked.end(body);
  });
