import type { Call, Leg } from './phone.js';
import type { Chance } from './race-chance.js';
import { comesTrue, type Fault, giveUp, type Verdict } from './race-contest.js';
import {
  apart,
  type Coming,
  everybodyEnds,
  forgets,
  hangsUpOnAll,
  type MediaRoom,
  type Talk,
} from './race-media-room.js';
import { modes } from './race-media-walk.js';

/** What may become of a call that a supervisor came to. */
export type Outcome = Extract<Verdict['outcome'], 'as before' | 'anchored' | 'ended'>;

/** A call, the supervisor who came to it, and what may have become of both. */
export interface Trouble {
  readonly room: MediaRoom;
  readonly talk: Talk;
  readonly coming: Coming;
  readonly supervision: Call;
  readonly allowed: readonly Outcome[];
}

/** How long a supervisor waits for a final response, in milliseconds: longer than a transaction. */
const patience = 60_000;

/**
 * Waits until it is clear what became of the call: it is heard by tones, or has ended for everybody; then ends it. How it
 * was when the supervisor got a final response need not last, as somebody may be about to hang up.
 */
export const judges = async (trouble: Trouble, chance: Chance): Promise<Verdict> => {
  const { supervision, talk, allowed, room } = trouble;
  const { status } = await supervision.ends(patience);
  const all: (Call | Leg)[] = [talk.call, talk.leg, supervision];
  const faults: Fault[] = [];
  const outcome = await becomes(trouble).catch((error: unknown) => {
    faults.push({ kind: 'media', text: `${told(trouble, status)}: ${error instanceof Error ? error.message : error}` });
    return undefined;
  });
  if (outcome && !allowed.includes(outcome))
    faults.push({ kind: 'talks', text: `${told(trouble, status)}: the call is ${outcome}` });
  const someone = chance.happens(0.5) ? talk.call : talk.leg;
  const isOver = someone.state === 'confirmed' ? await hangsUpOnAll(someone, all) : await everybodyEnds(all);
  if (!isOver) faults.push({ kind: 'talks', text: `${told(trouble, status)}: somebody was not hung up on` });
  await everybodyEnds(all);
  forgets(room);
  return { outcome: outcome ?? 'refused', refusals: status >= 300 ? [status] : [], faults };
};

/** Heard as it must be, or ended; rejects with what was heard instead. */
const becomes = async ({ room, talk, coming, supervision }: Trouble): Promise<Outcome> => {
  forgets(room);
  const isThere = supervision.state === 'confirmed';
  const abandoned = new AbortController();
  const ends = [talk.call, talk.leg, ...(isThere ? [supervision] : [])];
  const over = comesTrue(() => abandoned.signal.aborted || ends.some(({ state }) => state === 'ended'));
  const heard = room.ears.exactly(isThere ? modes[coming.mode].hears : apart, giveUp, abandoned.signal);
  try {
    const first = await Promise.race([heard.then(() => 'heard' as const), over]);
    if (first === 'heard') return isThere ? 'anchored' : 'as before';
  } finally {
    abandoned.abort();
    heard.catch(() => undefined);
  }
  return await ended({ room, talk, coming, supervision });
};

/** Somebody has gone: the supervisor alone, and the others talk on; or everybody. */
const ended = async ({ room, talk, supervision }: Omit<Trouble, 'allowed'>): Promise<Outcome> => {
  const { call, leg } = talk;
  const twoAreGone = () => call.state === 'ended' || leg.state === 'ended';
  if (twoAreGone() || (await comesTrue(twoAreGone, 500))) {
    const all = [call, leg, supervision];
    if (await comesTrue(() => all.every(({ state }) => state === 'ended'))) return 'ended';
    throw new Error(`not ended: caller ${call.state}, colleague ${leg.state}, supervisor ${supervision.state}`);
  }
  await room.ears.exactly(apart, giveUp);
  return 'as before';
};

const told = ({ coming, talk }: Trouble, status: number): string =>
  `${coming.mode} by ${coming.by}, supervisor ${status}, ${talk.call.callId}`;
