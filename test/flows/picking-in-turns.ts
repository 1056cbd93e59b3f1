import t from 'tap';
import { bob, companyOf, dave } from '../domain/acme.js';
import { fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

const group = { by: 'group' } as const;

/** Carol sits with Bob; what rings at Dave's she may have after that. */
const tenant = companyOf({
  extensions: { '100': { name: 'Alice Adams' }, '101': {}, '102': {}, '103': {} },
  pickupGroups: { sales: { members: ['101', '102'], associated: ['support'] }, support: ['103'] },
});

t.test('a call in an associated group is taken only where nothing rings in the own', async (t) => {
  const s = stage(t, { tenant });
  s.store.phones.set(dave, [{ id: 'dave', contact: 'sip:dave@phones.example', path: [] }]);
  await s.calls(fakeCaller('alice'), { target: dave });
  s.phone(0).rings(1_000);
  await quiet();
  await s.calls(fakeCaller('eve'), { target: bob });
  s.phone(1).rings(2_000);
  await quiet();
  t.same(await s.picks(fakeCaller('carol'), group), { ok: true });
  t.same(s.phone(1).stops, [{ kind: 'elsewhere' }], "Bob's, though Dave's has rung longer");
  t.same(s.phone(0).stops, []);
  t.same(await s.picks(fakeCaller('carol again'), group), { ok: true });
  t.same(s.phone(0).stops, [{ kind: 'elsewhere' }], "then Dave's");
  t.match(await s.picks(fakeCaller('carol once more'), group), { refusal: 'no-call' });
  for (const joint of s.joints) await joint.hangUp();
  await s.nothingLeft('picked_up', 'picked_up');
});
