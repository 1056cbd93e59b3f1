import t from 'tap';
import { office } from '../support/office.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';
import { explainRows } from './explain-rows.js';

t.comment(`on ${ground}`);

const support = '1234567890abcdef12345678';

/** Two pickup groups, a document that allows little, and a group whose controller may listen only. */
const acme = await office(t, {
  office: `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions:
      '100': { name: Alice Adams }
      '101': {}
      '102': {}
      '103': {}
      '104': { refusesPickup: true }
      '105': { private: true }
      '106': {}
    pickupGroups:
      front: ['100', '101', '104']
      back: ['102', '103']
    callControl:
      pickup_all: false
      groups: { sales: ['100', '101'], hr: ['102', '103'], night: ['106'] }
      whisper_100: [hr]
      phone_replace_groups: [sales]
    groups:
      ${support}: { name: Support, number: '800', members: ['101', '102'], controllers: ['103'], spy: true }
  globex:
    domains: [globex.example]
    extensions: { '200': {}, '201': {} }
`,
});
const { ask: owner } = await restClient(acme);

const explained = async (question: object) => {
  const { status, json } = await owner('POST /v1/explain', question);
  t.equal(status, 200);
  return json;
};

t.test('Refusals in words that an administrator understands', async (t) => {
  for (const [name, { question, refusal, reason, missing }] of Object.entries(explainRows)) {
    const expected = missing.map(([model, why, remedy]) => ({ model, why, remedy }));
    t.same(await explained(question), { allowed: false, refusal, reason, missing: expected }, name);
  }
});

t.test("Another company's extension is explained as one that nobody has", async (t) => {
  const { ask: theirs } = await restClient(acme, { tenant: 'globex' });
  const own = await theirs('POST /v1/explain', { picker: '201', act: 'pickup', target: '200' });
  t.equal(own.json.allowed, true, 'there it is');
  const [other, nobody] = await Promise.all(
    ['200', '999'].map((target) => explained({ picker: '100', act: 'pickup', target })),
  );
  t.same(JSON.parse(JSON.stringify(other).replaceAll('200', '999')), nobody);
});

t.test('The remedies help', async (t) => {
  const document = (await owner('GET /client/acme/call_control_group/')).json;
  const put = (change: object) => owner('PUT /client/acme/call_control_group/', { ...document, ...change });
  const group = (change: object) => owner(`POST /pbx/group/${support}`, change);
  const idOf = async (number: string) => {
    const { members, controllers } = (await owner(`GET /pbx/group/${support}?expandExtension=true`)).json;
    return [...members, ...controllers].find((each: { number: string }) => each.number === number)._id;
  };
  const idsOf = (...numbers: string[]) => Promise.all(numbers.map(idOf));
  const share = async () => {
    const [front] = (await owner('GET /ivoz/pick_up_groups')).json;
    return owner(`PUT /ivoz/pick_up_groups/${front.id}`, { userIds: [...front.userIds, 102] });
  };
  const phone = await acme.phone('104');
  const dial = async () => {
    const { startLine } = await phone.calls('*81').fails();
    // The code has done it: a 603 is how a display is made to show the words (src/adapters/sip/personal-codes.ts).
    return { status: startLine === 'SIP/2.0 603 Pickup Allowed From Now On' ? 200 : 500 };
  };
  const cures: Record<keyof typeof explainRows, (() => Promise<{ status: number }>) | undefined> = {
    'opted out': dial,
    'opted out, and no rule allows it': undefined,
    private: undefined,
    'no shared group': share,
    'in no group': undefined,
    'pickup_all: false': () => put({ pickup_all: true }),
    'controller without the flag': () => group({ steal: true }),
    'member, but no controller': async () => group({ controllers: await idsOf('103', '101') }),
    'no eavesdrop_ entry': () => put({ eavesdrop_106: ['hr'] }),
    'whisper to a group that the target is not in': () => put({ whisper_100: ['hr', 'night'] }),
    'phone replace without a group': () => put({ phone_replace_groups: ['sales', 'hr'] }),
    'unknown extension': undefined,
    "another company's extension": undefined,
    'unknown group': undefined,
  };
  for (const [name, cure] of Object.entries(cures)) {
    const row = explainRows[name as keyof typeof explainRows];
    if (!cure) continue;
    t.equal((await explained(row.question)).allowed, false, `${name}: no`);
    const { status } = await cure();
    t.equal(status, 200, `${name}: done`);
    const after = await explained(row.question);
    t.equal(after.allowed, true, `${name}: ${after.reason}`);
    await put({});
  }
  t.same(await acme.everythingLeft(), []);
});
