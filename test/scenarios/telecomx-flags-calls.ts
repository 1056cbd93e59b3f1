import type { Answered } from '../support/requests.js';
import { type Actor, type Bobs, type FlagsStage, group, isElsewhere, member } from './telecomx-flags-stage.js';
import { replacing } from './transfer-stage.js';

/** How somebody tries something that a flag of the group is for. */
export interface Way {
  readonly name: string;
  /** What comes of it where the flag is on, for the controller. */
  readonly granted: string;
  /** What comes of it for the controller where the others are on; as everywhere else if nothing is said. */
  readonly off?: string;
  /** What comes of it everywhere else. */
  readonly refused: string;
  /** Tries it; resolves with what came of it, in words. */
  tries(stage: FlagsStage, actor: Actor, bobs: Bobs): Promise<string>;
}

/** What a request that was refused is answered. */
export const wordOf = ({ status, json }: Answered): string => `${status} ${json.code ?? json.message}`;

const lineOf = ({ startLine }: { startLine: string }): string => startLine.replace('SIP/2.0 ', '');

const notAllowed = '403 Pickup Not Allowed';

type Dials = (actor: Actor, bobs: Bobs) => ReturnType<Actor['phone']['calls']>;
type Asks = (actor: Actor) => Promise<Answered>;

/** The end of whoever has the call now. */
interface Taken {
  readonly phone: string;
  isHungUp(): Promise<unknown>;
}

type Takes = (bobs: Bobs, taken: Taken) => Promise<string>;

/** Bob's phone rings no more and shows no missed call, and Alice talks to who picked up. */
const hasRingingCall: Takes = async ({ call, leg }, { phone, isHungUp }) => {
  const [told, answer] = await Promise.all([leg.stopsRinging(), call.answered()]);
  await Promise.all([call.hangsUp(), isHungUp()]);
  const isRight = isElsewhere(told) && answer.get('P-Asserted-Identity')?.includes(`sip:${phone}@`);
  return isRight ? 'has the call' : 'has the call, and the others were told wrong';
};

/** Bob's phone was told that somebody else has the call. */
const hasTalk: Takes = async ({ call, leg }, { isHungUp }) => {
  const told = await leg.isHungUp();
  await Promise.all([call.hangsUp(), isHungUp()]);
  return isElsewhere(told) ? 'has the call' : 'has the call, and Bob was told wrong';
};

/** Nobody notices that somebody was refused. */
const untouched = ({ leg }: Bobs, said: string): string =>
  leg.isPending || leg.state === 'confirmed' ? said : `${said}, and the call is gone`;

const taking = (takes: Takes) => ({
  byPhone: (name: string, dials: Dials, refused = notAllowed): Way => ({
    ...{ name, granted: 'has the call', refused },
    tries: async (_, actor, bobs) => {
      const own = dials(actor, bobs);
      const final = await own.ends();
      if (final.status >= 300) return untouched(bobs, lineOf(final));
      return takes(bobs, { phone: actor.phone.number, isHungUp: () => own.isHungUp() });
    },
  }),
  byProgram: (name: string, asks: Asks, refused: string): Way => ({
    ...{ name, granted: 'has the call', refused },
    tries: async (_, actor, bobs) => {
      const answer = await asks(actor);
      if (answer.status !== 202) return untouched(bobs, wordOf(answer));
      const own = await actor.phone.isCalled();
      await own.answers();
      return takes(bobs, { phone: actor.phone.number, isHungUp: () => own.isHungUp() });
    },
  }),
});

const pickup = taking(hasRingingCall);

/** Every way to a call that rings at a member. */
export const pickups: readonly Way[] = [
  pickup.byPhone('*95101, a member', ({ phone }) => phone.calls('*95101')),
  pickup.byPhone('*95800, the group', ({ phone }) => phone.calls('*95800')),
  pickup.byPhone('*95', ({ phone }) => phone.calls('*95'), '403 You Are In No Pickup Group'),
  pickup.byPhone('Replaces', ({ phone }, { leg }) => phone.calls('101', { headers: { Replaces: replacing(leg) } })),
  pickup.byProgram('POST …/group/{id}/pickup', ({ ask }) => ask(`POST ${group}/pickup`), '403 access_denied'),
  pickup.byProgram('POST …/member/{id}/pickup', ({ ask }) => ask(`POST ${member}/pickup`), '403 access_denied'),
  pickup.byProgram('POST /v1/pickup', ({ ask }) => ask('POST /v1/pickup', { target: '101' }), '403 not-allowed'),
];

const steal = taking(hasTalk);

/** Every way to take a member's place in a call. */
export const steals: readonly Way[] = [
  steal.byPhone('*96101', ({ phone }) => phone.calls('*96101')),
  steal.byPhone('Replaces', ({ phone }, { leg }) => phone.calls('101', { headers: { Replaces: replacing(leg) } })),
  steal.byProgram('POST /v1/steal', ({ ask }) => ask('POST /v1/steal', { extension: '101' }), '403 not-allowed'),
];

/** Who listens hears both, and neither hears who listens; then it is as if nobody had. */
const listens = async ({ room, acme }: FlagsStage, leaves: () => Promise<unknown>): Promise<string> => {
  await room.exactly({ A: ['B'], B: ['A'], C: ['A', 'B'] });
  await leaves();
  await acme.reaches('callpickup_anchored_calls', (anchored) => anchored === 0);
  return 'hears both';
};

const listening = (name: string, dials: Dials, granted = 'hears both'): Way => ({
  ...{ name, granted, refused: notAllowed },
  tries: async (stage, actor, bobs) => {
    const own = dials(actor, bobs);
    const final = await own.ends();
    return final.status < 300 ? listens(stage, () => own.hangsUp()) : untouched(bobs, lineOf(final));
  },
});

const joins =
  (mode: string): Dials =>
  ({ phone }, { leg }) =>
    phone.calls('101', { headers: { Join: replacing(leg), 'X-Pickup-Mode': mode } });

const supervising = (mode: string, granted: string): Way => ({
  ...{ name: `POST /v1/supervisions, ${mode}`, granted, refused: '403 not-allowed' },
  tries: async (stage, { ask, phone }, bobs) => {
    const answer = await ask('POST /v1/supervisions', { colleague: '101', mode });
    if (answer.status !== 202) return untouched(bobs, wordOf(answer));
    const own = await phone.isCalled();
    await own.answers();
    return listens(stage, () => own.hangsUp());
  },
});

/** Every way into a member's call; to whisper and to enter is nothing that TelecomX's groups give. */
export const spies: readonly Way[] = [
  listening('*33101', ({ phone }) => phone.calls('*33101')),
  listening('Join, listen', joins('listen')),
  supervising('listen', 'hears both'),
  listening('*34101, whisper', ({ phone }) => phone.calls('*34101'), notAllowed),
  listening('*35101, barge', ({ phone }) => phone.calls('*35101'), notAllowed),
  listening('Join, whisper', joins('whisper'), notAllowed),
  listening('Join, barge', joins('barge'), notAllowed),
  supervising('whisper', '403 not-allowed'),
  supervising('barge', '403 not-allowed'),
];
