import t from 'tap';
import type { Dialog, DialogIds } from '../../src/domain/dialog.js';
import { extensionParty } from '../../src/flows/party.js';
import type { Leg } from '../../src/flows/ports.js';
import { establishedCaller } from '../../src/flows/transfer/established-caller.js';
import { makeTransferCall } from '../../src/flows/transfer-call.js';
import { acme, alice, bob, carol, dave, number, tenant } from '../domain/acme.js';
import { group } from './group-stage.js';
import { fakeCaller, quiet } from './parties.js';
import { nothingLeft, type Scene, scene, talkingPhone } from './talking-stage.js';

/** Follows a wish, and keeps what is told of it. */
const follow = (scene: Scene, leg: Leg, to: { user: string } | { ids: DialogIds }) => {
  const told: number[] = [];
  const wish =
    'user' in to
      ? ({ kind: 'number', user: to.user } as const)
      : ({ kind: 'dialog', isMeant: ({ sipCallId }: DialogIds) => sipCallId === to.ids.sipCallId } as const);
  const following = scene.transfer({ leg, to: wish, passed: {} });
  const done = following.ok ? following.follow(async (status) => void told.push(status)) : Promise.resolve();
  return { following, told, done };
};

t.test('an established phone as a caller', async (t) => {
  const leg = talkingPhone('x');
  let rings = 0;
  const caller = establishedCaller(leg, () => {
    rings += 1;
  });
  caller.ringing();
  caller.ringing();
  t.equal(rings, 1, 'it rings once');
  const answer = await caller.answerWithOffer('offer', extensionParty(acme, carol, false));
  t.match(answer, { ok: true, sdp: 'answer of x' });
  t.same(leg.asked, [`offer to ${carol}`], 'and is told to whom it talks');
  caller.refuse(486);
  t.same(await caller.move, { kind: 'answered' }, 'too late to refuse');

  const gone = talkingPhone('y');
  const heard: (string | undefined)[] = [];
  const leaving = establishedCaller(gone);
  leaving.onGone((reason) => heard.push(reason));
  gone.hangsUp('SIP;cause=480');
  t.same(await leaving.move, { kind: 'gone' });
  leaving.onGone((reason) => heard.push(reason));
  t.same(heard, ['SIP;cause=480', 'SIP;cause=480'], 'who listens later hears it too');
  t.ok(leaving.gone);
});

t.test('a transfer while the store is away, and one that the stack does not make', async (t) => {
  const acted = scene();
  const { callerLeg, calleeLeg } = await acted.talk(alice, bob, 'one');
  acted.store.away = true;
  const { told, done } = follow(acted, callerLeg, { user: carol });
  await quiet();
  t.equal(acted.dialled.length, 1, 'the phone last seen rings');
  acted.dialled[0]?.fails(486);
  await done;
  t.same(told, [486]);
  t.same(acted.joined, ['one-caller-one-callee', 'parted', 'one-caller-one-callee'], 'they have each other back');
  t.equal(acted.gauges.connected, 1);

  acted.store.away = false;
  acted.store.phones.set(carol, [{ id: 'c', contact: 'sip:c@phones.example', path: [] }]);
  acted.stackFails();
  const second = follow(acted, callerLeg, { user: carol });
  await second.done;
  t.same(second.told, [500]);
  t.ok(acted.said.includes('surprise'));
  t.equal(acted.live.size, 1, 'of the call that could not be made nothing stays');
  calleeLeg.hangsUp();
  await nothingLeft(t, acted);
});

t.test('a transfer to a group rings its members', async (t) => {
  const support = group('a', { strategy: 'SEQUENTIAL', number: number('800'), members: [carol, dave] });
  const acted = scene(tenant('acme', { groups: new Map([[support.id, support]]) }));
  const { callerLeg, calleeLeg } = await acted.talk(alice, bob, 'one');
  const { told, done } = follow(acted, callerLeg, { user: '800' });
  for (const [index, member] of [carol, dave].entries()) {
    await quiet();
    t.equal(acted.dialled[index]?.request.callee.number, member);
    acted.dialled[index]?.rings();
    acted.dialled[index]?.fails(486);
  }
  await done;
  t.same(told, [180, 486]);
  t.equal(acted.gauges.connected, 1, 'they have each other back');
  calleeLeg.hangsUp();
  await nothingLeft(t, acted);
});

