import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import t, { type Test } from 'tap';
import { listensTo } from '../support/event-reader.js';
import { office, ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import { certificate, nobodyThere, receiver, swallower } from '../support/receiver.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const secret = 'known to both of us';
const tls = certificate(t);
const hook = await receiver(t, undefined, tls);

/** Receivers that do what receivers should not. This one answers when it is told to. */
const late: ServerResponse[] = [];
const [slow, failing] = await Promise.all([
  receiver(t, (answer) => void late.push(answer)),
  receiver(t, (answer) => void answer.writeHead(500).end()),
]);
const bad = { slow: slow.url, failing: failing.url, dead: await nobodyThere(), swallowing: await swallower(t) };

const events = '[waiting, ringing, picked-up, answered, ended]';
const people = `
      "100": { name: Alice Adams }
      "101": { name: Bob Brown }
      "102": { name: Cärol “電話” Clark }`;

const yaml = `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    messages: { pickedUp: true }
    webhook: { url: "${hook.url}", secret: ${secret}, events: ${events} }
    extensions: ${people}
      "103": { name: Dave Davis }
      "104": { name: Eve Evans }
      "105": { name: Frank Ford }
      "106": { name: Grace Green }
      "107": { name: Heidi Hill }
    pickupGroups:
      sales:
        members: ["101", "102"]
        notify: { after: 0, shows: name-and-number }
      numbers:
        members: ["103", "102"]
        notify: { after: 0 }
      later:
        members: ["104", "102"]
        notify: { after: 1, shows: nothing }
      never:
        members: ["105", "102"]
        notify: { after: 0, quiet: { from: "00:00", until: "00:00" } }
    groups:
      "${'1'.repeat(24)}": { name: Desk, members: ["101"], controllers: ["102"], steal: true }
      "${'2'.repeat(24)}":
        { name: Help, number: "800", members: ["106", "107"], controllers: ["105"], pickup: true, strategy: SEQUENTIAL, notify: { after: 0 } }
${Object.entries(bad)
  .map(
    ([name, url]) => `
  ${name}:
    domains: [${name}.example]
    webhook: { url: "${url}", secret: ${secret}, events: ${events} }
    extensions: ${people}`,
  )
  .join('')}
`;
const acme = await office(t, { office: yaml, env: { WEBHOOK_NETWORKS: '127.0.0.0/8', NODE_EXTRA_CA_CERTS: tls.file } });
const [alice, bob, carol, dave, eve, frank, grace, heidi] = (await Promise.all(
  ['100', '101', '102', '103', '104', '105', '106', '107'].map((each) => acme.phone(each)),
)) as [Phone, Phone, Phone, Phone, Phone, Phone, Phone, Phone];
const [ofBob, ofCompany] = await Promise.all([
  restClient(acme, { role: 'PERSONAL', extension: '101' }),
  restClient(acme, { role: 'MANAGER' }),
]);
const [stream, all] = await Promise.all(
  [ofBob, ofCompany].map(({ token }) => listensTo(`${acme.http}/v1/events`, { authorization: `Bearer ${token}` })),
);
t.teardown(() => {
  stream?.close();
  all?.close();
});

/** The next event, as the company's webhook and its stream tell it: the same, but for whose clock it is. */
const told = async (t: Test, event: string, data: object = {}) => {
  const [{ headers, text, body }, heard] = await Promise.all([hook.next(), all?.next()]);
  const [, seconds, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['callpickup-signature'])) ?? [];
  t.equal(v1, createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex'), 'the signature is right');
  t.match({ ...body, header: headers['callpickup-event-id'] }, { event, tenant: 'acme', header: body.id, data });
  t.same({ ...heard, data: { ...heard?.data, at: '' } }, { id: heard?.id, event, data: { ...body.data, at: '' } });
  return body.data;
};

const calling = { extension: '100', name: 'Alice Adams', number: '100' };
const carols = { extension: '102', name: 'Cärol “電話” Clark' };

t.test('Carol reads that Alice waits for Bob, takes the call, and Bob reads that she has it', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const waits = await carol.receives();
  t.equal(waits.method, 'MESSAGE');
  t.equal(waits.body, 'Call from Alice Adams 100 waits for Bob Brown (101), take it with *95101');
  t.match(waits.get('From'), /^"Bob Brown" <sip:101@acme\.example>;tag=/);
  const picked = carol.calls('*95101');
  await Promise.all([picked.answered(), call.answered(), leg.stopsRinging()]);
  const took = await bob.receives();
  t.equal(took.body, 'Call from Alice Adams 100 picked up by Cärol “電話” Clark (102)');
  t.match(took.get('From'), /^"Cärol “電話” Clark" <sip:102@acme\.example>;tag=/);
  await Promise.all([call.hangsUp(), picked.isHungUp()]);

  const both = { caller: calling, target: { extension: '101' } };
  const pickup = { by: carols, whose: { extension: '101' }, how: 'directed', group: 'sales' };
  const { call: id } = await told(t, 'ringing', both);
  await told(t, 'waiting', { ...both, call: id, group: 'sales', seconds: 0 });
  await told(t, 'picked-up', { call: id, by: carols, whose: { extension: '101' }, how: 'directed' });
  await told(t, 'ended', {
    ...{ call: id, result: 'picked_up', answeredBy: carols, pickup },
    ...{ ringSeconds: Number, talkSeconds: Number },
  });
  for (const event of ['ringing', 'waiting', 'picked-up', 'ended']) t.match(await stream?.next(), { event });

  const line = await acme.says(({ msg }) => msg === 'call record');
  const facts = { callId: id, tenant: 'acme', caller: '100', target: '101', result: 'picked_up' };
  t.match(line, { ...facts, picker: '102', method: 'directed', group: 'sales', answeredBy: '102' });
  t.same(await acme.everythingLeft(), []);
});

