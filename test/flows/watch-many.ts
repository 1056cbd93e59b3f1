import t from 'tap';
import { usualProfile } from '../../src/domain/watcher-profile.js';
import { type DialogView, writeOnce } from '../../src/flows/watch/document.js';
import { acme, alice, bob, carol } from '../domain/acme.js';
import { breath, dialog, subscriber, watchStage } from './watch-stage.js';

t.test('while the store is away there is no subscription', async (t) => {
  const { watching, bobs, passes, counted } = watchStage(t);
  bobs.goesAway();
  const watched = watching.watch(subscriber());
  await passes(2_000);
  t.strictSame(await watched, { ok: false, refusal: 'store-unreachable' });
  t.equal(bobs.listeners.size, 0);
  t.equal(counted.watchers, 0);
});

t.test('the phones of one extension have a share, all together another', async (t) => {
  const { begins, watching } = watchStage(t, { room: { perWatcher: 2, all: 3 } });
  const { subscription } = await begins([], { contact: 'sip:1@192.0.2.1' });
  await begins([], { contact: 'sip:2@192.0.2.1' });
  t.strictSame(await watching.watch(subscriber()), { ok: false, refusal: 'watcher-full' });
  await begins([], { watcher: alice });
  t.strictSame(await watching.watch(subscriber({ watcher: bob })), { ok: false, refusal: 'all-full' });
  subscription.refresh(0);
  await subscription.done;
  t.match(await watching.watch(subscriber({ watcher: bob })), { ok: true }, 'who goes makes room');
});

t.test('a phone that was started anew does not pile up: it is asked about what it had', async (t) => {
  const { begins, counted } = watchStage(t);
  const { phone } = await begins([{ kind: 'taken' }, { kind: 'gone' }]);
  await begins();
  t.match(phone.notices, [{}, { state: { kind: 'active' } }, { state: { kind: 'terminated' } }]);
  t.match(counted, { watchers: 1, dropped: 1 });
});

t.test('D11: two keys of one phone for the same extension both stay, but not twenty-one', async (t) => {
  const { begins, counted } = watchStage(t);
  const { phone } = await begins();
  for (let keys = 2; keys <= 20; keys += 1) await begins();
  await breath();
  t.equal(counted.watchers, 20);
  t.match(phone.last, { state: { kind: 'active' } });
  await begins();
  await breath();
  t.equal(counted.watchers, 20);
  t.match(phone.last, { state: { kind: 'terminated', reason: 'giveup', retryAfter: 3600 } });
});

t.test('other phones, and other extensions of the same phone, are not asked', async (t) => {
  const { begins } = watchStage(t);
  const { phone } = await begins();
  await begins([], { contact: 'sip:102@192.0.2.4' });
  await begins([], { extension: carol });
  await begins([], { watcher: alice });
  t.equal(phone.notices.length, 1);
});

t.test('D29: a document is written once for all who see the same', async (t) => {
  let written = 0;
  const write = writeOnce(() => {
    written += 1;
    return (version) => `${version}`;
  });
  const view: DialogView = {
    ...{
      event: 'dialog',
      entity: 'sip:101@acme.example',
      tenant: acme,
      extension: bob,
      profile: usualProfile,
      sees: 'all',
    },
    ...{ isOwn: false, dialogs: [dialog('a', 'early'), dialog('b', 'early')] },
  };
  t.equal(write(view), write({ ...view, dialogs: [...view.dialogs] }));
  t.equal(written, 1);
  const others: Partial<DialogView>[] = [
    { event: 'presence' },
    { entity: 'sip:101@other.example' },
    { tenant: { ...acme } },
    { extension: carol },
    { profile: { ...usualProfile } },
    { sees: 'state' },
    { isOwn: true },
    { dialogs: view.dialogs.slice(0, 1) },
    { dialogs: view.dialogs.toReversed() },
    { dialogs: view.dialogs.map((each) => ({ ...each })) },
  ];
  for (const other of others) write({ ...view, ...other });
  t.equal(written, 1 + others.length);
  for (let i = 0; i < 1_000; i += 1) write({ ...view, entity: `sip:x${i}@acme.example` });
  write(view);
  t.equal(written, 1_002 + others.length, 'and old ones are forgotten');
});
