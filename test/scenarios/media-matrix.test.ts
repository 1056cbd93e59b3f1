import t from 'tap';
import { program } from '../support/program.js';
import { comesTrue } from '../support/race-contest.js';
import { type MediaBench, mediaBench } from '../support/race-media.js';
import { guarding } from '../support/race-media-guard.js';
import {
  apart,
  comes,
  everybodyEnds,
  hangsUpOnAll,
  type MediaRoom,
  type Talk,
  talks,
} from '../support/race-media-room.js';
import {
  deafTo,
  type Hears,
  hearingAt,
  type ModeName,
  modeNames,
  modes,
  type Name,
} from '../support/race-media-walk.js';
import { ground } from '../support/service.js';

t.comment(`who hears whom, on ${ground}`);

/** What was done, who should hear whom then, and who does. */
interface Row {
  readonly act: string;
  readonly wanted: Partial<Hears>;
  readonly heard: Partial<Hears>;
}

/** What one walk came to: a table, and who heard a word that was not for him. */
interface Walked {
  readonly rows: readonly Row[];
  readonly overheard: readonly string[];
}

/** A walk that is under way. */
interface Walking {
  readonly room: MediaRoom;
  readonly talk: Talk;
  /** Does something, and notes who hears whom then; those who must not hear the supervisor are listened to meanwhile. */
  does(act: string, wanted: Hears, done: { deaf: readonly Name[]; by: () => Promise<unknown> }): Promise<void>;
}

type Walk = (walking: Walking) => Promise<void>;

const overhears = async (room: MediaRoom, walk: Walk): Promise<Walked> => {
  const rows: Row[] = [];
  let doing = '';
  const guard = guarding(room, () => doing);
  const talk = await talks(room);
  await walk({
    room,
    talk,
    does: async (act, wanted, { deaf, by }) => {
      doing = act;
      guard.keeps(deaf);
      await by();
      rows.push({ act, wanted, heard: await room.ears.exactly(wanted) });
    },
  });
  guard.keeps([]);
  await hangsUpOnAll(talk.call, [talk.call, talk.leg]);
  return { rows, overheard: guard.faults.map(({ text }) => text) };
};

/** Each mode from the beginning to the end, one after the other. */
const comings =
  (by: 'code' | 'join'): Walk =>
  async ({ room, talk, does }) => {
    for (const mode of modeNames) {
      const { code, hears, deaf } = modes[mode];
      const act = by === 'code' ? `${code}${room.B.number}` : `Join, ${mode}`;
      const supervision = comes(room, talk, { mode, by });
      await does(act, hears, { deaf, by: () => supervision.answered() });
      await does(`${act}, S hangs up`, apart, { deaf, by: () => supervision.hangsUp() });
    }
  };

/** Each switch once. */
const order: readonly ModeName[] = ['listen', 'whisper', 'barge', 'listen', 'barge', 'whisper', 'listen'];

const switches =
  (by: 'rtp' | 'info'): Walk =>
  async ({ room, talk, does }) => {
    const supervision = comes(room, talk, { mode: 'listen', by: 'code' });
    await does('listen', modes.listen.hears, { deaf: modes.listen.deaf, by: () => supervision.answered() });
    let last: ModeName = 'listen';
    for (const mode of order.slice(1)) {
      const { key, hears } = modes[mode];
      const deaf = deafTo({ mode: last, held: [] }, { mode, held: [] });
      await does(`${last}, key ${key} by ${by}`, hears, { deaf, by: () => supervision.presses(key, { by }) });
      last = mode;
    }
    await does(
      'the caller hangs up',
      { A: [], B: [], S: [] },
      {
        deaf: [],
        by: () => hangsUpOnAll(talk.call, [talk.call, talk.leg, supervision]),
      },
    );
  };

