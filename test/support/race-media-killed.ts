import type { Call } from './phone.js';
import type { Chance } from './race-chance.js';
import { atMoments, comesTrue, giveUp, type Verdict } from './race-contest.js';
import { connections, type MediaBench } from './race-media.js';
import { judges } from './race-media-judge.js';
import { comes, comingBy, type MediaRoom, talks } from './race-media-room.js';
import type { ZeroTable } from './race-table.js';

/** The supervisors of all rooms come within so many milliseconds; a call is moved in about 50, more on a busy machine. */
const spread = 80;

/** How long a media server may take until the service uses it again, in milliseconds. */
const patience = 60_000;

/** Each turn kills the server in the middle of all rooms' calls being moved to it; so there are fewer turns than calls. */
export const runKilled = (bench: MediaBench, name: string, count: number): Promise<ZeroTable> =>
  bench.runsTogether({ name, count: Math.ceil(count / bench.rooms.length), race: killed(bench) });

/** When the server is killed: so many milliseconds after the beginning, after a phone is asked, or a supervisor is answered. */
const momentOf = (chance: Chance): { when: 'anytime' | 'asked' | 'answered'; after: number } => ({
  when: chance.one(['anytime', 'asked', 'asked', 'answered'] as const),
  after: chance.between(0, 2 * spread),
});

const killed =
  ({ server, service }: MediaBench) =>
  async (rooms: readonly MediaRoom[], chance: Chance): Promise<Verdict[]> => {
    if (!server) throw new Error('a media server that is somebody else’s is not killed');
    const comings = rooms.map(() => comingBy(chance));
    const scenes = await Promise.all(rooms.map(async (room) => ({ room, talk: await talks(room) })));
    const before = connections(service);
    const supervisions: Call[] = [];
    let gone: Promise<void> | undefined;
    const kills = () => {
      gone ??= server.kills();
    };
    const moment = momentOf(chance);
    if (moment.when === 'asked')
      for (const { talk } of scenes) talk.leg.onReinvite(() => void setTimeout(kills, moment.after));
    const dials = scenes.map(({ room, talk }, index) => () => {
      const supervision = comes(room, talk, comings[index] ?? comingBy(chance));
      supervisions[index] = supervision;
      if (moment.when === 'answered') supervision.ends(giveUp).then(() => setTimeout(kills, moment.after), kills);
    });
    const timer = setTimeout(kills, moment.when === 'anytime' ? moment.after : giveUp);
    await atMoments(chance, spread, dials);
    await comesTrue(() => gone !== undefined, 2 * giveUp);
    await gone;
    clearTimeout(timer);
    const verdicts = await Promise.all(
      scenes.map((scene, index) => {
        const [coming, supervision] = [comings[index], supervisions[index]];
        if (!coming || !supervision) throw new Error('nobody came');
        return judges({ ...scene, coming, supervision, allowed: ['as before', 'ended'] }, chance);
      }),
    );
    await server.returns();
    const isBack = await comesTrue(() => connections(service) > before, patience);
    if (isBack) return verdicts;
    const fault = { kind: 'errors' as const, text: 'the media server is back and not used' };
    return [...verdicts, { outcome: 'refused', refusals: [], faults: [fault] }];
  };
