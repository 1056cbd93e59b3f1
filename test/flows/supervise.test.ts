import t from 'tap';
import type { Tenant } from '../../src/domain/office.js';
import type { Refusal } from '../../src/domain/outcome.js';
import { alice, bob, carol, dave, number } from '../domain/acme.js';
import { type FakeCaller, fakeCaller, gate, quiet } from './parties.js';
import { company, type Ended, legOf, supervising } from './supervise-stage.js';
import './supervise-elsewhere.js';

type Scene = ReturnType<typeof supervising>;

/** Alice has called Bob. */
const scene = (tenant?: Tenant): Scene => {
  const made = supervising(tenant);
  made.talk('first', [alice, made.alice], [bob, made.bob]);
  return made;
};

/** Carol's phone, once it is connected. */
const listening = async (made: Scene, more: Parameters<Scene['asks']>[1] = {}) => {
  const leg = legOf('carol');
  const phone = connecting(leg);
  const taken = await made.asks(phone, more);
  await quiet();
  return { leg, phone, taken };
};

const connecting = (leg: Ended, offer?: FakeCaller['offer']): FakeCaller => {
  const phone = fakeCaller(leg.dialogId, offer);
  const answered = (said: string, as?: 'focus') => {
    phone.heard.push([said, as].filter(Boolean).join(' '));
    return { ok: true as const, leg };
  };
  return Object.assign(phone, {
    answer: async (body: string, _to: unknown, as?: 'focus') => answered(body, as),
    answerWithOffer: async (body: string, _to: unknown, as?: 'focus') => ({
      ...answered(`offer ${body}`, as),
      ...(phone.ackSdp !== undefined && { sdp: phone.ackSdp }),
    }),
  });
};

t.test('Carol listens to Bob, hangs up, and the call is as it was', async (t) => {
  const made = scene();
  const { leg, phone, taken } = await listening(made);
  t.same(taken, { ok: true });
  t.same(phone.heard, ['sdp of supervisor with offer of carol']);
  t.equal(made.ear().hears?.other, made.anchors.endpointOf(made.bob));
  t.equal(made.ear().hears?.mode, 'listen');
  t.match(made.supervisions.list(made.deps.tenant('acme' as never)?.id as never)[0]?.now, {
    ...{ id: 'one', call: 'first', supervisor: carol, colleague: bob, mode: 'listen' },
  });
  t.equal(made.supervisions.byId('other' as never, 'one'), undefined, 'companies are walls');
  t.same(made.count, { listening: 1, needs: 1 });
  await leg.hangsUp();
  t.same(made.told, ['began 102 listen 101 in first', 'ended 102 listen 101 in first']);
  t.same(made.counted, ['eavesdrop answered']);
  t.same([made.alice.endings, made.bob.endings], [[], []]);
  t.same(await made.left(), []);
});

t.test('a call of another instance is left to it, but not what a program has asked for', async (t) => {
  const made = supervising();
  t.same(await made.asks(fakeCaller('carol')), { ok: false, refusal: 'no-call' });
  made.fault.elsewhere = { ok: true, call: 'there' as never };
  t.same(await made.asks(fakeCaller('carol')), { ok: true });
  t.same(made.there, ['listen 101', 'listen 101']);
  t.same(await made.asks(fakeCaller('carol'), { id: 'one' }), { ok: false, refusal: 'no-call' });
  t.same(await made.asks(fakeCaller('carol'), { isForwarded: true }), { ok: false, refusal: 'no-call' });
  t.same(await made.asks(fakeCaller('carol'), { supervisor: dave }), { ok: false, refusal: 'not-allowed' });
  t.equal(made.there.length, 2);
  t.same(
    made.counted,
    [...['eavesdrop no_call', 'eavesdrop answered', 'eavesdrop no_call', 'eavesdrop not_allowed']],
    'who hands it on counts it',
  );
  t.same(await made.left(), []);
});

t.test('J9: who enters is told that it is a conference', async (t) => {
  const made = scene();
  const { leg, phone } = await listening(made, { mode: 'barge' });
  t.same(phone.heard, ['sdp of supervisor with offer of carol focus']);
  await leg.hangsUp();
  t.same(await made.left(), []);
});

t.test('a phone without an offer gets one of the media server', async (t) => {
  const made = scene();
  const [leg, other] = [legOf('carol'), legOf('carol')];
  t.same(await made.asks(connecting(leg, { kind: 'delayed' })), { ok: true });
  t.same(made.ear().did, ['change answer of carol']);
  await leg.hangsUp();
  const mute = connecting(other, { kind: 'delayed' });
  mute.ackSdp = undefined;
  t.same(await made.asks(mute), { ok: false, refusal: 'media-mismatch' });
  t.equal(other.endings.length, 1);
  t.same(await made.left(), []);
});

