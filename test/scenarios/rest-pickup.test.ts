import t, { type Test } from 'tap';
import { listensTo } from '../support/event-reader.js';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import { type Program, program } from '../support/program.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const yaml = `
sipAuth: none
tenants:
  acme:
    name: Acme
    domains: [acme.example]
    default: true
    callControl: { pickup_all: false }
    users:
      '3': { name: Default Organization, context: organization }
      '12': { name: Alice Adams }
    extensions:
      '100': { name: Caller }
      '210': { name: Front Desk, user: '3' }
      '024': { name: Alice, user: '12' }
      '025': { name: Alice at home, user: '12' }
      '103': { name: Dave }
      '104': { name: Eve, user: '12' }
      '106': { name: Nobody there }
      '107': { name: Queue, kind: other }
    pickupGroups:
      desk: ['210', '024', '025', '103', '106', '107']
  globex:
    domains: [globex.example]
    extensions:
      '024': {}
`;

const acme = await office(t, { office: yaml });
const [caller, desk, alice, home, dave, eve] = (await Promise.all(
  ['100', '210', '024', '025', '103', '104'].map((number) => acme.phone(number)),
)) as [Phone, Phone, Phone, Phone, Phone, Phone];
const [organization, ofAlice, ofDave, stranger] = (await Promise.all([
  program(acme, { role: 'MANAGER', tenant: 'acme', user: '3' }),
  program(acme, { role: 'PERSONAL', tenant: 'acme', extension: '024' }),
  program(acme, { role: 'PERSONAL', tenant: 'acme', extension: '103' }),
  program(acme, { role: 'MANAGER', tenant: 'globex' }),
])) as [Program, Program, Program, Program];

const pickUp = { action: 'PickUp', sendCallTo: '0003*024', phoneCallViewId: '01' };

/** The id of the only call, as VoipNow's list tells it. */
const listed = async (): Promise<string> => {
  const { status, json } = await organization.asks('GET /uapi/phoneCalls/@me/0003*210');
  if (status !== 200) throw new Error(`no call is listed: ${status}`);
  return json.entry[0].id;
};

/** A call that rings at the desk, and the path by which VoipNow knows it. */
const ringsAtDesk = async () => {
  const rung = await ringing(caller, desk);
  return { ...rung, path: `/uapi/phoneCalls/@me/0003*210/${await listed()}` };
};

/** Asks as often as it takes: the store hears of it a little later than the phones. */
const comesTrue = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  for (const until = Date.now() + 5_000; Date.now() < until; ) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
};

/** How a pickup of /v1 ended. */
const endOf = async (link: string): Promise<Record<string, unknown>> => {
  let last: Record<string, unknown> = {};
  await comesTrue(async () => {
    last = (await organization.asks(`GET ${link}`)).json;
    return last.state === 'answered' || last.state === 'failed';
  });
  return last;
};

const isQuiet = async (t: Test): Promise<void> => {
  t.same(await acme.everythingLeft(), [], 'nothing is left');
};

t.test('VoipNow: the target rings on until sendCallTo answers, and then sendCallTo has the call', async (t) => {
  const { call, leg, path } = await ringsAtDesk();
  const before = await organization.asks(`GET ${path}`);
  t.match(before.json, {
    extension: '0003*210',
    ownerId: '3',
    ownerName: 'Default Organization',
    published: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/,
    phoneCallView: [
      { id: '01', status: '3', callerId: 'Caller <100>', source: ['0003*100'], destination: ['0003*210'] },
      { id: '02', extension: '0003*100', status: '4' },
    ],
  });
  const done = await organization.asks(`PUT ${path}`, {
    ...pickUp,
    callerId: 'John "Q" Döe <42420042>',
    waitForPickup: '20',
  });
  t.equal(done.status, 202);
  const at = await alice.isCalled();
  at.rings();
  t.match(
    at.request.get('From'),
    /^"John \\"Q\\" Döe" <sip:42420042@/,
    'sendCallTo shows the caller id of the request',
  );
  t.ok(leg.isPending, 'the target rings on');
  await at.answers();
  await call.answered();
  t.same(reasons(await leg.stopsRinging()), elsewhere);

  const link = new URL(done.json.link.self).pathname;
  t.match(link, /^\/uapi\/phoneCalls\/3\/0003\*210\/[0-9a-f]{32}$/);
  t.ok(await comesTrue(async () => (await organization.asks(`GET ${link}`)).json?.answered !== undefined));
  const after = await organization.asks(`GET ${link}`);
  t.match(after.json, {
    answered: /\+00:00$/,
    phoneCallView: [
      { id: '01', status: '5' },
      { id: '02', status: '5' },
      { id: '03', extension: '0003*024', status: '5' },
    ],
  });
  await Promise.all([call.hangsUp(), at.isHungUp()]);
  t.ok(await comesTrue(async () => (await organization.asks(`GET ${link}`)).status === 204), 'no such call any more');
  await isQuiet(t);
});

t.test('VoipNow: the phone that is called shows its own caller id where none is given', async (t) => {
  const { call, leg, path } = await ringsAtDesk();
  t.equal((await organization.asks(`PUT ${path}/`, pickUp)).status, 202, 'by a path with a slash');
  t.match((await alice.isCalled()).request.get('From'), /^"Alice" <sip:024@/);
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  await isQuiet(t);
});

t.test('ours: the phone that is called shows the caller, and any of its phones may answer', async (t) => {
  const twin = await acme.phone('024');
  const { call, leg } = await ringing(caller, desk);
  const done = await ofAlice.asks('POST /v1/pickup', { target: '210' });
  t.equal(done.status, 202);
  const [one, other] = await Promise.all([alice.isCalled(), twin.isCalled()]);
  t.match(one.request.get('From'), /^"Caller" <sip:100@/);
  one.rings();
  other.rings();
  t.ok(await comesTrue(async () => (await ofAlice.asks(`GET ${done.json.link}`)).json.state === 'ringing'));
  await other.answers();
  const answered = await call.answered();
  t.match(answered.get('P-Asserted-Identity'), /^"Alice" <sip:024@/, 'the caller learns who has the call');
  t.same(reasons(await one.stopsRinging()), elsewhere, 'her other phone shows no missed call');
  t.same(reasons(await leg.stopsRinging()), elsewhere);
  t.match(await endOf(done.json.link), { state: 'answered', target: '210', sendTo: '024' });
  await Promise.all([call.hangsUp(), other.isHungUp()]);
  await twin.unregisters();
  await isQuiet(t);
});

t.test('sendCallTo does not have it: the target rings on and may answer', async (t) => {
  const ways: [name: string, sendTo: string, refusal: string, acts: (phone: Phone) => Promise<unknown>][] = [
    [
      'timer',
      '024',
      'no-answer',
      async (phone) => {
        const at = await phone.isCalled();
        at.rings();
        t.same(reasons(await at.stopsRinging()), [], 'nobody else has it');
      },
    ],
    ['busy', '024', 'declined', async (phone) => (await phone.isCalled()).declines(486)],
    ['decline', '024', 'declined', async (phone) => (await phone.isCalled()).declines(603)],
    ['no phone there', '106', 'not-registered', async () => undefined],
  ];
  for (const [name, sendTo, refusal, acts] of ways) {
    const { call, leg } = await ringing(caller, desk);
    const done = await organization.asks('POST /v1/pickup', { target: '210', sendTo, waitSeconds: 1 });
    t.equal(done.status, 202, name);
    await acts(alice);
    t.match(await endOf(done.json.link), { state: 'failed', refusal, reason: /./ }, name);
    t.ok(leg.isPending, 'the target rings on');
    await leg.answers();
    await call.answered();
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
  }
  await isQuiet(t);
});

t.test('the caller hangs up', async (t) => {
  const { call, leg, path } = await ringsAtDesk();
  await organization.asks(`PUT ${path}`, pickUp);
  const at = await alice.isCalled();
  at.rings();
  void call.cancels();
  const [first, second] = await Promise.all([leg.stopsRinging(), at.stopsRinging()]);
  t.same([...reasons(first), ...reasons(second)], [], 'both show a missed call');
  t.ok(await comesTrue(async () => (await organization.asks(`GET ${path}`)).status === 204));
  const late = await organization.asks(`PUT ${path}`, pickUp);
  t.same([late.status, late.json.error.code], [400, 'pc_phonecall_invalid']);
  await isQuiet(t);
});

t.test('the target answers first', async (t) => {
  const { call, leg, path } = await ringsAtDesk();
  const done = await ofAlice.asks('POST /v1/pickup', { target: '210' });
  const at = await alice.isCalled();
  at.rings();
  await leg.answers();
  await call.answered();
  t.same(reasons(await at.stopsRinging()), elsewhere, 'the picker shows no missed call');
  t.match(await endOf(done.json.link), { state: 'failed', refusal: 'lost-race' });
  const late = await organization.asks(`PUT ${path}`, pickUp);
  t.same([late.status, late.json.error.code], [400, 'pc_phonecallview_invalid'], 'the view does not ring');
  t.match((await ofAlice.asks('POST /v1/pickup', { target: '210' })).json, { status: 404, code: 'no-call' });
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  await isQuiet(t);
});

t.test('somebody else dials the code first; and of two programs the quicker phone has it', async (t) => {
  const one = await ringing(caller, desk);
  const done = await ofAlice.asks('POST /v1/pickup', {});
  const at = await alice.isCalled();
  at.rings();
  const code = dave.calls('*95');
  await code.answered();
  t.same(reasons(await at.stopsRinging()), elsewhere);
  t.match(await endOf(done.json.link), { state: 'failed', refusal: 'lost-race' });
  await one.call.answered();
  await Promise.all([one.call.hangsUp(), code.isHungUp()]);

  const two = await ringing(caller, desk);
  const orders = await Promise.all([
    ofAlice.asks('POST /v1/pickup', { sendTo: '025' }),
    ofDave.asks('POST /v1/pickup', {}),
  ]);
  t.same(
    orders.map(({ status }) => status),
    [202, 202],
  );
  const [slow, quick] = await Promise.all([home.isCalled(), dave.isCalled()]);
  await quick.answers();
  await two.call.answered();
  t.same(reasons(await slow.stopsRinging()), elsewhere);
  t.match(await Promise.all(orders.map(({ json }) => endOf(json.link))), [
    { refusal: 'lost-race' },
    { state: 'answered' },
  ]);
  await Promise.all([two.call.hangsUp(), quick.isHungUp()]);
  await isQuiet(t);
});

/** How often a phone was called. */
const timesCalled = ({ log }: Phone): number =>
  new Set(
    log
      .filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE'))
      .map(({ text }) => /^Call-ID: (.*)$/im.exec(text)?.[1]),
  ).size;

t.test('the same key picks once', async (t) => {
  const before = timesCalled(alice);
  const { call, leg, path } = await ringsAtDesk();
  const key = { 'idempotency-key': 'my one pickup' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => organization.asks(`PUT ${path}`, pickUp, key)));
  t.same([...new Set(answers.map(({ status, text }) => `${status} ${text}`))].length, 1, 'one answer');
  t.equal(answers[0]?.status, 202);
  const at = await alice.isCalled();
  at.rings();
  const other = await organization.asks(`PUT ${path}`, { ...pickUp, waitForPickup: 7 }, key);
  t.same([other.status, other.json.error.code], [422, 'idempotencykey_reused']);
  await at.answers();
  await call.answered();
  await leg.stopsRinging();
  await Promise.all([call.hangsUp(), at.isHungUp()]);
  t.ok(await comesTrue(async () => (await organization.asks(`GET ${path}`)).status === 204));
  const again = await organization.asks(`PUT ${path}`, pickUp, key);
  t.same([again.status, again.text], [202, answers[0]?.text], 'the same answer after the call has ended');
  t.equal(timesCalled(alice) - before, 1, 'rung once');
  await isQuiet(t);
});

t.test('the rules are the same as by code; refusals', async (t) => {
  const { call, leg, path } = await ringsAtDesk();
  const program104 = await program(acme, { role: 'PERSONAL', tenant: 'acme', extension: '104' });
  t.equal((await eve.calls('*95210').fails()).status, 403);
  t.match((await program104.asks('POST /v1/pickup', { target: '210' })).json, { status: 403, code: 'not-allowed' });
  const put = await organization.asks(`PUT ${path}`, { ...pickUp, sendCallTo: '104' });
  t.same([put.status, put.json.error.code], [403, 'access_denied']);
  const why = await program104.asks('POST /v1/explain', { act: 'pickup', target: '210' });
  t.match(why.json, { allowed: false, refusal: 'not-allowed', missing: [{ why: /104/, remedy: /./ }] });
  t.match((await program104.asks('GET /v1/pickup/candidates')).json, { candidates: [] });

  const candidates = await ofAlice.asks('GET /v1/pickup/candidates');
  t.match(candidates.json.candidates, [
    {
      call: { state: 'ringing', target: { extension: '210' }, caller: { extension: '100', name: 'Caller' } },
      grant: { model: 'pickup-group', group: 'desk' },
      by: 'group',
    },
  ]);
  t.match((await ofAlice.asks('POST /v1/explain', { act: 'pickup', target: '210' })).json, { allowed: true });
  t.equal((await stranger.asks(`PUT ${path}`, pickUp)).status, 400, 'another company has no 210');
  const strange = await stranger.asks('POST /v1/pickup', { target: '210', sendTo: '024' });
  t.match(strange.json, { status: 404, code: 'unknown-extension' });
  t.same((await stranger.asks('GET /v1/calls')).json, { calls: [], total: 0 });

  await Promise.all([call.cancels(), leg.stopsRinging()]);
  await isQuiet(t);
});

t.test('events, and what was missed', async (t) => {
  const url = `${acme.http}/v1/events`;
  const all = await listensTo(url, { authorization: organization.authorization });
  const personal = await listensTo(url, { authorization: ofDave.authorization });
  const nobody = await listensTo(url, { authorization: stranger.authorization });
  const one = await ringing(caller, desk);
  const first = await all.next();
  t.match(first, {
    event: 'ringing',
    data: { target: { extension: '210' }, caller: { extension: '100', name: 'Caller' } },
  });
  await ofAlice.asks('POST /v1/pickup', {});
  const at = await alice.isCalled();
  await at.answers();
  await one.call.answered();
  t.match(await all.next(), {
    event: 'picked-up',
    data: { call: first.data.call, by: { extension: '024' }, whose: { extension: '210' }, how: 'api' },
  });
  await Promise.all([one.call.hangsUp(), at.isHungUp()]);
  t.match(await all.next(), { event: 'ended', data: { result: 'picked_up' } });

  all.close();
  const two = await ringing(caller, eve);
  await two.leg.answers();
  await two.call.answered();
  await Promise.all([two.call.hangsUp(), two.leg.isHungUp()]);
  const three = await ringing(caller, desk);
  const code = dave.calls('*95210');
  await code.answered();
  await three.call.answered();

  const resumed = await listensTo(url, { authorization: organization.authorization, 'last-event-id': first.id });
  const missed: string[] = [];
  while (missed.length < 7) {
    const { event, data } = await resumed.next();
    missed.push(`${event} ${data.target.extension}${data.how ? ` ${data.how}` : ''}`);
  }
  t.same(missed, [
    'picked-up 210 api',
    'ended 210',
    'ringing 104',
    'answered 104',
    'ended 104',
    'ringing 210',
    'picked-up 210 directed',
  ]);
  await Promise.all([three.call.hangsUp(), code.isHungUp()]);
  t.match(await resumed.next(), { event: 'ended', data: { result: 'picked_up' } }, 'and goes on');
  t.ok(await comesTrue(async () => personal.heard.length >= 6));
  t.same(
    [...new Set(personal.heard.map(({ data }) => data.target.extension))],
    ['210'],
    'Dave hears what he may pick up',
  );
  t.same(nobody.heard, [], 'another company hears nothing');
  for (const reader of [resumed, personal, nobody]) reader.close();
  await isQuiet(t);
});

t.test('a service that stops ends the streams', async (t) => {
  const reader = await listensTo(`${acme.http}/v1/events`, { authorization: organization.authorization });
  const code = acme.stops();
  await reader.ended();
  t.equal(await code, 0);
});
