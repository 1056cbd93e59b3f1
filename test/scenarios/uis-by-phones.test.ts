import t, { type Test } from 'tap';
import { office, ringing } from '../support/office.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';
import { uisDocument } from './seeds-texts.js';

t.comment(`on ${ground}`);

/** Those of the page's example, two in no share group (103 is in hr, 104 in nothing), and one who calls them all. */
const acme = await office(t, {
  office: `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions: { '100': {}, '101': {}, '102': {}, '103': {}, '104': {}, '109': { name: Judy Jones } }
`,
});
const { ask: owner } = await restClient(acme);
const inside = ['100', '101', '102'];
const people = [...inside, '103', '104'];
const phones = new Map(await Promise.all(people.map(async (each) => [each, await acme.phone(each)] as const)));
const judy = await acme.phone('109');

const phoneOf = (number: string) => {
  const phone = phones.get(number);
  if (!phone) throw new Error(`nobody has ${number}`);
  return phone;
};

/** Every picker with everybody else as the target. */
const pairs = people.flatMap((picker) =>
  people.filter((target) => target !== picker).map((target) => [picker, target] as const),
);

const areInside = (...numbers: readonly string[]): boolean => numbers.every((number) => inside.includes(number));

/** The target rings, the picker dials: the status that it gets. A refused call must ring on; a taken one must be his. */
const dials = async (t: Test, picker: string, { code, target }: { code: string; target: string }) => {
  const { call, leg } = await ringing(judy, phoneOf(target));
  const pickup = phoneOf(picker).calls(code);
  const final = await pickup.ends();
  if (final.status === 200) {
    await Promise.all([call.answered(), leg.stopsRinging()]);
    t.match(final.get('P-Asserted-Identity'), /"Judy Jones" <sip:109@/, 'the picker sees who calls');
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  } else {
    t.ok(leg.isPending, `${target} rings on`);
    await Promise.all([call.cancels(), leg.stopsRinging()]);
  }
  return final.status;
};

/** What each pair may do with and without the number. */
interface Expected {
  byNumber(picker: string, target: string): boolean;
  byCodeAlone(picker: string, target: string): boolean;
  /** Whether the picker is in a share group with somebody at all. */
  hasGroup(picker: string): boolean;
}

const allPairs = async (t: Test, { byNumber, byCodeAlone, hasGroup }: Expected) => {
  for (const [picker, target] of pairs) {
    const code = `*95${target}`;
    const expected = byNumber(picker, target) ? 200 : 403;
    t.equal(await dials(t, picker, { code, target }), expected, `${picker} dials ${code}: ${expected}`);
  }
  for (const [picker, target] of pairs) {
    // Nothing rings in the own group (480), or there is no group (403).
    const refused = hasGroup(picker) ? 480 : 403;
    const expected = byCodeAlone(picker, target) ? 200 : refused;
    const status = await dials(t, picker, { code: '*95', target });
    t.equal(status, expected, `${picker} dials *95 while ${target} rings: ${expected}`);
  }
  t.same(await acme.everythingLeft(), []);
};

const put = async (t: Test, change: object) => {
  const document = { ...JSON.parse(uisDocument), ...change };
  const answer = await owner('PUT /client/acme/call_control_group/', document);
  t.equal(answer.status, 200);
  t.same(answer.json, document);
};

const shareGroups = {
  byCodeAlone: (picker: string, target: string) => areInside(picker, target),
  hasGroup: (picker: string) => areInside(picker),
};

t.test('"Absence of rules implies the ability to pick up a call within the entire PBX"', async (t) => {
  await allPairs(t, { byNumber: () => true, byCodeAlone: () => false, hasGroup: () => false });
});

t.test('The document of the page: 100, 101 and 102 without a number, everybody with one', async (t) => {
  await put(t, {});
  await allPairs(t, { byNumber: () => true, ...shareGroups });
});

t.test('"When pickup_all: false, the pickup is possible only within groups"', async (t) => {
  await put(t, { pickup_all: false });
  await allPairs(t, { byNumber: (picker, target) => areInside(picker, target), ...shareGroups });
});

t.test('"Allows globally any actions if true": with a number everybody, although pickup_all is false', async (t) => {
  await put(t, { pickup_all: false, allow_all: true });
  await allPairs(t, { byNumber: () => true, ...shareGroups });
});

t.test('Of two calls in the joined groups 100 has the one that has rung longest, then the other', async (t) => {
  await put(t, {});
  const first = await ringing(judy, phoneOf('102'));
  const second = await ringing(phoneOf('104'), phoneOf('101'));
  const pickup = phoneOf('100').calls('*95');
  t.match((await pickup.answered()).get('P-Asserted-Identity'), /109@/, '102 is in sales only, 100 in support only');
  const next = phoneOf('100').calls('*95');
  t.match((await next.answered()).get('P-Asserted-Identity'), /104@/);
  await Promise.all([first.leg.stopsRinging(), second.leg.stopsRinging()]);
  await Promise.all([first.call.hangsUp(), pickup.isHungUp(), second.call.hangsUp(), next.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});
