import t from 'tap';
import { breath, dialog, fakePhone, subscriber, watchStage } from './watch-stage.js';

t.test('S10: who asks once is shown everything once', async (t) => {
  const { begins, bobs, counted } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { subscription, phone } = await begins([], {}, 0);
  await subscription.done;
  t.strictSame(phone.notices, [{ state: { kind: 'terminated', reason: 'timeout' }, document: '0 a:early' }]);
  t.equal(bobs.listeners.size, 0);
  t.match(counted, { watchers: 0, sent: 1 });
});

t.test('S9: who wants no more is shown everything for the last time', async (t) => {
  const { begins, bobs, passes, counted } = watchStage(t);
  const { subscription, phone } = await begins();
  bobs.changes(dialog('a', 'early'));
  subscription.refresh(0);
  await subscription.done;
  t.strictSame(phone.last, { state: { kind: 'terminated', reason: 'timeout' }, document: '1 a:early' });
  bobs.changes(dialog('a', 'confirmed'));
  await passes(10_000);
  t.equal(phone.notices.length, 2);
  t.equal(counted.watchers, 0);
});

t.test('S14: the last notice waits for the one in flight', async (t) => {
  const { begins, bobs } = watchStage(t);
  const { subscription, phone } = await begins(['mute', 'mute']);
  subscription.refresh(0);
  bobs.changes(dialog('a', 'early'));
  await breath();
  t.equal(phone.notices.length, 1);
  await phone.answersNow();
  t.equal(phone.notices.length, 2, 'and for nothing else');
  let isDone = false;
  void subscription.done.then(() => {
    isDone = true;
  });
  await breath();
  t.notOk(isDone, 'and is done when it is answered');
  await phone.answersNow();
  t.ok(isDone);
  t.equal(phone.mostOpen, 1);
});

t.test('S11: who does not refresh hears that the time is up', async (t) => {
  const { begins, passes, said } = watchStage(t);
  const { subscription, phone } = await begins([], {}, 60);
  await passes(59_999);
  t.equal(phone.notices.length, 1);
  await passes(1);
  await subscription.done;
  t.match(phone.last, { state: { kind: 'terminated', reason: 'timeout' }, document: '1 idle' });
  t.strictSame(said, ['watcher', 'watcher gone']);
});

t.test('S11: who refreshes has the new time, not the old one', async (t) => {
  const { begins, passes } = watchStage(t);
  const { subscription, phone } = await begins([], {}, 60);
  await passes(50_000);
  subscription.refresh(120);
  await passes(119_999);
  t.match(phone.last, { state: { kind: 'active' } });
  await passes(1);
  t.match(phone.last, { state: { kind: 'terminated', reason: 'timeout' } });
});

t.test('S12: when the instance stops, phones are told to subscribe anew, and nobody new is taken', async (t) => {
  const { begins, watching, state, counted } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins();
  const other = await begins([], { contact: 'sip:102@192.0.2.4' });
  state.isDraining = true;
  await watching.moveAll();
  for (const each of [phone, other.phone]) {
    t.strictSame(each.last, { state: { kind: 'terminated', reason: 'deactivated' }, document: '1 a:early' });
  }
  t.equal(counted.watchers, 0);
  t.strictSame(await watching.watch(subscriber()), { ok: false, refusal: 'draining' });
  await watching.moveAll();
});

t.test('a subscription that begins while the instance stops ends at once', async (t) => {
  const { watches, watching, passes } = watchStage(t);
  const [subscription, phone] = [await watches(), fakePhone()];
  const moved = watching.moveAll();
  subscription.begin(phone.phone, 3600);
  await passes(0);
  await moved;
  t.match(phone.notices, [{ state: { kind: 'terminated', reason: 'deactivated' } }]);
});

t.test('phones that do not answer do not keep the instance from stopping', async (t) => {
  const { begins, watching, passes, said } = watchStage(t);
  await begins(['mute']);
  const moved = watching.moveAll();
  await passes(3_000);
  await moved;
  t.match(said, ['watcher', 'watchers moved']);
});
