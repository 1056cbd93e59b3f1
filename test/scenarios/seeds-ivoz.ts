import type { Test } from 'tap';
import { ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import type { Program, SeedsStage } from './seeds-stage.js';

/** The phones of IvozProvider's company by their numbers; 105 calls them. */
interface Scene {
  readonly stage: SeedsStage;
  readonly owner: Program;
  /** The target rings, the picker dials; resolves with what it hears: 200 if it has the call. */
  dials(picker: string, code: string, target: string): Promise<number>;
}

/** IvozProvider's page prints no request: each of its sentences is a step, by REST and by phones. */
export const replayIvoz = async (t: Test, stage: SeedsStage): Promise<void> => {
  const owner = await stage.program({ role: 'OWNER', tenant: 'ivoz' });
  const numbers = ['101', '102', '103', '104', '105'];
  const phones = new Map(
    await Promise.all(numbers.map(async (each) => [each, await stage.phoneOf('ivoz', each)] as const)),
  );
  const phone = (number: string): Phone => {
    const found = phones.get(number);
    if (!found) throw new Error(`nobody has ${number}`);
    return found;
  };
  const dials = (picker: string, code: string, target: string) =>
    pickUp({ caller: phone('105'), target: phone(target), picker: phone(picker), code });
  const scene = { stage, owner, dials };

  t.test('Direct pickup: *95101 captures a call that is ringing in the extension 101', async (t) => {
    t.equal(await dials('102', '*95101', '101'), 200);
    t.equal(await dials('102', '*95103', '101'), 480, 'the extension must be the one that rings');
    t.same(await stage.everythingLeft(), []);
  });
  t.test('Group pickup: the capturer must be part of the same group', (t) => sameGroup(t, scene));
  t.test('The groups of a user are edited from both sides', (t) => bothSides(t, scene));
  t.test('A user can be part of multiple pickup groups', (t) => severalGroups(t, scene));
  t.test('Codes at brand level, and overriding at client level', (t) => codeLevels(t, scene));
  t.end();
};

interface Pickup {
  readonly caller: Phone;
  readonly target: Phone;
  readonly picker: Phone;
  readonly code: string;
}

const pickUp = async ({ caller, target, picker, code }: Pickup): Promise<number> => {
  const { call, leg } = await ringing(caller, target);
  const pickup = picker.calls(code);
  const { status } = await pickup.ends();
  if (status === 200) {
    await Promise.all([call.answered(), leg.stopsRinging()]);
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  } else {
    if (!leg.isPending) throw new Error(`${target.number} does not ring any more`);
    await Promise.all([call.cancels(), leg.stopsRinging()]);
  }
  return status;
};

const sameGroup = async (t: Test, { stage, owner, dials }: Scene) => {
  t.equal(await dials('102', '*95', '101'), 403, 'without any group there is no group pickup');
  const made = await owner('POST /ivoz/pick_up_groups', { name: 'sales', userIds: [1, 2] });
  t.equal(made.status, 201);
  t.same(Object.keys(made.json), ['name', 'id', 'userIds']);
  t.equal(await dials('102', '*95', '101'), 200, '102 and 101 are in sales');
  t.equal(await dials('101', '*95', '102'), 200, 'and the other way round');
  t.equal(await dials('103', '*95', '101'), 403, '103 is in no group');
  t.equal(await dials('103', '*95101', '101'), 200, 'the page asks for the same group in group pickups only');
  t.same(await stage.everythingLeft(), []);
};

const bothSides = async (t: Test, { stage, owner, dials }: Scene) => {
  const [{ id: sales }] = (await owner('GET /ivoz/pick_up_groups')).json;
  const carol = await owner('PUT /ivoz/users/3', { pickupGroupIds: [sales] });
  t.equal(carol.status, 200, "the user's edit screen");
  t.match(carol.json, { name: 'Carol', lastname: 'Clark', id: 3, pickupGroupIds: [sales] });
  t.same((await owner(`GET /ivoz/pick_up_groups/${sales}`)).json.userIds, [1, 2, 3], 'seen from the group');
  t.equal(await dials('103', '*95', '101'), 200);

  t.equal((await owner(`PUT /ivoz/pick_up_groups/${sales}`, { userIds: [1, 2] })).status, 200, "the group's screen");
  t.same((await owner('GET /ivoz/users/3')).json.pickupGroupIds, [], 'seen from the user');
  t.equal(await dials('103', '*95', '101'), 403);

  const joined = await owner('POST /ivoz/pick_up_rel_users', { pickUpGroup: sales, user: 3 });
  t.equal(joined.status, 201, 'the relation as a thing of its own');
  t.equal(await dials('103', '*95', '101'), 200);
  t.equal((await owner(`DELETE /ivoz/pick_up_rel_users/${joined.json.id}`)).status, 204);
  t.equal(await dials('103', '*95', '101'), 403);
  t.same(await stage.everythingLeft(), []);
};

const severalGroups = async (t: Test, { stage, owner, dials }: Scene) => {
  const [{ id: sales }] = (await owner('GET /ivoz/pick_up_groups')).json;
  const { id: support } = (await owner('POST /ivoz/pick_up_groups', { name: 'support', userIds: [3, 4] })).json;
  t.equal((await owner('PUT /ivoz/users/3', { pickupGroupIds: [sales, support] })).status, 200);
  t.equal(await dials('103', '*95', '101'), 200, 'through sales');
  t.equal(await dials('103', '*95', '104'), 200, 'through support: all groups of the user are taken into account');
  t.equal(
    await dials('102', '*95', '104'),
    480,
    'groups that share a user are not one group, as share groups of UIS are',
  );
  t.same(await stage.everythingLeft(), []);
};

const codeLevels = async (t: Test, { stage, owner, dials }: Scene) => {
  const brand = await stage.program({ role: 'RESELLER', brand: 'wide' });
  const services = (await owner('GET /ivoz/services')).json;
  const { id: service } = services.find(({ iden }: { iden: string }) => iden === 'Pickup');
  const neighbour = await stage.program({ role: 'OWNER', tenant: 'telecomx' });
  const defaultCode = async (program: Program) => (await program(`GET /ivoz/services/${service}`)).json.defaultCode;
  const heard = async (...codes: string[]) => {
    const statuses: number[] = [];
    for (const code of codes) statuses.push(await dials('102', code, '101'));
    return statuses;
  };

  t.equal((await brand('POST /ivoz/brand_services', { service, code: '57' })).status, 201, 'the brand administrator');
  t.same(
    [await defaultCode(owner), await defaultCode(neighbour)],
    ['57', '57'],
    'a code that all the clients will use',
  );
  t.same(await heard('*57101', '*57', '*95101'), [200, 200, 404], 'instead of the default');

  t.equal((await owner('POST /ivoz/company_services', { service, code: '58' })).status, 201, 'a client customizes it');
  t.same(await heard('*58101', '*58', '*57101'), [200, 200, 404], 'which overrides the code of the brand');
  const { json: own } = await neighbour('GET /ivoz/company_services');
  t.same([own, await defaultCode(neighbour)], [[], '57'], 'for this client alone');

  t.equal((await owner(`DELETE /ivoz/company_services/${service}`)).status, 204);
  t.same(await heard('*57101', '*58101'), [200, 404], "without it the brand's code counts again");
  t.equal((await brand(`DELETE /ivoz/brand_services/${service}`)).status, 204);
  t.same(await heard('*95', '*57'), [200, 404], 'and without that the default');
  t.same(await stage.everythingLeft(), []);
};