t.test('Carol steals the call that Bob has, and the record tells of both', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  t.match((await carol.receives()).body, /waits for Bob Brown/);
  await leg.answers();
  await call.answered();
  const stolen = carol.calls('*96101');
  await Promise.all([stolen.answered(), leg.isHungUp()]);
  t.match((await bob.receives()).body, /^Call from Alice Adams 100 picked up by Cärol/);
  await Promise.all([call.hangsUp(), stolen.isHungUp()]);
  const line = await acme.says(({ msg, moves }) => msg === 'call record' && moves !== undefined);
  t.match(line, { answeredBy: '101', moves: [{ picker: '102', from: '101', method: 'steal', group: 'Desk' }] });
  for (const event of ['ringing', 'waiting', 'answered']) await told(t, event);
  await told(t, 'picked-up', { by: carols, whose: { extension: '101' }, how: 'steal' });
  await told(t, 'ended', { result: 'picked_up', moves: [{ by: carols, how: 'steal', group: 'Desk' }] });
  t.same(await acme.everythingLeft(), []);
});

t.test('each group shows of the caller what it wants, at its second; of who is anonymous nobody is told', async (t) => {
  const number = await ringing(alice, dave);
  t.equal((await carol.receives()).body, 'Call from 100 waits for Dave Davis (103), take it with *95103');
  await number.call.cancels();
  await told(t, 'ringing', { caller: calling });
  await told(t, 'waiting', { group: 'numbers', caller: { ...calling, name: '' } });
  await told(t, 'ended', { result: 'cancelled', ringSeconds: Number, talkSeconds: undefined });

  const nothing = await ringing(alice, eve);
  t.equal((await carol.receives()).body, 'Call waits for Eve Evans (104), take it with *95104');
  await nothing.call.cancels();
  const rang = await told(t, 'ringing', { caller: calling });
  const waits = await told(t, 'waiting', { group: 'later', seconds: 1, caller: undefined });
  const waited = Date.parse(waits.at) - Date.parse(rang.at);
  // Both by the clock of the instance; a timer may be a millisecond early.
  t.ok(waited >= 999, `${waited} ms`);
  await told(t, 'ended');

  const shy = alice.calls('101', { headers: { Privacy: 'id' } });
  const leg = await bob.isCalled();
  leg.rings();
  t.equal((await carol.receives()).body, 'Call waits for Bob Brown (101), take it with *95101');
  await shy.cancels();
  await told(t, 'ringing', { caller: { anonymous: true } });
  t.notOk('caller' in (await told(t, 'waiting', { group: 'sales' })));
  await told(t, 'ended');
  const ofShy = hook.posted.slice(-3).map(({ text }) => text);
  t.notMatch(ofShy.join('\n'), /Alice|"100"/, 'RFC 3323');
  t.same(await acme.everythingLeft(), []);
});

