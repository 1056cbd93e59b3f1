import t from 'tap';
import { type Phone, phone, type ShownDocument, type Watcher } from '../support/phone.js';
import type { RunningService } from '../support/service.js';
import { twoInstances } from '../support/two-instances.js';

/** A lease lasts a minute. Here its end is brought on; `npm run soak -- --only dead-instance` waits for it. */
const waitsForLeases = process.env.WATCH_LEASES !== undefined;

// Two instances need two SIP servers; one real drachtio-server would share its calls between them.
t.comment('two instances over one Redis, each on an embedded SIP engine of its own');

const plug = async (number: string, server: RunningService['sip']): Promise<Phone> => {
  const made = await phone(t, { number, server });
  await made.registers();
  return made;
};

// Two instances over one Redis: Alice and Bob are at the one, Carol and Dave, who watch, at the other.
const [one, other] = await twoInstances(t);
const [alice, bob] = [await plug('100', one.sip), await plug('101', one.sip)];
const [carol, dave] = [await plug('102', other.sip), await plug('103', other.sip)];

const left = async (): Promise<string[]> => [
  ...(await one.leftovers()),
  ...(await other.leftovers()),
  ...[alice, bob, carol, dave].flatMap((each) => each.unfinished()),
];

const leftInPeace = {
  headers: { Event: 'presence', 'Content-Type': 'application/pidf+xml', Expires: '600' },
  body:
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:101@acme.example"><tuple id="a"><status>' +
    '<basic>closed</basic></status><note>DND</note></tuple></presence>',
};

const isDark = ({ dialogs }: ShownDocument): boolean => dialogs.every(({ state }) => state === 'terminated');

const shows =
  (state: string, { callId }: { callId: string }) =>
  ({ dialogs }: ShownDocument): boolean =>
    dialogs.some((dialog) => dialog.callId === callId && dialog.state === state);

const rings = async (caller: Phone, callee: Phone) => {
  const call = caller.calls(callee.number);
  const leg = await callee.isCalled();
  leg.rings();
  await call.rings();
  return { call, leg };
};

const ends = async (...watchers: readonly Watcher[]): Promise<string[]> => {
  for (const watcher of watchers) {
    await watcher.unsubscribes();
    await watcher.isOver();
  }
  return watchers.flatMap(({ faults }) => faults);
};

t.test('a watcher at one instance sees the calls that the other holds', async (t) => {
  const [lamp, own, ofDave, ofBob] = [
    carol.watches('101'),
    carol.watches('102'),
    dave.watches('102'),
    bob.watches('102'),
  ] as const;
  for (const watcher of [lamp, own, ofDave, ofBob]) await watcher.accepted();

  await t.test('it rings, is answered, and ends', async (t) => {
    const { call, leg } = await rings(alice, bob);
    const early = await lamp.sees(shows('early', leg));
    t.match(
      early.dialogs.find(({ callId }) => callId === leg.callId),
      {
        localTag: leg.localTag,
        remoteTag: leg.remoteTag,
        direction: 'recipient',
        remote: { identity: 'sip:100@acme.example', display: 'Alice Adams' },
      },
    );
    await leg.answers();
    await call.answered();
    await lamp.sees(shows('confirmed', leg));
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
    await lamp.sees(shows('terminated', leg));
  });

  for (const how of ['the code', 'what the lamp was shown'] as const) {
    await t.test(`Carol picks it up across by ${how}`, async (t) => {
      const { call, leg } = await rings(alice, bob);
      const { dialogs } = await lamp.sees(shows('early', leg));
      const shown = dialogs.find(({ callId }) => callId === leg.callId);
      const headers = { Replaces: `${shown?.callId};to-tag=${shown?.remoteTag};from-tag=${shown?.localTag}` };
      const pickup = how === 'the code' ? carol.calls('*95101') : carol.calls(shown?.remote.target ?? '', { headers });
      await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
      const over = await lamp.sees(shows('terminated', leg));
      t.match(
        over.dialogs.find(({ callId }) => callId === leg.callId),
        { event: 'replaced' },
      );
      for (const watcher of [own, ofDave, ofBob]) {
        const confirmed = await watcher.sees(shows('confirmed', pickup));
        t.match(
          confirmed.dialogs.filter(({ state }) => state === 'confirmed'),
          [{ callId: pickup.callId, localTag: pickup.localTag, remoteTag: pickup.remoteTag }],
          'the dialog of the picker’s phone, wherever the watcher is',
        );
      }
      await Promise.all([pickup.hangsUp(), call.isHungUp()]);
      for (const watcher of [own, ofDave, ofBob]) await watcher.sees(shows('terminated', pickup));
    });
  }
  await t.test('P16: what Bob’s phone publishes at one instance counts at the other', async (t) => {
    const watcher = dave.watches('101', { event: 'presence' });
    const says = (note: string) => watcher.sees(({ presence }) => presence?.note === note);
    await says('Available');
    const begun = await bob.sends('PUBLISH', '101', leftInPeace);
    t.equal(begun.status, 200);
    await says('Do Not Disturb');
    t.match((await carol.calls('101').fails()).startLine, / 480 Do Not Disturb$/);
    const tag = { Event: 'presence', 'SIP-If-Match': begun.get('sip-etag') ?? '', Expires: '0' };
    t.equal((await dave.sends('PUBLISH', '101', { headers: tag })).status, 403, 'only Bob takes it back');
    t.equal((await bob.sends('PUBLISH', '101', { headers: tag })).status, 200);
    await says('Available');
    const { call, leg } = await rings(carol, bob);
    await call.cancels();
    await leg.stopsRinging();
    t.same(await ends(watcher), []);
  });
  t.same(await ends(lamp, own, ofDave, ofBob), []);
  t.same(await left(), []);
});

t.test('an instance is killed', async (t) => {
  const [lamp, lost] = [carol.watches('101'), bob.watches('102')];
  await Promise.all([lamp.accepted(), lost.accepted()]);
  const { call, leg } = await rings(alice, bob);
  await lamp.sees(shows('early', leg));
  await one.stops('SIGKILL');

  await t.test('its watchers subscribe again at the other, as soon as they hear that they are not known', async (t) => {
    const again = await plug('101', other.sip);
    const watcher = again.watches('102');
    await watcher.accepted();
    await watcher.sees(isDark);
    const { call, leg } = await rings(again, carol);
    await watcher.sees(shows('early', leg));
    await call.cancels();
    await watcher.sees(shows('terminated', leg));
    t.same(await ends(watcher), []);
  });

  await t.test('its calls are gone from the lamps when their lease is over', async (t) => {
    const keys = await other.redis.keys('cp:{acme}:call:*');
    t.equal(keys.length, 1, 'the call of the dead instance');
    for (const key of keys) t.ok((await other.redis.pttl(key)) > 0, 'lapses by itself');
    if (!waitsForLeases && keys.length > 0) await other.redis.del(...keys);
    const dark = await lamp.sees(isDark, waitsForLeases ? 120_000 : 40_000);
    t.match(
      dark.dialogs.find(({ callId }) => callId === leg.callId),
      { state: 'terminated' },
      'the lamp is told that it is over',
    );
  });
  t.same(await ends(lamp), []);
  call.end();
});
