import t from 'tap';
import { elsewhere, type Office, office, reasons, ringing } from '../support/office.js';
import { type ClientOptions, restClient } from '../support/rest.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const group = '12345678901234567890abcd';
const night = '12345678901234567890dada';
const customer = '12345678901234567890aaaa';
const extension = (number: number): string => `${'1234567890'.repeat(2)}0${number}`;

/** The group of TelecomX's page in a company with phones; 102 controls it. */
const yaml = `
sipAuth: none
tenants:
  acme:
    name: Acme
    customer: ${customer}
    domains: [acme.example]
    default: true
    callControl: { pickup_all: false }
    extensions:
${[100, 101, 102, 103, 104].map((each) => `      '${each}': { name: Phone ${each}, id: '${extension(each)}' }`).join('\n')}
    outsideNumbers:
      1234567890123456890BBBB: { number: '+4570305050', name: Reception }
    groups:
      ${group}:
        name: Support
        number: '800'
        notes: Primary support ring group
        members: ['100', '101']
        controllers: ['102']
        ...RIGHTS
        strategy: RANDOM
        ringTime: 20
        timeoutGoto: 1234567890123456890BBBB
  globex:
    domains: [globex.example]
    extensions:
      '100': { name: Their phone }
    groups:
      ${night}: { name: Night, members: ['100'], controllers: ['100'], sms: true }
`.replace(
  '...RIGHTS',
  ['pickup', 'setPresence', 'queueMember', 'viewOtherParty', 'sms'].map((right) => `${right}: true`).join('\n        '),
);

/** One program: requests with one token. */
const program = async (acme: Office, grant: ClientOptions) => (await restClient(acme, grant)).ask;

/** True as soon as it is so: the store hears of a BYE a little later than the phones. */
const comesTrue = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  for (const until = Date.now() + 5_000; Date.now() < until; ) if (await isSo()) return true;
  return false;
};

const open = async (t: Parameters<typeof office>[0]) => {
  const acme = await office(t, { office: yaml });
  const [owner, controller, stranger] = await Promise.all([
    program(acme, { role: 'OWNER', tenant: 'acme' }),
    program(acme, { role: 'PERSONAL', tenant: 'acme', extension: '102' }),
    program(acme, { role: 'PERSONAL', tenant: 'globex', extension: '100' }),
  ]);
  return { acme, owner, controller, stranger };
};

