import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Letter, PostLetter } from '../../../flows/webhooks/post-letter.js';
import { demandReach, guarded, reachOf } from './reach.js';
import { signatureHeader, signatureOf } from './signature.js';

/** What posting needs. */
export interface PostDeps {
  /** Addresses and CIDR ranges that webhooks may go to; empty is everywhere but to this machine and its neighbours. */
  readonly networks: readonly string[];
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A receiver has so long for one try, from the look-up of its name to its status, in milliseconds; three seconds. */
  readonly deadline?: number;
}

/** So much of what a receiver says is read, and forgotten, for its connection to be used again. */
const mostBytes = 4_096;

/** Posts by HTTP, signed. What is no 2xx is a no, a redirect too: it might lead where nobody may post to. */
export const makePostLetter = ({ networks, version, now, deadline = 3_000 }: PostDeps): PostLetter => {
  const mayReach = reachOf(networks);
  const ways = {
    lookup: guarded(mayReach),
    plain: new PlainAgent({ keepAlive: true }),
    secure: new SecureAgent({ keepAlive: true }),
  };
  return async ({ url, secret }, letter) => {
    try {
      const target = new URL(url);
      const headers = headersOf(letter, { secret, version, seconds: Math.floor(now() / 1000) });
      demandReach(mayReach, target);
      const signal = AbortSignal.timeout(deadline);
      const status = await ask(ways, { target, headers, body: letter.body, signal });
      return status >= 200 && status <= 299 ? undefined : `status ${status}`;
    } catch (error) {
      return whyOf(error);
    }
  };
};

const headersOf = (
  { id, body }: Letter,
  { secret, version, seconds }: { secret: string; version: string; seconds: number },
): Record<string, string> => ({
  'Content-Type': 'application/json',
  'Content-Length': String(Buffer.byteLength(body)),
  'User-Agent': `callpickup/${version}`,
  'Callpickup-Event-Id': id,
  [signatureHeader]: signatureOf(secret, body, seconds),
});

interface Ways {
  readonly lookup: ReturnType<typeof guarded>;
  readonly plain: PlainAgent;
  readonly secure: SecureAgent;
}

interface Post {
  readonly target: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** The status of the answer. A connection that the receiver closed while it was idle says nothing of the receiver. */
const ask = async (ways: Ways, post: Post): Promise<number> => {
  const { asked, status } = begin(ways, post);
  try {
    return await status;
  } catch (error) {
    if (!asked.reusedSocket || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    return ask(ways, post);
  }
};

const begin = ({ lookup, plain, secure }: Ways, { target, headers, body, signal }: Post) => {
  const isSecure = target.protocol === 'https:';
  const options = { method: 'POST', headers, lookup, signal, agent: isSecure ? secure : plain };
  const asked: ClientRequest = (isSecure ? secureRequest : plainRequest)(target, options);
  const status = new Promise<number>((resolve, reject) => {
    asked.on('error', reject);
    asked.on('response', (answer) => {
      forget(answer);
      resolve(answer.statusCode ?? 0);
    });
  });
  asked.end(body);
  return { asked, status };
};

/** A body that is long, or never ends, costs its connection: at so many bytes, or at the deadline. */
const forget = (answer: IncomingMessage): void => {
  let read = 0;
  answer.on('error', () => undefined);
  answer.on('data', (part: Buffer) => {
    read += part.length;
    if (read > mostBytes) answer.destroy();
  });
};

/** A fixed word or the system's code: texts from outside stay out of the log. */
const whyOf = (error: unknown): string => {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  return code ?? message;
};
