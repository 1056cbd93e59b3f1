import t, { type Test } from 'tap';
import { listensTo } from '../support/event-reader.js';
import { office } from '../support/office.js';
import { type Phone, phone } from '../support/phone.js';
import { type RestClient, restClient } from '../support/rest.js';
import { ground, type RunningService } from '../support/service.js';
import { twoInstances } from '../support/two-instances.js';
import { hearing } from '../support/who-hears-whom.js';
import { talking } from './transfer-stage.js';

t.comment(`on ${ground}`);

const yaml = `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions:
      "100": { name: Alice Adams }
      "101": { name: Bob Brown }
      "102": { name: Carol Clark }
      "103": { name: Dave Davis }
      "104": { private: true }
      "106": { name: Nobody there }
    callControl:
      groups: { desk: ["101", "103", "104"] }
      eavesdrop_102: [desk]
      whisper_102: [desk]
      barge_102: [desk]
      eavesdrop_103: [desk]
      eavesdrop_106: [desk]
    groups:
      "${'1'.repeat(24)}": { name: Desk, members: ["101", "104"], controllers: ["102"], steal: true }
`;
const acme = await office(t, { office: yaml });
const [alice, bob, carol, dave, eve] = (await Promise.all(
  ['100', '101', '102', '103', '104'].map((each) => acme.phone(each, { domain: 'acme.example' })),
)) as [Phone, Phone, Phone, Phone, Phone];
const room = await hearing({ A: alice, B: bob, S: carol });
const [manager, ofCarol, ofAlice] = await Promise.all([
  restClient(acme, { role: 'MANAGER' }),
  restClient(acme, { role: 'PERSONAL', extension: '102' }),
  restClient(acme, { role: 'PERSONAL', extension: '100' }),
]);
await acme.says(({ msg }) => msg === 'media server connected', 15_000);

/** A call that the service has noted as connected: a moment after both phones have. */
const together = async (caller: Phone, callee: Phone, at: RunningService = acme) => {
  const both = await talking(caller, callee);
  await at.reaches('callpickup_active_calls', (active) => active >= 1);
  return both;
};

/** Asks until it is so. */
const comesTrue = async <T>(ask: () => Promise<T>, isSo: (said: T) => boolean): Promise<T> => {
  for (const until = Date.now() + 10_000; ; ) {
    const said = await ask();
    if (isSo(said) || Date.now() > until) return said;
    await new Promise((next) => setTimeout(next, 10));
  }
};

const comesTo = (link: string, ...states: string[]) => cameTo(manager, link, ...states);

const cameTo = (who: RestClient, link: string, ...states: string[]) =>
  comesTrue(
    async () => (await who.ask(`GET ${link}`)).json,
    ({ state }) => states.includes(state),
  );

const counted = (act: string, outcome: string) => acme.metric('callpickup_supervisions_total', { act, outcome });

const listen = { A: ['B'], B: ['A'], S: ['A', 'B'] } as const;
const whisper = { A: ['B'], B: ['A', 'S'], S: ['A', 'B'] } as const;
const barge = { A: ['B', 'S'], B: ['A', 'S'], S: ['A', 'B'] } as const;

const isQuiet = async (t: Test): Promise<void> => {
  t.same(await acme.everythingLeft(), [], 'nothing is left');
};

