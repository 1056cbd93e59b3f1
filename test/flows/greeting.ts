import t, { type Test } from 'tap';
import type { Group } from '../../src/domain/group.js';
import { bob, dave } from '../domain/acme.js';
import { group, moment, office, type Scene } from './group-stage.js';
import { fakeCaller, gate, quiet } from './parties.js';

const hello = 'e'.repeat(24);
const sounds = new Map([[hello, { name: 'Hello', file: 'hello' }]]);
const unheard = 'group rings without its sound';

/** A group that has its callers hear something first. */
const greeting = (changes: Partial<Group> = {}): Group =>
  group('a', { members: [bob, dave], startAudio: hello, ...changes });

/** A company with a media server, where a sound takes as long as the gate is shut. */
const greeted = (t: Test, scene: Scene = {}) => {
  const s = office(t, { groups: [greeting()], sounds, ...scene });
  const ends = gate();
  s.media.isUp = true;
  s.media.meanwhile = (what) => (what === 'play' ? ends.passed : undefined);
  return { ...s, ends };
};

t.test('the caller hears the sound, then it rings, then the caller hears that, and then who answers', async (t) => {
  const s = greeted(t);
  const { caller } = await s.callsGroup();
  t.same([caller.heard, s.rung()], [['183'], []], 'nobody rings yet');
  s.ends.open();
  await quiet();
  t.same(s.rung(), [bob, dave]);
  t.same(s.phone(0).request.offer, { kind: 'delayed' });
  for (const each of s.dialled) each.rings();
  await quiet();
  s.phone(1).offers();
  await quiet();
  t.same(caller.heard, ['183', '180', '200 endpoint 1 for offer of alice'], 'the same SDP, said twice');
  t.same(s.media.endpoints[0]?.did, ['play hello', 'play ringback', 'bridge 2']);
  t.notOk(s.said.includes(unheard));
  await s.joints[0]?.hangUp();
  for (const each of s.media.endpoints) each.dies();
  await s.nothingLeft('answered');
});

t.test('who hangs up meanwhile rings nobody, and nobody has the call meanwhile', async (t) => {
  const s = greeted(t, { groups: [greeting({ timeoutGoto: 'b'.repeat(24) }), group('b')] });
  const { caller, over } = await s.callsGroup();
  t.match(await s.picks(), { ok: false, refusal: 'no-call' });
  caller.cancels();
  await over;
  s.ends.open();
  await quiet();
  t.same(s.rung(), []);
  await s.nothingLeft('cancelled');
});

t.test('where it cannot be heard the group rings at once, and the log says so', async (t) => {
  type Stage = ReturnType<typeof greeted>;
  const rows: [what: string, scene: Scene, before: (s: Stage) => void, caller?: ReturnType<typeof fakeCaller>][] = [
    ['the company has no such sound', { sounds: new Map() }, () => undefined],
    ['no media server', {}, (s) => Object.assign(s.media, { isUp: false })],
    ['it makes nothing of the offer', {}, (s) => Object.assign(s.media.fails, { open: () => true })],
    ['the caller made no offer', {}, () => undefined, fakeCaller('alice', { kind: 'delayed' })],
    [
      'the caller makes keys first',
      {},
      () => undefined,
      fakeCaller('alice', { kind: 'sdp', body: 'v=0\r\na=fingerprint:sha-256 00' }),
    ],
  ];
  for (const [what, scene, before, caller = fakeCaller('alice')] of rows) {
    const s = greeted(t, scene);
    before(s);
    const { over } = await s.callsGroup(caller);
    t.same(s.rung(), [bob, dave], what);
    t.ok(s.said.includes(unheard), what);
    s.phone(0).rings();
    t.same(caller.heard, ['180'], what);
    caller.cancels();
    await over;
    await s.nothingLeft('cancelled');
  }
});

t.test('a group that a call goes on to has its own sound; then it rings again', async (t) => {
  const onward = group('b', { members: [dave], startAudio: hello });
  const s = greeted(t, { groups: [group('a', { members: [bob], ringTime: moment, timeoutGoto: onward.id }), onward] });
  const { caller, over } = await s.callsGroup();
  t.same(s.phone(0).request.offer, { kind: 'delayed' }, 'who rings first waits for no answer either');
  s.phone(0).rings();
  while (!caller.heard.includes('183')) await quiet();
  t.same([caller.heard, s.rung()], [['180', '183'], [bob]]);
  s.ends.open();
  await s.untilRung(2);
  s.phone(1).rings();
  await quiet();
  t.same(s.media.endpoints[0]?.did, ['play hello', 'play ringback']);
  caller.cancels();
  await over;
  await s.nothingLeft('cancelled');
});

t.test('a media server that is lost meanwhile keeps nobody waiting', async (t) => {
  const s = greeted(t);
  const { caller, over } = await s.callsGroup();
  s.media.endpoints[0]?.dies();
  await quiet();
  t.same(s.rung(), [bob, dave]);
  s.phone(0).rings();
  await quiet();
  caller.cancels();
  await over;
  await s.nothingLeft('cancelled');
});
