import type { Program } from './program.js';
import { type Fault, giveUp } from './race-contest.js';
import type { GroupCall } from './race-group-call.js';
import type { Answered } from './requests.js';

/** A pickup that a program orders. */
export interface GroupOrder {
  readonly program: Program;
  /** The number of the group that was called. */
  readonly group: string;
  readonly sendTo: string;
  /** The program names the call, not the group. */
  readonly byCall: boolean;
  /** The picker may not take every member's calls. */
  readonly mayBeForbidden: boolean;
}

/** How long a picker's phone may be called, in seconds. */
const waitSeconds = 2;

/** Refused, for there was nothing to be had. */
const tooLate: ReadonlySet<number> = new Set([404, 409]);

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** A program has the phone of a picker called; resolves when it has heard what became of that, with what was wrong. */
export const ordersGroup = async (calls: readonly GroupCall[], order: GroupOrder): Promise<Fault[]> => {
  const answer = await places(order);
  if (!answer || tooLate.has(answer.status) || (answer.status === 403 && order.mayBeForbidden)) return [];
  if (answer.status !== 202) return [{ kind: 'errors', text: `${answer.status} ${answer.text}` }];
  const end = await follows(order, String(answer.json.link));
  if (end === undefined) return [{ kind: 'errors', text: `no end of ${answer.text}` }];
  const isTheirs = calls
    .flatMap(({ rungs }) => rungs)
    .some(({ isSummons, answeredAt }) => isSummons && answeredAt !== undefined);
  return end === 'answered' && !isTheirs ? [{ kind: 'winners', text: 'told as answered, and nobody has' }] : [];
};

const places = async ({ program, group, sendTo, byCall }: GroupOrder): Promise<Answered | undefined> => {
  if (!byCall) return program.asks('POST /v1/pickup', { group, sendTo, waitSeconds });
  const { json } = await program.asks(`GET /v1/calls?target=${group}&state=ringing`);
  const call: string | undefined = json?.calls?.at(-1)?.id;
  return call === undefined ? undefined : program.asks('POST /v1/pickup', { call, sendTo, waitSeconds });
};

const follows = async ({ program }: GroupOrder, link: string): Promise<string | undefined> => {
  for (const until = Date.now() + giveUp; Date.now() < until; await pause()) {
    const { json } = await program.asks(`GET ${link}`);
    if (json?.state === 'answered' || json?.state === 'failed') return json.state;
  }
  return undefined;
};
