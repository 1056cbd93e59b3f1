import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { RunningService } from './service.js';
import type { Judge } from './walls-judge.js';
import type { Side } from './walls-sides.js';

/** The tokens of one side: by role, and PERSONAL ones. */
export interface Tokens {
  readonly OWNER: string;
  readonly MANAGER: string;
  readonly VIEWER: string;
  readonly RESELLER: string;
  readonly PERSONAL: readonly [string, ...string[]];
}

/** Makes a token as `npm run token` keeps it: nothing but the hash of its secret. */
const issue = async ({ redis }: Pick<RunningService, 'redis'>, grant: Readonly<Record<string, string>>) => {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(secret).digest('hex');
  await redis.hset(`cp:token:${id}`, { ...grant, hash, name: 'walls', createdAt: String(Date.now()) });
  await redis.sadd('cp:tokens', id);
  return `cp_${id}_${secret}`;
};

/** Makes the tokens of a side. */
export const tokensOf = async (service: RunningService, { tenant, brand }: Side): Promise<Tokens> => {
  const make = (grant: Readonly<Record<string, string>>) => issue(service, grant);
  return {
    OWNER: await make({ role: 'OWNER', tenant, extension: '105' }),
    MANAGER: await make({ role: 'MANAGER', tenant, extension: '104' }),
    VIEWER: await make({ role: 'VIEWER', tenant }),
    RESELLER: await make({ role: 'RESELLER', brand }),
    PERSONAL: [
      await make({ role: 'PERSONAL', tenant, extension: '100' }),
      await make({ role: 'PERSONAL', tenant, extension: '102' }),
      await make({ role: 'PERSONAL', tenant, extension: '105' }),
    ],
  };
};

/** Which calls a side has, as its stream of events tells them. */
export interface Ear {
  /** Calls that ring, by id: at which extension. */
  readonly ringing: ReadonlyMap<string, string>;
  readonly events: number;
  close(): void;
}

/** Listens to a side's events, and has the judge read every byte of them. */
export const listen = (
  { http }: Pick<RunningService, 'http'>,
  judge: Judge,
  { side, token, lastEventId }: { side: Side; token: string; lastEventId?: string },
): Promise<Ear> =>
  new Promise((resolve, reject) => {
    const ringing = new Map<string, string>();
    let events = 0;
    let rest = '';
    const hear = (block: string): void => {
      judge.hears({ side, what: 'an event', text: block });
      const { event, data } = /^event: (?<event>\S+)\ndata: (?<data>.+)$/m.exec(block)?.groups ?? {};
      if (event === undefined || data === undefined) return;
      events += 1;
      const { call, target } = JSON.parse(data) as { call?: string; target: { extension: string } };
      // What happens to an extension is of no call.
      if (call === undefined) return;
      judge.owns(side, call);
      if (event === 'ringing') ringing.set(call, target.extension);
      else ringing.delete(call);
    };
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const asked = request(`${http}/v1/events`, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`no events: ${answer.statusCode}`));
      answer.setEncoding('utf8');
      answer.on('error', () => undefined);
      answer.on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) hear(block);
      });
      resolve({
        ringing,
        get events() {
          return events;
        },
        close: () => void asked.destroy(),
      });
    });
    asked.on('error', reject);
    asked.end();
  });