t.test('Carol’s phone is called and listens; by PATCH she whispers and enters; by DELETE she leaves', async (t) => {
  const events = await listensTo(`${acme.http}/v1/events`, { authorization: `Bearer ${manager.token}` });
  const { call, leg } = await together(alice, bob);
  const done = await ofCarol.ask('POST /v1/supervisions', { colleague: '101', mode: 'listen' });
  t.match([done.status, done.json.link], [202, `/v1/supervisions/${done.json.id}`], done.text);
  const { link, id } = done.json;
  const at = await carol.isCalled();
  t.match(at.request.get('From'), /^"Bob Brown" <sip:101@/, 'her phone shows whom she listens to');
  at.rings();
  t.match(await comesTo(link, 'ringing'), { state: 'ringing', mode: 'listen', supervisor: { extension: '102' } });
  const early = await ofCarol.ask(`PATCH ${link}`, { mode: 'whisper' });
  t.match([early.status, early.json.code], [409, 'not-running']);
  await at.answers();
  await room.exactly(listen);
  t.match(await comesTo(link, 'running'), { id, mode: 'listen', colleague: { extension: '101', name: 'Bob Brown' } });
  t.equal((await ofCarol.ask('GET /v1/supervisions')).json.total, 1);
  t.match([(await ofAlice.ask(`GET ${link}`)).status, (await ofAlice.ask(`DELETE ${link}`)).status], [404, 404]);

  const leaks = room.watch('A', 'S');
  const whispers = await ofCarol.ask(`PATCH ${link}`, { mode: 'whisper' });
  t.match([whispers.status, whispers.json.mode], [200, 'whisper'], whispers.text);
  await room.exactly(whisper);
  t.ok(leaks.stop() < 0.02, 'Alice has never heard the whisper');
  t.equal((await manager.ask(`PATCH ${link}`, { mode: 'barge' })).json.mode, 'barge');
  await room.exactly(barge);
  t.equal((await ofCarol.ask(`DELETE ${link}`)).status, 204);
  t.match((await at.isHungUp()).get('Reason'), /Supervision has ended/);
  await room.exactly({ A: ['B'], B: ['A'] });
  t.equal((await comesTo(link, 'ended')).state, 'ended');
  t.equal((await ofCarol.ask(`DELETE ${link}`)).status, 409);
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  const told: string[] = [];
  for (let heard = await events.next(); heard.event !== 'ended'; heard = await events.next()) told.push(heard.event);
  t.same(
    told.filter((each) => each.startsWith('supervision')),
    ['supervision-began', 'supervision-changed', 'supervision-changed', 'supervision-ended'],
  );
  events.close();
  t.equal(await counted('eavesdrop', 'answered'), 1);
  t.equal(await counted('barge', 'answered'), 1);
  await isQuiet(t);
});

t.test('a steal: Carol’s phone is called, and has Bob’s call when it answers', async (t) => {
  const { call, leg } = await together(alice, bob);
  const key = { 'idempotency-key': 'the same' };
  const done = await ofCarol.ask('POST /v1/steal', { extension: '101' }, key);
  t.equal(done.status, 202, done.text);
  t.same((await ofCarol.ask('POST /v1/steal', { extension: '101' }, key)).json, done.json, 'asked twice, done once');
  t.equal((await ofCarol.ask('POST /v1/steal', { extension: '101', waitSeconds: 9 }, key)).json.code, 'key-reused');
  const at = await carol.isCalled();
  await at.answers();
  t.match((await leg.isHungUp()).get('Reason'), /Call completed elsewhere/);
  t.match(await comesTo(done.json.link, 'answered'), { state: 'answered', extension: '101', picker: '102' });
  await room.exactly({ A: ['S'], S: ['A'] });
  const line = await acme.says(
    ({ msg, kind, outcome }) => msg === 'pickup' && kind === 'steal' && outcome === 'answered',
  );
  t.match(line, { picker: '102', target: '101', tenant: 'acme', order: done.json.id });
  t.equal(await counted('steal', 'answered'), 1);
  await Promise.all([call.hangsUp(), at.isHungUp()]);
  await isQuiet(t);
});

