import t from 'tap';
import { acme, alice, bob, carol, tenant } from '../domain/acme.js';
import { fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

t.test('who calls and whom is in the record that pickups are decided by', async (t) => {
  const own = stage(t);
  const inside = await own.calls();
  const record = { caller: '100', target: bob, tenant: 'acme', owner: 'here', isPrivate: false };
  const shown = { callerName: 'Alice Adams', callerNumber: '100', isAnonymous: false };
  t.match([...own.store.calls.values()], [{ record: { ...record, ...shown } }]);
  inside.caller.cancels();
  await own.nothingLeft('cancelled');

  const shy = stage(t);
  const hidden = await shy.calls(undefined, { callerParty: { ...shy.people.callerParty, private: true } });
  const nothing = { callerName: '', callerNumber: '', isAnonymous: true };
  t.match(
    [...shy.store.calls.values()],
    [{ record: { ...record, ...nothing } }],
    'RFC 3323: nothing leaves the service',
  );
  hidden.caller.cancels();
  await shy.nothingLeft('cancelled');

  const { routeCall, people, store, live } = stage(t);
  const outside = fakeCaller('somebody who says 102');
  void routeCall({ tenant: acme, caller: outside, callerParty: people.pickerParty, target: bob, passed: {} });
  await quiet();
  t.match(
    [...store.calls.values()],
    [{ record: { caller: '' } }],
    'a number that is not proven makes nobody its owner',
  );
  outside.cancels();
  await quiet();
  t.equal(live.size, 0);
});

t.test('a call is private because its caller says so, or because one of the two always is', async (t) => {
  const keeping = (who: typeof bob) => {
    const entry = acme.extensions.get(who);
    if (!entry) throw new Error('nobody has that number');
    return tenant('acme', { extensions: new Map([...acme.extensions, [who, { ...entry, isPrivate: true }]]) });
  };
  const rows: [verdict: string, company: typeof acme, changes: Parameters<ReturnType<typeof stage>['calls']>[1]][] = [
    ['ok', acme, {}],
    ['ok', acme, { isPrivate: false }],
    ['private-call', acme, { isPrivate: true }],
    // Bob is not even looked at, and at Alice nothing rings.
    ['no-call', keeping(bob), {}],
    ['private-call', keeping(alice), { isPrivate: false }],
    ['ok', keeping(carol), {}],
  ];
  for (const [verdict, company, changes] of rows) {
    const s = stage(t, { tenant: company });
    const { caller } = await s.calls(undefined, changes);
    s.phone().rings();
    await quiet();
    t.match([...s.store.calls.values()], [{ record: { isPrivate: verdict !== 'ok' } }]);
    const picked = await s.picks(undefined, { by: 'group' });
    t.equal(picked.ok ? 'ok' : picked.refusal, verdict);
    if (picked.ok) await s.joints[0]?.hangUp();
    else caller.cancels();
    await s.nothingLeft(picked.ok ? 'picked_up' : 'cancelled');
  }
});