t.test('what a controller may do, at the phones', async (t) => {
  const { acme, owner, controller, stranger } = await open(t);
  const [alice, bob, desk, carol, eve] = await Promise.all(
    ['100', '101', '101', '102', '104'].map((each) => acme.phone(each)),
  );
  if (!alice || !bob || !desk || !carol || !eve) throw new Error('five phones');
  const member = (number: number) => `/pbx/group/${group}/member/${extension(number)}`;

  await t.test("the page's request", async (t) => {
    const { status, json } = await controller(`GET /pbx/group/${group.toUpperCase()}`);
    t.equal(status, 200);
    const order =
      '_id type customer name number startAudio redirect notes members controllers pickup steal spy setPresence ' +
      'queueMember viewOtherParty sms readCalendar writeCalendar readPhonebook writePhonebook strategy ringTime timeoutGoto';
    t.equal(Object.keys(json).join(' '), order);
    t.match(json, {
      ...{ _id: group, type: 'GROUP', customer, name: 'Support', number: '800', startAudio: null, redirect: null },
      ...{ members: [extension(100), extension(101)], controllers: [extension(102)], pickup: true, steal: false },
      ...{ strategy: 'RANDOM', ringTime: 20, timeoutGoto: '1234567890123456890bbbb' },
    });
    const expanded = await controller(`GET /pbx/group/${group}?expandExtension=true&expandGoto=true`);
    t.match(expanded.json.members[0], { _id: extension(100), number: '100', name: 'Phone 100' });
    t.match(expanded.json.timeoutGoto, { type: 'EXTERNAL', number: '+4570305050', name: 'Reception' });
    t.equal((await stranger(`GET /pbx/group/${group}`)).status, 404, 'another company knows of none');
    t.equal((await controller(`GET /pbx/group/${night}`)).status, 404);
  });

  await t.test('presence and members', async (t) => {
    t.same((await controller(`PUT ${member(100)}/presence`, { presence: 'away' })).json, { success: true });
    t.match((await owner(`GET ${member(100)}`)).json, { number: '100', presence: 'away' });
    t.same((await controller(`PUT ${member(103)}`)).json, { success: true });
    const members = [100, 101, 103].map(extension);
    t.same((await owner(`GET /pbx/group/${group}`)).json.members, members);
  });

  await t.test('whom a member is on a call with', async (t) => {
    const { call, leg } = await ringing(eve, bob);
    const other = { number: '104', name: 'Phone 104', extension: extension(104), privacy: false };
    t.match((await controller(`GET ${member(101)}/calls`)).json, [
      { direction: 'INBOUND', state: 'RINGING', ...other },
    ]);
    const onDesk = await desk.isCalled();
    await leg.answers();
    await call.answered();
    await onDesk.stopsRinging();
    const [seen, ...more] = (await controller(`GET ${member(101)}/calls`)).json;
    t.match(seen, { direction: 'INBOUND', state: 'CONNECTED', ...other, answered: String });
    t.same(more, []);
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
    t.ok(await comesTrue(async () => (await controller(`GET ${member(101)}/calls`)).json.length === 0), 'it is over');
  });

  await t.test('a text reaches every phone of every member', async (t) => {
    const text = 'Grüße an alle: Pause um 12 ☕';
    const { json } = await controller(`POST /pbx/group/${group}/sms`, { text: `${text}\r\n` });
    t.match(json, { success: true, recipients: 3, unregistered: [extension(103)] });
    t.same(
      json.phones.map(({ number, status }: { number: string; status: number }) => [number, status]),
      [
        ['100', 200],
        ['101', 200],
        ['101', 200],
      ],
    );
    for (const phone of [alice, bob, desk]) {
      const message = await phone.receives();
      t.equal(message.method, 'MESSAGE');
      t.equal(message.body, text);
      t.match(message.get('From'), /^"Phone 102" <sip:102@acme\.example>;tag=/);
      t.equal(message.get('Content-Type'), 'text/plain;charset=UTF-8');
      t.equal(message.get('Contact'), undefined, 'a MESSAGE has no Contact (RFC 3428)');
    }
    const long = 'All of you are wanted at the front desk. '.repeat(24).trim();
    t.match((await owner(`POST /pbx/group/${group}/sms`, { text: long })).json, { recipients: 3 });
    const parts = [await alice.receives(), await alice.receives()];
    t.equal(parts.map(({ body }) => body).join(' '), long, 'a long one comes in two parts, in order');
    t.match(parts[0]?.get('From'), /^"Support" <sip:800@acme\.example>/, 'from the group');
    t.ok(
      parts.every((part) => Buffer.byteLength(part.text) <= 1_300),
      'RFC 3428 section 8',
    );
  });

  await t.test('pickup by program', async (t) => {
    const { call, leg } = await ringing(eve, alice);
    t.match((await stranger(`POST /pbx/group/${group}/pickup`)).json, { error: 404 });
    t.match((await controller(`POST ${member(101)}/pickup`)).json, { error: 404, description: 'no call rings there' });
    const { status, json } = await controller(`POST /pbx/group/${group}/pickup`);
    t.match({ status, json }, { status: 202, json: { success: true, extension: extension(100) } });
    const picked = await carol.isCalled();
    picked.rings();
    t.ok(leg.isPending, 'the member rings on');
    await picked.answers();
    await call.answered();
    t.same(reasons(await leg.stopsRinging()), elsewhere);
    t.match((await controller(`GET ${member(100)}/calls`)).json, [], 'the member is on no call');
    await Promise.all([call.hangsUp(), picked.isHungUp()]);
  });

  await t.test('a right that is taken away', async (t) => {
    t.equal((await owner(`POST /pbx/group/${group}`, { sms: false, pickup: false })).json.sms, false);
    t.match((await controller(`POST /pbx/group/${group}/sms`, { text: 'x' })).json, { error: 403 });
    const { call, leg } = await ringing(eve, alice);
    t.match((await controller(`POST /pbx/group/${group}/pickup`)).json, { error: 403, message: 'access_denied' });
    t.equal((await carol.calls('*95100').fails()).status, 403, 'nor by the code');
    await Promise.all([call.cancels(), leg.stopsRinging()]);
  });

  t.same(await acme.everythingLeft(), [], 'nothing is left');
});
