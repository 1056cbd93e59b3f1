import type { Endpoint } from '../../../src/flows/media.js';
import { streamsOfCall } from '../../support/phone-stream.js';
import { RtpPort } from '../../support/rtp.js';

/** Who ends it when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** A phone's audio without a phone: a description, and a tone of its own. */
export interface Talker {
  readonly tone: number;
  readonly rtp: RtpPort;
  offer(changes?: { direction?: string; law?: 0 | 8 }): string;
  /** What the other side told; from now on the tone goes there. */
  talksTo(endpoint: Pick<Endpoint, 'sdp'>): void;
  press(key: string): Promise<void>;
}

const names = { 0: 'PCMU', 8: 'PCMA' } as const;

/** A talker on a port of its own. */
export const talker = async (t: Stage, tone: number): Promise<Talker> => {
  const streamOf = streamsOfCall();
  let [told, offered, version] = ['', '', 0];
  const stream = () => streamOf(offered, told);
  const rtp = new RtpPort('127.0.0.1', () => [stream()].filter((each) => each !== undefined));
  const port = await rtp.open();
  t.teardown(() => rtp.close());
  rtp.talk(tone);
  return {
    tone,
    rtp,
    offer: ({ direction = 'sendrecv', law = 0 } = {}) => {
      version += 1;
      offered = [
        'v=0',
        `o=talker 1 ${version} IN IP4 127.0.0.1`,
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        `m=audio ${port} RTP/AVP ${law} 101`,
        `a=rtpmap:${law} ${names[law]}/8000`,
        'a=rtpmap:101 telephone-event/8000',
        'a=ptime:20',
        `a=${direction}`,
        '',
      ].join('\r\n');
      return offered;
    },
    talksTo: ({ sdp }) => {
      told = sdp;
    },
    press: (key) => rtp.press(key, stream),
  };
};

/** Settles when each ear hears exactly those who are named; rejects with what was heard. */
export const hearing = async (
  room: Readonly<Record<string, Talker>>,
  wanted: Readonly<Record<string, readonly string[]>>,
): Promise<void> => {
  const all = Object.entries(room);
  const heardNow = () =>
    Object.fromEntries(
      Object.keys(wanted).map((ear) => {
        const shares = room[ear]?.rtp.shares(all.map(([, { tone }]) => tone)) ?? [];
        return [ear, all.filter((_, place) => (shares[place] ?? 0) > 0.1).map(([name]) => name)];
      }),
    );
  const asWanted = JSON.stringify(
    Object.fromEntries(Object.entries(wanted).map(([ear, who]) => [ear, [...who].sort()])),
  );
  const until = Date.now() + 8_000;
  for (;;) {
    const heard = JSON.stringify(heardNow());
    if (heard === asWanted) return;
    if (Date.now() > until) throw new Error(`heard ${heard}, not ${asWanted}`);
    await new Promise((later) => setTimeout(later, 50));
  }
};