t.test('nobody is told of a call in quiet hours, nor of one that is picked up before its second', async (t) => {
  const quiet = await ringing(alice, frank);
  await quiet.call.cancels();
  await told(t, 'ringing', { target: { extension: '105' } });
  await told(t, 'ended', { target: { extension: '105' } });

  const { call, leg } = await ringing(alice, eve);
  const picked = carol.calls('*95104');
  await Promise.all([picked.answered(), call.answered(), leg.stopsRinging()]);
  t.match((await eve.receives()).body, /picked up by Cärol/);
  await Promise.all([call.hangsUp(), picked.isHungUp()]);
  await told(t, 'ringing', { target: { extension: '104' } });
  for (const event of ['picked-up', 'ended']) await told(t, event);
  t.same(await acme.everythingLeft(), []);
});

t.test('a group that is called: members and controllers read of it, whose phone rang hears who took it', async (t) => {
  const ofGrace = await restClient(acme, { role: 'PERSONAL', extension: '106' });
  const hers = await listensTo(`${acme.http}/v1/events`, { authorization: `Bearer ${ofGrace.token}` });
  t.teardown(() => hers.close());
  const call = alice.calls('800');
  const leg = await grace.isCalled();
  leg.rings();
  await call.rings();
  for (const each of [frank, heidi]) {
    t.equal((await each.receives()).body, 'Call from 100 waits for Grace Green (106), take it with *95106');
  }
  const picked = frank.calls('*95800');
  await Promise.all([picked.answered(), call.answered(), leg.stopsRinging()]);
  t.equal((await grace.receives()).body, 'Call from Alice Adams 100 picked up by Frank Ford (105)');
  await Promise.all([call.hangsUp(), picked.isHungUp()]);

  const ofGroup = { target: { extension: '800' }, ringsAt: [{ extension: '106', name: 'Grace Green' }] };
  for (const event of ['ringing', 'waiting', 'picked-up']) await told(t, event, ofGroup);
  await told(t, 'ended', { group: '800', originalTarget: { extension: '800' }, answeredBy: { extension: '105' } });
  for (const event of ['ringing', 'waiting', 'picked-up', 'ended']) t.match(await hers.next(), { event });
  const line = await acme.says(({ msg, target }) => msg === 'call record' && target === '800');
  t.match(line, { result: 'picked_up', group: 'Help', picker: '105', answeredBy: '105' });
  t.same(await acme.everythingLeft(), []);
});

t.test('no call waits for a receiver that is slow, failing, dead or behind a wall', async (t) => {
  for (const name of Object.keys(bad)) {
    const domain = `${name}.example`;
    const phones = await Promise.all(['100', '101', '102'].map((number) => acme.phone(number, { domain })));
    const [caller, callee, picker] = phones as [Phone, Phone, Phone];
    for (let calls = 0; calls < 2; calls += 1) {
      const { call, leg } = await ringing(caller, callee);
      const picked = picker.calls('*95101');
      await Promise.all([picked.answered(), call.answered(), leg.stopsRinging()]);
      await Promise.all([call.hangsUp(), picked.isHungUp()]);
    }
    const record = await acme.says(({ msg, tenant }) => msg === 'call record' && tenant === name);
    t.match(record, { result: 'picked_up', picker: '102' }, name);
  }
  t.equal(
    slow.posted.length,
    1,
    'the calls are over, and the receiver has not answered the first event of the first one',
  );
  for (const answer of late) answer.end();
  t.equal((await slow.next()).body.event, 'ringing');
  await acme.says(({ msg, tenant }) => msg === 'webhook takes no events' && tenant === 'dead');
  const line = await acme.says(({ msg, tenant }) => msg === 'webhook takes no events' && tenant === 'failing');
  t.match(line, { why: 'status 500', receiver: new URL(failing.url).host });
  t.notMatch(JSON.stringify(acme.log), new RegExp(secret), 'no secret is in the log');
  t.same(await acme.everythingLeft(), []);
});
