import t from 'tap';
import { office, ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

/** Bob owns two extensions. */
const nordic = await office(t, {
  office: `
sipAuth: none
brands: { nordic: { codes: { pickup: ['*95'] } } }
tenants:
  acme:
    default: true
    brand: nordic
    domains: [acme.example]
    users: { '12': { name: Bob Brown } }
    extensions:
      '100': { name: Alice Adams }
      '101': { user: '12' }
      '102': { user: '12' }
      '103': { name: Dave Davis }
    pickupGroups: { sales: ['100'] }
`,
});

const program = await restClient(nordic, { role: 'MANAGER' });
const [alice, bob, second, dave] = [
  await nordic.phone('100'),
  await nordic.phone('101'),
  await nordic.phone('102'),
  await nordic.phone('103'),
];

/** A call from Dave rings, the picker dials; what the picker hears. */
const picks = async (picker: Phone, code: string, target: Phone): Promise<number> => {
  const { call, leg } = await ringing(dave, target);
  const pickup = picker.calls(code);
  const { status } = await pickup.ends();
  await (status === 200
    ? Promise.all([call.answered().then(() => call.hangsUp()), pickup.isHungUp(), leg.stopsRinging()])
    : Promise.all([call.cancels(), leg.stopsRinging()]));
  return status;
};

t.test('a user who is put into a group picks up with all phones, and is picked up', async (t) => {
  const {
    json: [sales],
  } = await program.ask('GET /ivoz/pick_up_groups');
  t.match(sales, { name: 'sales', userIds: [100] });
  t.equal(
    await picks(bob, '*95', alice),
    480,
    'not in the group yet: his own two phones are all that he reaches, and none rings',
  );

  t.equal((await program.ask('POST /ivoz/pick_up_rel_users', { pickUpGroup: sales.id, user: 12 })).status, 201);
  t.equal(await picks(bob, '*95', alice), 200);
  t.equal(await picks(second, '*95', alice), 200, 'his other phone too');
  t.equal(await picks(alice, '*95', second), 200, 'and the other way round');

  t.equal((await program.ask('PUT /ivoz/users/12', { pickupGroupIds: [] })).status, 200);
  t.equal(await picks(second, '*95', alice), 480, 'taken out from his own side');
  t.same(await nordic.everythingLeft(), []);
});

t.test('groups that others are associated with, by program: the next call counts', async (t) => {
  const made = async (name: string, userIds: number[]): Promise<number> =>
    (await program.ask('POST /ivoz/pick_up_groups', { name, userIds })).json.id;
  const [desk, night] = [await made('desk', [12]), await made('night', [100])];
  const associate = async (associatedIds: number[]) =>
    (await program.ask(`PUT /ivoz/pick_up_groups/${desk}`, { associatedIds })).status;
  t.equal(await picks(bob, '*95', alice), 480, 'nothing rings in his own groups');
  t.equal(await associate([night]), 200);
  t.equal(await picks(bob, '*95', alice), 200);
  t.equal(await picks(alice, '*95', second), 403, 'in one direction: she has nobody');
  t.equal((await program.ask(`DELETE /ivoz/pick_up_groups/${night}`)).status, 204);
  t.equal(await picks(bob, '*95', alice), 480, 'a group that is taken away takes the association along');
  t.equal((await program.ask(`DELETE /ivoz/pick_up_groups/${desk}`)).status, 204);
  t.same(await nordic.everythingLeft(), []);
});

t.test('codes: of the brand, of the company, and of the brand again', async (t) => {
  const owner = await restClient(nordic);
  const brand = await restClient(nordic, { role: 'RESELLER', brand: 'nordic' });
  t.equal((await brand.ask('PUT /ivoz/brand_services/1', { code: '57' })).status, 200);
  t.equal(await picks(alice, '*57101', bob), 200);
  t.equal((await owner.ask('POST /ivoz/company_services', { service: 1, codes: ['*58', '**'] })).status, 201);
  t.equal(await picks(alice, '**101', bob), 200);
  t.equal(await picks(alice, '*57101', bob), 404, "the brand's does not count any more");
  t.equal((await owner.ask('DELETE /ivoz/company_services/1')).status, 204);
  t.equal(await picks(alice, '*57101', bob), 200);
  t.match(await owner.ask('POST /ivoz/company_services', { service: 1, code: '94' }), {
    status: 400,
    headers: new Headers(),
    json: {
      title: 'An error occurred',
      violations: [{ propertyPath: 'code', message: '*94 stands for pickup and preview' }],
    },
  });
  t.same(await nordic.everythingLeft(), []);
});
