import t from 'tap';
import { dialog, fakePhone, watchStage } from './watch-stage.js';

t.test('S13: a notice that was not liked is told with the next change, its version used up', async (t) => {
  const { begins, bobs, passes, counted } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins([{ kind: 'taken' }, { kind: 'refused' }]);
  await passes(200);
  bobs.changes(dialog('a', 'terminated'));
  await passes(10_000);
  t.equal(phone.notices.length, 2, 'nothing is repeated by itself');
  bobs.changes(dialog('b', 'early'));
  await passes(200);
  t.strictSame(phone.documents, ['0 a:early', '1 a:terminated', '2 b:early a:terminated']);
  t.match(counted, { watchers: 1, sent: 2, failed: 1, dropped: 0 });
});

t.test('after a notice that was not liked even the same is news', async (t) => {
  const { begins, bobs, passes } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins([{ kind: 'refused' }]);
  await passes(200);
  bobs.knows(dialog('a', 'early'));
  t.strictSame(phone.documents, ['0 a:early', '1 a:early']);
});

t.test('S13: a phone that asks for time is told again when it is over', async (t) => {
  const { begins, bobs, passes, counted } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins([{ kind: 'later', seconds: 5 }]);
  await passes(1_000);
  bobs.changes(dialog('a', 'confirmed'));
  await passes(3_999);
  t.equal(phone.notices.length, 1, 'not before');
  await passes(1);
  t.strictSame(phone.documents, ['0 a:early', '1 a:confirmed']);
  t.match(counted, { sent: 1, failed: 1 });
});

t.test('a phone that asks for time and for no more is told so at once', async (t) => {
  const { begins, passes } = watchStage(t);
  const { subscription, phone } = await begins([{ kind: 'later', seconds: 500 }]);
  await passes(1_000);
  subscription.refresh(0);
  t.match(phone.last, { state: { kind: 'terminated', reason: 'timeout' } });
});

t.test('S13: a phone that knows nothing of it, or is not there, is dropped', async (t) => {
  const { begins, bobs, passes, counted, said, timers } = watchStage(t);
  const { subscription, phone } = await begins([{ kind: 'taken' }, { kind: 'gone' }, 'mute']);
  await passes(200);
  const waiting = timers.size;
  bobs.changes(dialog('a', 'early'));
  await subscription.done;
  t.match(phone.last, { state: { kind: 'terminated', reason: 'giveup' } }, 'with a last notice, for the server');
  t.equal(phone.last?.document, undefined);
  t.match(counted, { watchers: 0, sent: 1, failed: 0, dropped: 1 });
  t.strictSame(said, ['watcher', 'watcher gone']);
  t.equal(bobs.listeners.size, 0, 'nothing is followed');
  t.equal(timers.size, waiting - 1, 'nothing expires');
  bobs.changes(dialog('a', 'confirmed'));
  await passes(4_000_000);
  t.equal(phone.notices.length, 3, 'nothing is sent any more');
});

t.test('a connection that is lost takes the subscriptions with it in silence', async (t) => {
  const { begins, bobs, passes, counted, watching } = watchStage(t);
  const { subscription, phone } = await begins(['mute']);
  watching.loseAll();
  await subscription.done;
  await phone.answersNow({ kind: 'gone' });
  bobs.changes(dialog('a', 'early'));
  await passes(4_000_000);
  t.equal(phone.notices.length, 1);
  t.match(counted, { watchers: 0, dropped: 1 });
  t.equal(bobs.listeners.size, 0);
});

t.test('a connection that is lost before the phone was told leaves nothing to begin', async (t) => {
  const { watches, watching, counted } = watchStage(t);
  const [subscription, phone] = [await watches(), fakePhone()];
  watching.loseAll();
  subscription.begin(phone.phone, 3600);
  t.strictSame(phone.notices, []);
  t.equal(counted.watchers, 0);
});

t.test('a subscription of which the phone could not be told leaves nothing', async (t) => {
  const { watches, bobs, counted, said, timers } = watchStage(t);
  const before = timers.size;
  const subscription = await watches();
  subscription.lose('not-told');
  await subscription.done;
  t.match({ followers: bobs.listeners.size, timers: timers.size }, { followers: 0, timers: before });
  t.equal(counted.watchers, 0);
  t.strictSame(said, []);
});
