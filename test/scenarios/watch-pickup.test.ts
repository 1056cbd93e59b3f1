import t from 'tap';
import { office } from '../support/office.js';
import type { Leg, Phone, ShownDialog, ShownDocument, Watcher } from '../support/phone.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const house = await office(t);
const alice = await house.phone('100');
const bobs = [await house.phone('101'), await house.phone('101'), await house.phone('101')] as const;
const carol = await house.phone('102');
const dave = await house.phone('103');

const inState =
  (state: string, count: number) =>
  ({ dialogs }: ShownDocument): boolean =>
    dialogs.filter((each) => each.state === state).length === count;

/** Nothing is open: no dialog, or only such that are over. */
const isDark = ({ dialogs }: ShownDocument): boolean => dialogs.every(({ state }) => state === 'terminated');

/** The states of each dialog in the order in which a watcher was shown them. */
const storiesOf = ({ documents }: Watcher): Map<string, string[]> => {
  const stories = new Map<string, string[]>();
  for (const { id, callId, state } of documents.flatMap(({ dialogs }) => dialogs)) {
    const story = stories.get(id) ?? [];
    if (callId !== undefined && story.at(-1) !== state) stories.set(id, [...story, state]);
  }
  return stories;
};

const named = ({ callId, localTag, remoteTag }: ShownDialog | Pick<Leg, 'callId' | 'localTag' | 'remoteTag'>): string =>
  `${callId} ${localTag} ${remoteTag}`;

/** The dialog of a leg as it was shown when it was over. */
const over = ({ documents }: Watcher, { callId }: Leg): ShownDialog | undefined =>
  documents
    .flatMap(({ dialogs }) => dialogs)
    .find((dialog) => dialog.callId === callId && dialog.state === 'terminated');

const names = (all: readonly (ShownDialog | Pick<Leg, 'callId' | 'localTag' | 'remoteTag'>)[]) => all.map(named).sort();

const watches = async (phone: Phone, number: string): Promise<Watcher> => {
  const watcher = phone.watches(number);
  await watcher.accepted();
  await watcher.sees(isDark);
  return watcher;
};

/** Alice calls Bob, and his three phones ring. */
const rings = async () => {
  const call = alice.calls('101');
  const legs = await Promise.all([bobs[0].isCalled(), bobs[1].isCalled(), bobs[2].isCalled()]);
  for (const leg of legs) leg.rings();
  await call.rings();
  return { call, legs };
};

const ends = async (...watchers: readonly Watcher[]): Promise<string[]> => {
  for (const watcher of watchers) {
    await watcher.unsubscribes();
    await watcher.isOver();
  }
  return watchers.flatMap(({ faults }) => faults);
};

for (const dialled of ['the code', 'what the lamp was shown'] as const) {
  t.test(`proof 3: a call rings on three phones and is picked up by ${dialled}`, async (t) => {
    const [lamp, own] = [await watches(carol, '101'), await watches(carol, '102')];
    const [ofBob, ofAlice, ofCarol] = [
      await watches(bobs[0], '101'),
      await watches(alice, '100'),
      await watches(dave, '102'),
    ];
    const { call, legs } = await rings();

    const blinks = await lamp.sees(inState('early', 3));
    // Who subscribed less than 200 ms ago might hear of nothing where it began and ended meanwhile.
    await ofBob.sees(inState('early', 3));
    t.same(names(blinks.dialogs), names(legs), 'early for each phone, with that phone’s own ids');
    for (const dialog of blinks.dialogs) {
      t.match(dialog, {
        direction: 'recipient',
        local: { identity: 'sip:101@acme.example', display: 'Bob Brown' },
        remote: {
          identity: 'sip:100@acme.example',
          display: 'Alice Adams',
          target: /^sip:(\*|%2A)95101@acme\.example$/i,
        },
      });
    }
    const [shown] = blinks.dialogs;
    const headers = { Replaces: `${shown?.callId};to-tag=${shown?.remoteTag};from-tag=${shown?.localTag};early-only` };
    const pickup =
      dialled === 'the code' ? carol.calls('*95101') : carol.calls(shown?.remote.target ?? '', { headers });
    await Promise.all([pickup.answered(), call.answered(), ...legs.map((leg) => leg.stopsRinging())]);

    const dark = await lamp.sees(inState('terminated', 3));
    await ofBob.sees(inState('terminated', 3));
    t.same(names(dark.dialogs), names(legs), 'terminated for each');
    t.same(
      dark.dialogs.map(({ event }) => event),
      ['replaced', 'replaced', 'replaced'],
    );
    for (const watcher of [own, ofCarol]) {
      const { dialogs } = await watcher.sees(inState('confirmed', 1));
      const confirmed = dialogs.filter(({ state }) => state === 'confirmed');
      t.same(names(confirmed), names([pickup]), 'the picker’s own is confirmed');
      t.match(confirmed[0], { direction: 'initiator', remote: { identity: 'sip:100@acme.example' } });
      const replaced = confirmed[0]?.replaces ?? {};
      t.ok(
        legs.some(({ callId, localTag }) => replaced.callId === callId && replaced.localTag === localTag),
        'it says whose place it took',
      );
    }
    const { dialogs } = await ofAlice.sees(inState('confirmed', 1));
    t.match(dialogs.filter(({ state }) => state === 'confirmed').map(named), [named(call)], 'the caller’s too');

    await Promise.all([pickup.hangsUp(), call.isHungUp()]);
    for (const watcher of [lamp, own, ofBob, ofAlice, ofCarol]) await watcher.sees(isDark);
    for (const watcher of [lamp, ofBob]) {
      t.same(
        [...storiesOf(watcher).values()].map((story) => story.slice(-2)),
        Array(3).fill(['early', 'terminated']),
      );
    }
    for (const watcher of [own, ofCarol, ofAlice]) {
      t.same(
        [...storiesOf(watcher).values()].map((story) => story.slice(-2)),
        [['confirmed', 'terminated']],
      );
    }
    t.same(await ends(lamp, own, ofBob, ofAlice, ofCarol), [], 'versions without a gap, no early after terminated');
    t.same(await house.everythingLeft(), []);
  });
}