t.test('who may not, what is not there, phones that will not: the two talk on', async (t) => {
  const nobody = await manager.ask('POST /v1/supervisions', { supervisor: '102', colleague: '101', mode: 'listen' });
  t.match([nobody.status, nobody.json.code], [404, 'no-call'], 'Bob is in no call');
  const { call, leg } = await together(alice, bob);
  const rows: [who: RestClient, body: object, status: number, code: string][] = [
    [manager, { supervisor: '100', colleague: '101', mode: 'listen' }, 403, 'not-allowed'],
    [manager, { supervisor: '103', colleague: '101', mode: 'whisper' }, 403, 'not-allowed'],
    [manager, { supervisor: '101', colleague: '101', mode: 'listen' }, 409, 'own-call'],
    [manager, { supervisor: '102', colleague: '999', mode: 'listen' }, 404, 'unknown-extension'],
    [manager, { supervisor: '102', colleague: '103', mode: 'listen' }, 404, 'no-call'],
    [manager, { supervisor: '102', colleague: '101', mode: 'listen', call: '0'.repeat(36) }, 404, 'no-call'],
    [ofAlice, { supervisor: '102', colleague: '101', mode: 'listen' }, 400, 'bad_request'],
  ];
  for (const [who, body, status, code] of rows) {
    const { json, ...said } = await who.ask('POST /v1/supervisions', body);
    t.same([said.status, json.code], [status, code], JSON.stringify(body));
  }
  t.equal((await manager.ask('POST /v1/steal', { picker: '103', extension: '101' })).json.code, 'not-allowed');

  const failing = async (body: object, phone?: (carol: Phone) => Promise<unknown>) => {
    const { json, text } = await manager.ask('POST /v1/supervisions', { colleague: '101', mode: 'listen', ...body });
    if (!json.link) return text;
    await phone?.(carol);
    return (await comesTo(json.link, 'failed', 'running')).refusal;
  };
  t.equal(await failing({ supervisor: '106' }), 'not-registered');
  t.equal(await failing({ supervisor: '102' }, async () => (await carol.isCalled()).declines()), 'declined');
  const ringsOut = async () => {
    const at = await carol.isCalled();
    at.rings();
    await at.stopsRinging();
  };
  t.equal(await failing({ supervisor: '102', waitSeconds: 1 }, ringsOut), 'no-answer');
  t.equal(await counted('eavesdrop', 'timeout'), 3);

  const given = await ofCarol.ask('POST /v1/supervisions', { colleague: '101', mode: 'barge' });
  const at = await carol.isCalled();
  at.rings();
  await comesTo(given.json.link, 'ringing');
  t.equal((await ofCarol.ask(`DELETE ${given.json.link}`)).status, 204, 'she has thought better of it');
  await at.stopsRinging();
  t.match(await comesTo(given.json.link, 'failed'), { refusal: 'picker-gone' });

  const lost = await ofCarol.ask('POST /v1/supervisions', { colleague: '101', mode: 'listen' });
  const rings = await carol.isCalled();
  rings.rings();
  await Promise.all([call.hangsUp(), leg.isHungUp(), rings.stopsRinging()]);
  t.match(await comesTo(lost.json.link, 'failed'), { refusal: 'no-call' }, 'the call is over before she answers');

  const hidden = await together(dave, eve);
  const steal = await manager.ask('POST /v1/steal', { picker: '102', extension: '104' });
  t.match([steal.status, steal.json.code], [404, 'no-call'], 'a private call is as unknown as one that is not there');
  await Promise.all([hidden.call.hangsUp(), hidden.leg.isHungUp()]);
  await isQuiet(t);
});

t.test(
  'the instance that is asked does not hold the call: the order goes to its owner, if that is there',
  async (t) => {
    const [one, other] = await twoInstances(t, { office: yaml });
    const [a, b, c] = (await Promise.all(
      ['100', '101', '102'].map((number) => phone(t, { number, server: one.sip, domain: 'acme.example' })),
    )) as [Phone, Phone, Phone];
    for (const each of [a, b, c]) await each.registers();
    const ears = await hearing({ A: a, B: b, S: c });
    await one.says(({ msg }) => msg === 'media server connected', 15_000);
    const who = await restClient(other, { role: 'PERSONAL', extension: '102' });
    const { call, leg } = await together(a, b, one);
    const { json } = await who.ask('POST /v1/supervisions', { colleague: '101', mode: 'listen' });
    const at = await c.isCalled();
    await at.answers();
    t.match(await cameTo(who, json.link, 'running'), { state: 'running', mode: 'listen' });
    await ears.exactly(listen);
    t.equal((await who.ask(`PATCH ${json.link}`, { mode: 'barge' })).json.mode, 'barge');
    await ears.exactly(barge);
    t.equal((await who.ask(`DELETE ${json.link}`)).status, 204);
    await at.isHungUp();
    await ears.exactly({ A: ['B'], B: ['A'] });
    const stolen = await who.ask('POST /v1/steal', { extension: '101' });
    const inPlace = await c.isCalled();
    await inPlace.answers();
    await leg.isHungUp();
    await ears.exactly({ A: ['S'], S: ['A'] });
    t.equal((await cameTo(who, stolen.json.link, 'answered')).state, 'answered');
    await Promise.all([call.hangsUp(), inPlace.isHungUp()]);

    await together(a, b, one);
    const again = await who.ask('POST /v1/supervisions', { colleague: '101', mode: 'listen' });
    const phoneOfCarol = await c.isCalled();
    await phoneOfCarol.answers();
    await cameTo(who, again.json.link, 'running');
    await one.stops('SIGKILL');
    for (const [line, body] of [
      [`PATCH ${again.json.link}`, { mode: 'whisper' }],
      [`DELETE ${again.json.link}`],
      ['POST /v1/supervisions', { colleague: '101', mode: 'whisper' }],
      ['POST /v1/steal', { extension: '101' }],
    ] as const) {
      const said = await who.ask(line, body);
      t.same([said.status, said.json?.code], [503, 'owner-unreachable'], line);
    }
  },
);
