import t from 'tap';
import type { Dialog } from '../../src/domain/dialog.js';
import type { Tenant } from '../../src/domain/office.js';
import { acme, bob, carol, dave, tenant } from '../domain/acme.js';
import { dialog, subscriber, watchStage } from './watch-stage.js';

/** Nobody shares a group with anybody, and nothing is allowed without. */
const apart: Tenant = tenant('acme', {
  pickupGroups: [],
  callControl: { ...(acme.callControl ?? nothing()), pickupAll: false },
});

function nothing(): NonNullable<Tenant['callControl']> {
  const none = new Map();
  return {
    ...{ allowAll: false, pickupAll: false, groups: none, pickupShareGroups: [], phoneReplaceGroups: [] },
    ...{ eavesdrop: none, whisper: none, barge: none },
  };
}

const optedOut = (): Tenant => {
  const entry = acme.extensions.get(bob);
  if (!entry) throw new Error('no Bob');
  return tenant('acme', { extensions: new Map([...acme.extensions, [bob, { ...entry, refusesPickup: true }]]) });
};

t.test('S15: who may not watch is refused, and so is who watches nobody', async (t) => {
  const { watching, bobs } = watchStage(t, { tenant: apart });
  t.strictSame(await watching.watch(subscriber()), { ok: false, refusal: 'not-allowed' });
  const nobody = subscriber({ extension: '999' as typeof bob });
  t.strictSame(await watching.watch(nobody), { ok: false, refusal: 'unknown-extension' });
  t.match(await watching.watch(subscriber({ watcher: bob })), { ok: true }, 'the own extension always');
  t.equal(bobs.listeners.size, 1);
});

t.test(
  'D6, S12: a right that is taken away ends the subscription within a second, and shows nothing more',
  async (t) => {
    const { begins, officeIs, passes, counted } = watchStage(t, { dialogs: [dialog('a', 'early')] });
    const { subscription, phone } = await begins();
    await passes(5_000);
    officeIs(apart);
    await passes(999);
    await subscription.done;
    t.strictSame(phone.last, { state: { kind: 'terminated', reason: 'rejected' } });
    t.equal(counted.watchers, 0);
  },
);

t.test('D6: a right that is taken away counts for the very next notice', async (t) => {
  const { begins, officeIs, bobs, passes } = watchStage(t);
  const { phone } = await begins();
  await passes(250);
  officeIs(apart);
  bobs.changes(dialog('a', 'early'));
  t.strictSame(phone.last, { state: { kind: 'terminated', reason: 'rejected' } });
});

t.test('D6: who wants no more and may not, sees nothing for the last time', async (t) => {
  const { begins, officeIs } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { subscription, phone } = await begins();
  officeIs(apart);
  subscription.refresh(0);
  t.strictSame(phone.last, { state: { kind: 'terminated', reason: 'rejected' } });
});

t.test('D25: where one dialog is shown, what becomes of others is no news', async (t) => {
  const profile = {
    oneDialog: true,
    idleDialog: true,
    callerConfirmed: true,
    dndConfirmed: false,
    remoteTarget: 'code',
  } as const;
  const one = tenant('acme', { watcherRules: [{ userAgent: 'phone', profile }] });
  const { begins, bobs, passes } = watchStage(t, {
    tenant: one,
    dialogs: [dialog('a', 'early'), dialog('b', 'early')],
  });
  const { phone } = await begins();
  await passes(200);
  bobs.changes(dialog('b', 'terminated'));
  await passes(200);
  bobs.changes(dialog('a', 'terminated'));
  await passes(10_000);
  t.strictSame(phone.documents, ['0 a:early [one]', '1 a:terminated [one]']);
});

t.test('S12: an extension that is no more, or a company, is no resource', async (t) => {
  const extensions = new Map([...acme.extensions].filter(([number]) => number !== bob));
  for (const changed of [tenant('acme', { extensions }), undefined]) {
    const { begins, officeIs, passes } = watchStage(t);
    const { phone } = await begins();
    officeIs(changed);
    await passes(1_000);
    t.strictSame(phone.last, { state: { kind: 'terminated', reason: 'noresource' } });
  }
});

t.test('S12: a watcher that is no more is rejected', async (t) => {
  const { begins, officeIs, passes } = watchStage(t);
  const { phone } = await begins();
  officeIs(tenant('acme', { extensions: new Map([...acme.extensions].filter(([number]) => number !== carol)) }));
  await passes(1_000);
  t.strictSame(phone.last, { state: { kind: 'terminated', reason: 'rejected' } });
});

t.test('a change of the office that changes what is shown is shown within a second, another is not', async (t) => {
  const { begins, officeIs, passes } = watchStage(t, { dialogs: [dialog('a', 'early')] });
  const { phone } = await begins();
  await passes(100);
  officeIs(optedOut());
  await passes(1_000);
  t.strictSame(phone.documents, ['0 a:early', '1 a:early [state only]']);
  officeIs(tenant('acme', { ...optedOut(), ringSeconds: 5 }));
  await passes(1_000);
  t.equal(phone.notices.length, 2);
  officeIs(acme);
  await passes(1_000);
  t.equal(phone.last?.document, '2 a:early');
});

t.test('the profile is that of the phone, and of the office as it is', async (t) => {
  const profile = {
    oneDialog: true,
    idleDialog: true,
    callerConfirmed: true,
    dndConfirmed: false,
    remoteTarget: 'code',
  } as const;
  const { begins, officeIs, passes } = watchStage(t);
  const { phone } = await begins([], { userAgent: 'Example 7' });
  officeIs(tenant('acme', { watcherRules: [{ userAgent: 'example', profile }] }));
  await passes(1_000);
  t.strictSame(phone.documents, ['0 idle', '1 idle [one]']);
});

t.test('private calls are shown to the own extension alone', async (t) => {
  const dialogs = [dialog('a', 'early', { isPrivate: true }), dialog('b', 'early')];
  const { begins, bobs, passes } = watchStage(t, { dialogs });
  const [{ phone: carols }, { phone: own }] = [await begins(), await begins([], { watcher: bob })];
  t.equal(carols.last?.document, '0 b:early');
  t.equal(own.last?.document, '0 a:early b:early [own]');
  await passes(200);
  bobs.changes(dialog('a', 'terminated', { isPrivate: true }));
  t.equal(carols.notices.length, 1);
  t.equal(own.last?.document, '1 b:early a:terminated [own]');
});

t.test('D2: one dialog may be asked for: by its Call-ID, and by tags that are then all matched', async (t) => {
  const cases: readonly [only: Pick<Dialog, 'sipCallId' | 'localTag' | 'remoteTag'>, shown: string][] = [
    [{ sipCallId: 'a@here' }, 'a:early'],
    [{ sipCallId: 'a@here', localTag: 'a-phone', remoteTag: 'a-us' }, 'a:early'],
    [{ sipCallId: 'a@here', localTag: 'a-us', remoteTag: 'a-phone' }, 'idle'],
    [{ sipCallId: 'a@here', localTag: 'b-phone' }, 'idle'],
    [{ sipCallId: 'A@here' }, 'idle'],
  ];
  const { begins } = watchStage(t, { dialogs: [dialog('a', 'early'), dialog('b', 'early')] });
  for (const [only, shown] of cases) {
    const { phone } = await begins([], { only });
    t.equal(phone.last?.document, `0 ${shown}`, JSON.stringify(only));
  }
});

t.test('a stranger in the same company may watch where the rules let him take calls', async (t) => {
  const { watching } = watchStage(t);
  t.match(await watching.watch(subscriber({ watcher: dave })), { ok: true }, 'no document: pickup everywhere');
});