t.test('a lamp that is plugged in late shows what is', async (t) => {
  const { call, legs } = await rings();
  const late = carol.watches('101');
  const first = await late.next();
  t.same([first.version, names(first.dialogs)], [0, names(legs)], 'the first document has every phone that rings');
  void legs[1].answers();
  await call.answered();
  const talks = carol.watches('101');
  t.match((await talks.next()).dialogs.filter(({ state }) => state !== 'terminated').map(named), [named(legs[1])]);
  const shown = await late.sees(inState('confirmed', 1));
  t.same(names(shown.dialogs.filter(({ state }) => state === 'confirmed')), names([legs[1]]));
  await Promise.all([call.hangsUp(), legs[1].isHungUp()]);
  await Promise.all([late.sees(isDark), talks.sees(isDark)]);
  t.same(await ends(late, talks), []);
  t.same(await house.everythingLeft(), []);
});

t.test('how a dialog ended is told: given up, declined, hung up by either', async (t) => {
  const lamp = await watches(carol, '101');
  const events = async (): Promise<(string | undefined)[]> => {
    const { dialogs } = await lamp.sees((document) => inState('terminated', 3)(document) && isDark(document));
    return dialogs.map(({ event, code }) => (code === undefined ? event : `${event} ${code}`)).sort();
  };
  const given = await rings();
  await lamp.sees(inState('early', 3));
  await given.call.cancels();
  t.same(await events(), ['cancelled', 'cancelled', 'cancelled'], 'the caller gave up');

  const declined = await rings();
  await lamp.sees(inState('early', 3));
  const [first, second, third] = declined.legs;
  await first.declines(486);
  const one = await lamp.sees(inState('terminated', 1));
  t.match(
    one.dialogs.find(({ state }) => state === 'terminated'),
    { event: 'rejected', code: '486', callId: first.callId },
  );
  await second.answers();
  await declined.call.answered();
  const answered = await lamp.sees(inState('confirmed', 1));
  t.same(names(answered.dialogs.filter(({ state }) => state === 'confirmed')), names([second]));
  t.match(over(lamp, third), { event: 'cancelled' }, 'the last one was answered elsewhere');
  await second.hangsUp();
  await lamp.sees(isDark);
  t.match(over(lamp, second), { event: 'local-bye' }, 'the phone hung up');

  const again = await rings();
  await lamp.sees(inState('early', 3));
  await again.legs[0].answers();
  await again.call.answered();
  await lamp.sees(inState('confirmed', 1));
  await again.call.hangsUp();
  await lamp.sees(isDark);
  t.match(over(lamp, again.legs[0]), { event: 'remote-bye' }, 'the caller hung up');
  t.same(await ends(lamp), []);
  t.same(await house.everythingLeft(), []);
});
