import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import type { Frame } from '../../../src/embedded/media/audio/frame.js';
import { openRtp, type RtpSession } from '../../../src/embedded/media/audio/rtp.js';
import type { Agreed } from '../../../src/embedded/media/audio/sdp.js';
import { toneSource } from '../../../src/embedded/media/audio/tone.js';

export const host = '127.0.0.1';

/** Two sessions that have agreed to talk to each other, closed at the end of the test. */
export const makePair = async (t: Test, how: Partial<Agreed> = {}, howTheOther = how) => {
  const [one, other] = await Promise.all([openRtp(host), openRtp(host)]);
  t.teardown(async () => void (await Promise.all([one.close(), other.close()])));
  const usual = { codec: 'PCMU', payload: 0, telephoneEvent: 101, ptime: 20, direction: 'sendrecv' } as const;
  one.apply({ ...usual, remote: { host, port: other.port }, ...how });
  other.apply({ ...usual, remote: { host, port: one.port }, ...howTheOther });
  return { one, other };
};

/** The same keys, as each of two ends sees them. */
export const keyPair = (suite: 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32') => {
  const [ours, theirs] = [randomBytes(30), randomBytes(30)];
  return [
    { crypto: { suite, ours, theirs, theirIndexBytes: 0 } },
    { crypto: { suite, ours: theirs, theirs: ours, theirIndexBytes: 0 } },
  ] as const;
};

/** Resolves when it is so; rejects if it never is. */
export const until = async (isSo: () => boolean, what: string): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

export const toneOf = (hz: number): (() => Frame) => {
  const source = toneSource(`%(1000,0,${hz});loops=-1`);
  return () => source?.next() ?? new Int16Array(160);
};

/** Has one talk to the other for so many ticks, each packet arriving before the next tick; what the other heard. */
export const talk = async (from: RtpSession, to: RtpSession, { ticks = 40, say }: Talk): Promise<Heard> => {
  const heard: number[] = [];
  let frames = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    const before = from.stats.sent;
    const received = to.stats.received;
    from.say(say());
    const sent = from.stats.sent - before;
    await until(() => to.stats.received >= received + sent, 'the packet arrives');
    const frame = to.take();
    frames += frame ? 1 : 0;
    if (frame) heard.push(...frame);
  }
  return { samples: Int16Array.from(heard), frames };
};

export interface Talk {
  readonly ticks?: number;
  readonly say: () => Frame | undefined;
}

export interface Heard {
  readonly samples: Int16Array;
  readonly frames: number;
}
