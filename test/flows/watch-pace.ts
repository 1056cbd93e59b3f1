import t from 'tap';
import { breath, dialog, watchStage } from './watch-stage.js';

t.test('D7: the first notice shows everything, at once, as version 0', async (t) => {
  const { begins, counted, said } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins();
  t.strictSame(phone.notices, [{ state: { kind: 'active', seconds: 3600 }, document: '0 a:early' }]);
  t.match(counted, { watchers: 1, sent: 1 });
  t.strictSame(said, ['watcher']);
});

t.test('D10: a change after a quiet time is told at once', async (t) => {
  const { begins, bobs, passes, counted } = watchStage(t);
  const { phone } = await begins();
  await passes(200);
  bobs.changes(dialog('a', 'early'));
  t.equal(phone.last?.document, '1 a:early');
  t.strictSame(counted.delays, [0]);
});

t.test(
  'D10: changes that come close together are told in one notice, 200 ms after the last at the latest',
  async (t) => {
    const { begins, bobs, passes, counted } = watchStage(t);
    const { phone } = await begins();
    await passes(10);
    bobs.changes(dialog('a', 'trying'));
    await passes(50);
    bobs.changes(dialog('a', 'early'));
    await passes(139);
    t.equal(phone.notices.length, 1);
    await passes(1);
    t.strictSame(phone.documents, ['0 idle', '1 a:early']);
    t.strictSame(counted.delays, [0.19]);
    await passes(10_000);
    t.equal(phone.notices.length, 2, 'and nothing more');
  },
);

t.test('S14: there is one notice in flight, and only the newest state waits', async (t) => {
  const { begins, bobs, passes } = watchStage(t);
  const { phone } = await begins(['mute']);
  for (const state of ['trying', 'proceeding', 'early'] as const) {
    await passes(1_000);
    bobs.changes(dialog('a', state));
  }
  t.equal(phone.notices.length, 1);
  await phone.answersNow();
  t.strictSame(phone.documents, ['0 idle', '1 a:early']);
});

t.test('who was shown a dialog is shown its end, once', async (t) => {
  const { begins, bobs, passes } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins();
  await passes(200);
  bobs.changes(dialog('a', 'terminated', { event: 'cancelled' }));
  await passes(200);
  bobs.changes(dialog('b', 'early'));
  await passes(200);
  t.strictSame(phone.documents, ['0 a:early', '1 a:terminated(cancelled)', '2 b:early']);
});

t.test('what begins and ends between two notices is never told', async (t) => {
  const { begins, bobs, passes } = watchStage(t);
  const { phone } = await begins();
  bobs.changes(dialog('a', 'early'));
  bobs.changes(dialog('a', 'terminated'));
  await passes(10_000);
  t.strictSame(phone.documents, ['0 idle']);
});

t.test('a dialog that ends while the notice of its beginning is in flight is shown as over', async (t) => {
  const { begins, bobs, passes } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins(['mute']);
  bobs.changes(dialog('a', 'terminated'));
  await passes(500);
  await phone.answersNow();
  t.strictSame(phone.documents, ['0 a:early', '1 a:terminated']);
});

t.test('what is missing after changes were missed is over', async (t) => {
  const { begins, bobs, passes } = watchStage(t, { dialogs: [dialog('a', 'early'), dialog('b', 'early')] });
  const { phone } = await begins();
  await passes(200);
  bobs.knows(dialog('b', 'confirmed'), dialog('c', 'early'));
  t.equal(phone.last?.document, '1 b:confirmed c:early a:terminated');
});

t.test('what the watcher knows is not told again', async (t) => {
  const { begins, bobs, passes, counted } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins();
  await passes(200);
  bobs.changes(dialog('a', 'early'));
  bobs.knows(dialog('a', 'early'));
  await passes(10_000);
  t.equal(phone.notices.length, 1);
  t.strictSame(counted.delays, []);
  bobs.changes(dialog('a', 'terminated'));
  await passes(200);
  bobs.knows();
  await passes(10_000);
  t.strictSame(phone.documents, ['0 a:early', '1 a:terminated'], 'nor that what is over is gone');
});

t.test('S8: a refresh shows everything again, with what is left of the time and one version more', async (t) => {
  const { begins, passes } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { subscription, phone } = await begins([], {}, 600);
  await passes(100_500);
  subscription.refresh(300);
  await breath();
  t.strictSame(phone.last, { state: { kind: 'active', seconds: 300 }, document: '1 a:early' });
});

t.test('S6: what is left of the time only gets less', async (t) => {
  const { begins, bobs, passes } = watchStage(t);
  const { phone } = await begins([], {}, 600);
  await passes(99_001);
  bobs.changes(dialog('a', 'early'));
  t.match(phone.last, { state: { seconds: 501 } });
  await passes(400_999);
  bobs.changes(dialog('a', 'confirmed'));
  t.match(phone.last, { state: { seconds: 100 } });
});
