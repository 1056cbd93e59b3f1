import t from 'tap';
import { type FakeCaller, fakeCaller, gate, quiet } from './parties.js';
import { stage } from './stage.js';

/** Bob's phones ring and Carol holds the claim: her 200 waits at a gate. */
const held = async (t: Parameters<typeof stage>[0], phones = ['desk']) => {
  const s = stage(t, { phones });
  const { caller } = await s.calls();
  for (const each of s.dialled) each.rings();
  await quiet();
  const picker: FakeCaller = fakeCaller('carol');
  const shut = gate();
  picker.waitsFor = shut;
  const picking = s.picks(picker);
  await quiet();
  const goesOn = () => {
    shut.open();
    return picking;
  };
  const fails = () => {
    picker.failsWith = 'picker-gone';
    return goesOn();
  };
  return { ...s, caller, picker, goesOn, fails };
};

t.test('every phone fails while the call is held', async (t) => {
  for (const status of [486, 603]) {
    const won = await held(t);
    won.phone().fails(status);
    await quiet();
    t.same(won.caller.heard, ['180'], 'the caller waits for the picker');
    t.same(await won.goesOn(), { ok: true });
    await won.joints[0]?.hangUp();
    await won.nothingLeft('picked_up');

    const lost = await held(t);
    lost.phone().fails(status);
    await quiet();
    t.match(await lost.fails(), { ok: false });
    t.same(lost.caller.heard, ['180', String(status)], 'the pickup failed too: the caller hears what the phone said');
    await lost.nothingLeft(status === 486 ? 'busy' : 'rejected');
  }
});

t.test('the time is up while the call is held', async (t) => {
  const s = await held(t);
  s.live.get(s.store.calls.keys().next().value as never)?.settle({ kind: 'unanswered' });
  await quiet();
  t.same(s.phone().stops, [], 'put off');
  await s.fails();
  t.same(s.caller.heard, ['180', '480 No Answer']);
  await s.nothingLeft('timeout');
});

t.test('Bob lifts the handset while Carol holds the call: he is too late', async (t) => {
  const won = await held(t, ['desk', 'mobile']);
  won.phone(0).answers();
  await quiet();
  t.same(won.phone(0).legs[0]?.endings, [{ kind: 'elsewhere' }]);
  t.same(await won.goesOn(), { ok: true });
  await won.joints[0]?.hangUp();
  await won.nothingLeft('picked_up');

  const lost = await held(t, ['desk', 'mobile']);
  lost.phone(0).answers();
  await quiet();
  await lost.fails();
  t.same(lost.caller.heard, ['180'], 'the other phone rings on');
  lost.phone(1).answers();
  await quiet();
  t.same(lost.caller.heard, ['180', '200 answer of mobile']);
  await lost.joints[0]?.hangUp();
  await lost.nothingLeft('answered');

  const last = await held(t);
  last.phone().answers();
  await quiet();
  await last.fails();
  await quiet();
  t.match(last.caller.heard, ['180', /^480/], 'it was the last one: the caller does not wait for nobody');
  await last.nothingLeft('rejected');
});

t.test('Bob lifts the handset while Carol holds the call, and the store says he may', async (t) => {
  for (const why of ['the claim has lapsed', 'the store is away']) {
    const arrange = async () => {
      const s = await held(t, ['desk', 'mobile']);
      for (const kept of s.store.calls.values()) kept.state = 'ringing';
      s.store.away = why === 'the store is away';
      s.phone(0).answers();
      await quiet();
      s.store.away = false;
      t.same(s.phone(0).legs[0]?.endings, [{ kind: 'elsewhere' }], `${why}: this instance decides, and Carol has it`);
      return s;
    };
    const won = await arrange();
    t.same(await won.goesOn(), { ok: true });
    await won.joints[0]?.hangUp();
    await won.nothingLeft('picked_up');

    const lost = await arrange();
    await lost.fails();
    t.same(lost.caller.heard, ['180'], `${why}: a phone that was hung up is not connected after all`);
    lost.caller.cancels();
    await lost.nothingLeft('cancelled');
  }
});

t.test('the SIP server is lost while the call is held', async (t) => {
  const s = await held(t);
  const ending = s.live.endAll({ kind: 'failure', text: 'SIP Server Lost' });
  await quiet();
  t.match(s.phone().stops, [{ kind: 'failure' }]);
  t.match(s.caller.heard, ['180', /^503 Service Unavailable/]);
  t.same(await s.goesOn(), { ok: false, refusal: 'caller-gone' });
  t.equal(s.picker.legs[0]?.endings.length, 1);
  await ending;
  await s.nothingLeft('error');
});

t.test('a call that the store kept and nobody holds is met once, and the next one is taken', async (t) => {
  const s = stage(t);
  await s.calls();
  s.phone().rings(2_000);
  await quiet();
  const ghost = [...s.store.calls.values()].map((kept) => ({
    ...kept,
    record: { ...kept.record, id: 'ghost' as never },
    since: 1,
  }));
  for (const kept of ghost) s.store.calls.set(kept.record.id, kept);
  t.same(await s.picks(), { ok: true });
  t.notOk(s.store.calls.has('ghost' as never), 'and it is forgotten');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the store did the claim, but said so too late: the order to take it back lies behind it', async (t) => {
  const s = stage(t);
  const { caller } = await s.calls();
  s.phone().rings();
  await quiet();
  const claim = s.store.claim;
  s.store.claim = async (ask) => {
    await claim(ask);
    throw new Error('Command timed out');
  };
  t.same(await s.picks(), { ok: false, refusal: 'store-unreachable' });
  await quiet();
  t.same(s.store.told.slice(-2), ['claim', 'withdraw']);
  t.same(
    [...s.store.calls.values()].map(({ state }) => state),
    ['ringing'],
    'it is nobody’s',
  );
  caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('the store says that a picker has the call, and none comes for it: the callee has it', async (t) => {
  const s = stage(t);
  const { caller } = await s.calls();
  s.phone().rings();
  await quiet();
  for (const kept of s.store.calls.values()) kept.state = 'claimed';
  s.phone().answers();
  while (caller.heard.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  t.same(caller.heard, ['180', '200 answer of bob-desk']);
  t.same(s.phone().legs[0]?.endings, [], 'nobody else has it');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('a token is good once: a claim that was given back opens nothing when it comes again', async (t) => {
  const s = await held(t);
  const [call] = s.live.records().map(({ id }) => s.live.get(id));
  const used = [...s.store.calls.values()][0]?.token;
  await s.fails();
  t.equal(used && call?.take(used), false);
  t.same(await s.picks(fakeCaller('dave')), { ok: true }, 'a new one does');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});
