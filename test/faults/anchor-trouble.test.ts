import t, { type Test } from 'tap';
import { raceBench } from '../support/race.js';
import { seed } from '../support/race-chance.js';
import { mediaBench, mediaServerOf } from '../support/race-media.js';
import { anchorGlare, anchorHangup, anchorRefused } from '../support/race-media-anchor.js';
import { runKilled } from '../support/race-media-killed.js';
import { runAnchoredPickups } from '../support/race-media-pickups.js';
import { whisperPrivacy } from '../support/race-media-privacy.js';
import type { MediaRoom } from '../support/race-media-room.js';
import type { ZeroTable } from '../support/race-table.js';
import type { Turns } from '../support/race-turns.js';
import { ground } from '../support/service.js';

t.comment(
  `on ${ground}; SEED=${seed} runs the same races again; npm run soak runs hundreds, and those that take half a minute`,
);

/** Prints the zero table (reliability.md section 4) and asserts that it is one. */
const isZero = (t: Test, { line, notZero }: ZeroTable): void => {
  t.comment(line);
  t.same(notZero, [], 'the zero table');
};

/** Who has to wait, because a phone says 491, does so while other rooms go on: the kinds take turns. */
const kinds = [anchorRefused, anchorHangup, anchorGlare, whisperPrivacy] as const;

t.test(
  'a call that is moved to the media server goes on as before, is heard as it must be, or ends for all',
  async (t) => {
    const bench = await mediaBench(t, { rooms: 8 });
    t.comment(bench.server?.name ?? 'the media server of the environment');
    await t.test('a phone refuses, hangs up, changes its session itself; whispers, switches and holds', async (t) => {
      let turn = 0;
      const race: Turns<MediaRoom>['race'] = (room, chance) => {
        turn += 1;
        return (kinds[turn % kinds.length] ?? anchorRefused)(room, chance);
      };
      isZero(t, await bench.runs({ name: 'anchor and whisper', race, count: 16 }));
    });
    await t.test('the media server is killed in the middle', async (t) => {
      const killable = bench.server ? bench : await mediaBench(t, { rooms: 8, mustBeOwn: true });
      isZero(t, await runKilled(killable, 'anchor-killed', 4));
    });
  },
);

t.test('pickups that must go through the media server have one winner, who is heard', async (t) => {
  const server = await mediaServerOf(t);
  const env = server?.env ?? {};
  const bench = await raceBench(t, { lanes: 8, env, ...(server && { channels: () => server.channels() }) });
  isZero(t, await runAnchoredPickups(bench, 'anchored-pickups', 24));
});
