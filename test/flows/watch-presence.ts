import t from 'tap';
import type { Presence, Tenant } from '../../src/domain/office.js';
import { acme, bob, tenant } from '../domain/acme.js';
import { dialog, watchStage } from './watch-stage.js';

const bobIs = (presence: Presence, version = 1): Tenant => {
  const entry = acme.extensions.get(bob);
  if (!entry) throw new Error('no Bob');
  return tenant('acme', { version, extensions: new Map([...acme.extensions, [bob, { ...entry, presence }]]) });
};

t.test('P3: who watches presence is told it at once, and each change within a second', async (t) => {
  const { begins, officeIs, passes } = watchStage(t, { tenant: bobIs('away') });
  const { phone } = await begins([], { event: 'presence' });
  t.same(phone.documents, ['101 away, 0 dialogs']);
  officeIs(bobIs('do-not-disturb'));
  await passes(1_000);
  t.same(phone.documents.slice(1), ['101 do-not-disturb, 0 dialogs']);
  officeIs(bobIs('do-not-disturb', 2));
  await passes(1_000);
  t.equal(phone.notices.length, 2, 'another change of the company is no news');
});

t.test('calls are no news to who watches presence, and presence none to who watches calls', async (t) => {
  const { begins, bobs, officeIs, passes } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const presence = await begins([], { event: 'presence' });
  const calls = await begins();
  bobs.changes(dialog('b', 'early'));
  bobs.changes(dialog('a', 'terminated'));
  await passes(1_000);
  t.same(presence.phone.documents, ['101 available, 0 dialogs']);
  const told = calls.phone.notices.length;
  officeIs(bobIs('away'));
  await passes(1_000);
  t.equal(calls.phone.notices.length, told);
  t.equal(presence.phone.notices.length, 2);
});

t.test(
  'a key for the calls and one for the presence of the same extension do not ask whether the other is there',
  async (t) => {
    const { begins, passes } = watchStage(t);
    const calls = await begins();
    await begins([], { event: 'presence' });
    await passes(1_000);
    t.equal(calls.phone.notices.length, 1, 'the phone was not started anew');
  },
);

t.test('D6: who may not watch any more is told so, and no presence', async (t) => {
  const none = new Map();
  const closed = { allowAll: false, pickupAll: false, groups: none, pickupShareGroups: [], phoneReplaceGroups: [] };
  const apart = tenant('acme', {
    pickupGroups: [],
    callControl: { ...closed, eavesdrop: none, whisper: none, barge: none },
  });
  const { begins, officeIs, passes } = watchStage(t);
  const { phone } = await begins([], { event: 'presence' });
  officeIs(apart);
  await passes(1_000);
  t.strictSame(phone.last, { state: { kind: 'terminated', reason: 'rejected' } });
});