t.test('one at a time', async (t) => {
  const acted = scene();
  acted.store.phones.set(carol, [{ id: 'c', contact: 'sip:c@phones.example', path: [] }]);
  const { call, callerLeg, calleeLeg } = await acted.talk(alice, bob, 'one');
  const second = await acted.talk(alice, carol, 'two');
  const first = follow(acted, callerLeg, { user: carol });
  await quiet();
  for (const leg of [callerLeg, calleeLeg]) {
    t.match(follow(acted, leg, { user: carol }).following, { ok: false, refusal: 'lost-race' });
  }
  t.match(follow(acted, second.callerLeg, { ids: callerLeg.ids }).following, { ok: false, refusal: 'lost-race' });
  const found = {
    ...{ kind: 'dialog' as const, extension: bob, target: bob, owner: acted.deps.self, state: 'connected' as const },
    dialog: { ...call.dialogs.open[0]?.dialog, ...calleeLeg.ids } as Dialog,
  };
  const thief = { tenant: acme, picker: bob, leg: fakeCaller('thief'), party: extensionParty(acme, bob, false), found };
  t.match(await acted.steal(thief), { ok: false, refusal: 'lost-race' });
  acted.dialled[0]?.fails(603);
  await first.done;
  const again = follow(acted, second.callerLeg, { ids: callerLeg.ids });
  await again.done;
  t.same(again.told, [200], 'the right to move the call was given back');
  await quiet();
  t.equal(acted.live.size, 1);
  t.same(callerLeg.endings.length + second.callerLeg.endings.length, 2, 'both legs of who asked are ended');
  t.same(second.calleeLeg.acknowledged, ['answer of one-callee']);
  t.same(second.calleeLeg.asked, [`offer? to ${bob}`]);
  calleeLeg.hangsUp();
  await nothingLeft(t, acted);
});

t.test('two calls become one while the store is away; a phone that is lost in the middle', async (t) => {
  const acted = scene();
  const [first, second] = [await acted.talk(alice, bob, 'one'), await acted.talk(carol, alice, 'two')];
  acted.store.away = true;
  const { told, done } = follow(acted, first.callerLeg, { ids: second.calleeLeg.ids });
  await done;
  t.same(told, [200]);
  t.equal(acted.joined.at(-1), 'two-caller-one-callee', 'who called before calls now');
  t.equal(acted.gauges.connected, 1);
  first.calleeLeg.hangsUp();
  await quiet();
  t.equal(acted.live.size, 0);

  const other = scene();
  const [one, two] = [await other.talk(alice, bob, 'one'), await other.talk(alice, carol, 'two')];
  two.calleeLeg.says = () => {
    one.calleeLeg.hangsUp();
    return { ok: true, sdp: 'answer', acknowledge: () => undefined };
  };
  const lost = follow(other, one.callerLeg, { ids: two.callerLeg.ids });
  await lost.done;
  t.same(lost.told, [487]);
  t.same(two.callerLeg.asked, [`offer? to ${carol}`], 'Carol’s media goes back to Alice');
  await quiet();
  t.equal(other.live.size, 1, 'Alice still has Carol');
  two.callerLeg.hangsUp();
  await nothingLeft(t, other);
});

t.test('who may not', async (t) => {
  const acted = scene();
  const { callerLeg } = await acted.talk(alice, bob, 'one');
  const refusalOf = (user: string) => follow(acted, callerLeg, { user }).following;
  t.match(refusalOf('*95'), { refusal: 'not-available' });
  t.match(refusalOf('999'), { refusal: 'unknown-extension' });
  t.match(refusalOf('%zz'), { refusal: 'unknown-extension' });
  t.match(follow(acted, talkingPhone('stranger'), { user: carol }).following, { refusal: 'not-available' });
  const draining = makeTransferCall({ ...acted.deps, isDraining: () => true });
  const wish = { leg: callerLeg, to: { kind: 'number', user: carol }, passed: {} } as const;
  t.match(draining(wish), { refusal: 'draining' });
  const gone = makeTransferCall({ ...acted.deps, tenant: () => undefined });
  t.match(gone(wish), { refusal: 'not-allowed' }, 'a company that is there no more');
  callerLeg.hangsUp();
  await nothingLeft(t, acted);
});