t.test('who may not: the policy, the own call, a private one; asked before a call is looked for', async (t) => {
  const made = scene();
  const refused = async (more: Parameters<Scene['asks']>[1], own = made) => {
    const taken = await own.asks(fakeCaller('carol'), more);
    return taken.ok ? 'granted' : taken.refusal;
  };
  t.equal(await refused({ supervisor: dave }), 'not-allowed');
  t.equal(await refused({ supervisor: number('104'), mode: 'whisper' }), 'not-allowed');
  t.equal(await refused({ supervisor: bob }), 'own-call', 'nobody supervises himself');
  t.equal(await refused({ colleague: number('999') }), 'unknown-extension');
  t.equal(await refused({ colleague: dave }), 'not-allowed', 'whether he talks or not');
  t.equal(await refused({ colleague: alice, call: 'other' as never }), 'no-call');
  made.talk('second', [carol, legOf('carol-desk')], [bob, legOf('bob-2')]);
  t.equal(await refused({}), 'own-call', 'Carol is in it');
  const hidden = supervising();
  hidden.talk('hidden', [alice, hidden.alice], [bob, hidden.bob], true);
  t.equal(await refused({}, hidden), 'private-call');
  const shy = scene(company({ extensions: { '100': { private: true }, '101': {}, '102': {} } }));
  t.equal(await refused({}, shy), 'private-call', 'the other party’s wish counts too');
  t.equal(made.endpoints.length, 0, 'nobody’s media was touched');
  t.same([...new Set(made.counted)], ['eavesdrop not_allowed', 'whisper not_allowed', 'eavesdrop no_call']);
  for (const each of [made, hidden, shy]) t.same(await each.left(), []);
});

t.test('J8: whatever fails leaves the call as it was', async (t) => {
  const rows: [string, (made: Scene, phone: FakeCaller) => void, Refusal][] = [
    ['the call cannot be moved', (made) => (made.fault.refusal = 'media-unavailable'), 'media-unavailable'],
    ['somebody else moves it', (made) => (made.fault.refusal = 'lost-race'), 'lost-race'],
    ['the offer is nothing for the media server', (made) => (made.faults.opens = false), 'media-mismatch'],
    [
      'no media server is there',
      (made) => Object.assign(made.faults, { opens: false, isUp: false }),
      'media-unavailable',
    ],
    ['it cannot listen', (made) => (made.faults.listens = false), 'media-unavailable'],
    ['the phone gives up', (_made, phone) => phone.cancels(), 'picker-gone'],
    ['the 200 cannot be sent', (_made, phone) => (phone.failsWith = 'error'), 'error'],
    ['a surprise', (_made, phone) => (phone.failsWith = new Error('surprise')), 'error'],
  ];
  for (const [what, goesWrong, refusal] of rows) {
    const made = scene();
    const phone = fakeCaller('carol');
    goesWrong(made, phone);
    t.same(await made.asks(phone), { ok: false, refusal }, what);
    t.same([made.alice.endings, made.bob.endings], [[], []], 'the two go on');
    t.same(made.told, [], 'nobody is told');
    t.same(await made.left(), [], what);
  }
});

t.test('Bob hangs up while the call is moved, or while the phone is answered', async (t) => {
  const made = scene();
  const waits = gate();
  made.fault.waitsFor = waits;
  const leg = legOf('carol');
  const asked = made.asks(connecting(leg));
  await made.bob.hangsUp();
  waits.open();
  await asked;
  await quiet();
  t.same(await made.left(), []);
});

t.test('keys and programs switch, and each asks for that act', async (t) => {
  const made = scene();
  const { leg } = await listening(made);
  const ear = made.ear();
  const seen: unknown[] = [];
  for (const digit of ['2', '9', '3', '1', '1']) {
    ear.presses(digit);
    await quiet();
    seen.push(ear.hears?.mode);
  }
  t.same(seen, ['whisper', 'whisper', 'barge', 'listen', 'listen']);
  t.same(
    made.focused,
    ['carol false', 'carol true', 'carol false'],
    'J9: who enters is in a conference as long as he is',
  );
  made.attached.get(leg)?.digit('2');
  await quiet();
  t.equal(ear.hears?.mode, 'whisper', 'by INFO');
  const running = made.supervisions.byId('acme' as never, 'one');
  t.equal(await running?.setMode('barge'), undefined);
  t.equal(running?.now.mode, 'barge');
  t.same(made.counted, [
    ...['eavesdrop', 'whisper', 'barge', 'eavesdrop', 'whisper', 'barge'].map((act) => `${act} answered`),
  ]);
  t.equal(made.told.at(-1), 'changed 102 barge 101 in first');
  made.faults.sets = false;
  t.equal(await running?.setMode('listen'), 'media-unavailable');
  t.equal(running?.now.mode, 'barge', 'as it was');
  await running?.stop();
  t.match(leg.endings, [{ kind: 'other-party', reason: /Supervision has ended/ }]);
  t.equal(await running?.setMode('listen'), 'no-call');
  t.same(await made.left(), []);
});