/** A program asks for a supervision: the supervisor's phone is called. Resolves with where it is changed and ended. */
const orders = async (walking: Walking, act: string, mode: ModeName): Promise<string> => {
  const { room, does } = walking;
  const { hears, deaf } = modes[mode];
  let link = '';
  await does(act, hears, {
    deaf,
    by: async () => {
      const called = room.S.isCalled();
      const body = { supervisor: room.S.number, colleague: room.B.number, mode };
      const { status, json, text } = await asks('POST /v1/supervisions', body);
      if (status !== 202) throw new Error(`POST: ${status} ${text}`);
      ({ link } = json);
      const leg = await called;
      leg.rings();
      await leg.answers();
    },
  });
  const isRunning = async () => (await asks(`GET ${link}`)).json.state === 'running';
  if (!(await comesTrue(isRunning))) throw new Error(`${link} does not run`);
  return link;
};

const hasDone = async (line: string, body?: unknown): Promise<void> => {
  const { status, text } = await asks(line, body);
  if (status >= 300) throw new Error(`${line}: ${status} ${text}`);
};

const byProgram: Walk = async (walking) => {
  for (const mode of modeNames) {
    const link = await orders(walking, `POST, ${mode}`, mode);
    const done = { deaf: modes[mode].deaf, by: () => hasDone(`DELETE ${link}`) };
    await walking.does(`POST, ${mode}, DELETE`, apart, done);
  }
};

const patches: Walk = async (walking) => {
  const link = await orders(walking, 'listen', 'listen');
  let last: ModeName = 'listen';
  for (const mode of order.slice(1)) {
    const deaf = deafTo({ mode: last, held: [] }, { mode, held: [] });
    const by = () => hasDone(`PATCH ${link}`, { mode });
    await walking.does(`${last}, PATCH to ${mode}`, modes[mode].hears, { deaf, by });
    last = mode;
  }
};

/** A whisper while each of the three holds, and takes back. */
const holds: Walk = async ({ room, talk, does }) => {
  const { hears, deaf } = modes.whisper;
  const supervision = comes(room, talk, { mode: 'whisper', by: 'code' });
  await does('whisper', hears, { deaf, by: () => supervision.answered() });
  const ends = { A: talk.call, B: talk.leg, S: supervision };
  for (const who of ['A', 'B', 'S'] as const) {
    const end = ends[who];
    const held = hearingAt({ mode: 'whisper', held: [who] });
    await does(`whisper, ${who} holds`, held, { deaf, by: () => end.reinvites(end.offer('inactive')) });
    await does(`whisper, ${who} resumes`, hears, { deaf, by: () => end.resumes() });
  }
  await everybodyEnds([supervision]);
};

const walks: Readonly<Record<string, Walk>> = {
  'by code': comings('code'),
  'by Join and the mode header': comings('join'),
  'switched by keys in the audio': switches('rtp'),
  'switched by keys by INFO': switches('info'),
  'by REST': byProgram,
  'switched by PATCH': patches,
  'held and taken back': holds,
};

const named = (names: readonly string[] | undefined) => names?.join(' and ') || 'nobody';

const bench: MediaBench = await mediaBench(t, { rooms: Object.keys(walks).length });
const { asks } = await program(bench.service, { role: 'MANAGER', tenant: 'acme' });
const runs = Object.entries(walks).map(([name, walk], index) => {
  const room = bench.rooms[index];
  if (!room) throw new Error('there are fewer rooms than walks');
  const walked = overhears(room, walk);
  // Each is awaited in its turn.
  walked.catch(() => undefined);
  return { name, walked };
});

for (const { name, walked } of runs) {
  t.test(name, async (t) => {
    const { rows, overheard } = await walked;
    for (const { act, wanted, heard } of rows) {
      t.comment(`| ${act} | A hears ${named(heard.A)} | B hears ${named(heard.B)} | S hears ${named(heard.S)} |`);
      t.same(heard, wanted, act);
    }
    t.ok(rows.length > 5, `${rows.length} rows`);
    t.same(overheard, [], 'nobody heard a word that was not for him');
  });
}

t.test('and nothing is left', async (t) => {
  const { notZero } = await bench.closes('matrix');
  t.same(notZero, []);
});