t.test('a switch that is not granted is told into the ear, and changes nothing', async (t) => {
  const made = scene();
  const { leg } = await listening(made, { supervisor: number('104') });
  made.ear().presses('2');
  await quiet();
  t.equal(made.ear().hears?.mode, 'listen');
  t.same(made.ear().did, ['refused-not-allowed']);
  t.same(made.counted, ['eavesdrop answered', 'whisper not_allowed']);
  await leg.hangsUp();
  t.same(await made.left(), []);
});

t.test('whoever loses the right, or whose colleague becomes private, is hung up on', async (t) => {
  for (const changed of [company({ callControl: {} }), company({ extensions: { '101': { private: true } } })]) {
    const made = scene();
    const { leg } = await listening(made);
    made.becomes(changed);
    made.ear().presses('1');
    await quiet();
    t.match(leg.endings, [{ kind: 'other-party', reason: /cause=403/ }]);
    t.same([made.alice.endings, made.bob.endings], [[], []]);
    t.same(await made.left(), []);
  }
  const made = scene();
  const { leg } = await listening(made);
  made.becomes(company({ callControl: {} }));
  await leg.ended;
  t.match(leg.endings, [{ reason: /cause=403/ }], 'and without a key it is seen, too');
  t.same(await made.left(), []);
});

t.test('J15: the end of the call ends the supervisor, with a reason', async (t) => {
  const made = scene();
  const { leg } = await listening(made);
  await made.bob.hangsUp();
  await quiet();
  t.match(leg.endings, [{ kind: 'other-party', reason: /Call has ended/ }]);
  t.same(await made.left(), []);
  const lost = scene();
  const other = await listening(lost);
  lost.ear().isLost();
  await quiet();
  t.match(other.leg.endings, [{ kind: 'failure', text: 'Media Server Lost' }]);
  t.same(await lost.left(), []);
});

t.test('the listener follows the colleague into another call, on another server too', async (t) => {
  for (const server of ['fs', 'fs-2']) {
    const made = scene();
    const { leg } = await listening(made, { mode: 'whisper' });
    const second = legOf('bob-2');
    made.talk('second', [dave, legOf('dave')], [bob, second]);
    made.server.next = server;
    await made.bob.hangsUp();
    await quiet();
    t.equal(made.ear().hears?.other, made.anchors.endpointOf(second));
    t.equal(made.ear().hears?.mode, 'whisper');
    t.equal(made.ear().server, server);
    t.equal(made.told.at(-1), 'changed 102 whisper 101 in second');
    t.equal(made.count.needs, 1, 'the first call needs the server no more');
    made.ear().presses('1');
    await quiet();
    t.equal(made.ear().hears?.mode, 'listen');
    await leg.hangsUp();
    t.equal(made.told.at(-1), 'ended 102 listen 101 in second');
    t.same(await made.left(), []);
  }
});

t.test('but not where it may not: a private call, or its own', async (t) => {
  for (const isPrivate of [true, false]) {
    const made = scene();
    const { leg } = await listening(made);
    const who = isPrivate ? dave : carol;
    made.talk('second', [who, legOf('other')], [bob, legOf('bob-2')], isPrivate);
    await made.bob.hangsUp();
    await quiet();
    t.match(leg.endings, [{ reason: /cause=403/ }]);
    t.same(await made.left(), []);
  }
});

t.test('the colleague gets another partner: the listener stays, is judged anew, and programs are told', async (t) => {
  const made = scene();
  const { leg } = await listening(made);
  made.talk('joined', [dave, legOf('dave')], [bob, made.bob]);
  await quiet();
  t.equal(made.told.at(-1), 'changed 102 listen 101 in joined');
  made.talk('hidden', [dave, legOf('dave-2')], [bob, made.bob], true);
  await quiet();
  t.match(leg.endings, [{ reason: /cause=403/ }]);
  t.same(await made.left(), []);
});

t.test('two supervisors, and the notice to the parties', async (t) => {
  const made = scene(company({ media: { notice: 'beep' } }));
  const one = await listening(made);
  const first = made.ear();
  const other = await listening(made, { supervisor: number('104'), id: 'two' });
  const ears = [made.alice, made.bob].map((leg) => made.anchors.endpointOf(leg) as unknown as { did: string[] });
  t.same(
    ears.map(({ did }) => did),
    [
      ['beep', 'beep'],
      ['beep', 'beep'],
    ],
  );
  t.same([first.hears?.mode, made.ear().hears?.mode], ['listen', 'listen']);
  first.presses('2');
  await quiet();
  t.equal(ears[0]?.did.length, 2, 'a whisper is nobody’s business but Bob’s');
  first.presses('3');
  await quiet();
  t.equal(ears[0]?.did.length, 3, 'who enters is announced');
  t.equal(made.ear().hears?.mode, 'listen', 'the other one’s mode is his own');
  await one.leg.hangsUp();
  t.equal(made.count.needs, 1);
  await other.leg.hangsUp();
  t.same(await made.left(), []);
});
