import t from 'tap';
import { listensTo } from '../support/event-reader.js';
import { office, ringing } from '../support/office.js';
import type { Phone, ShownDocument, Watcher } from '../support/phone.js';
import { program } from '../support/program.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const group = '1234567890abcdef12345678';
const bobsId = `${'0'.repeat(21)}101`;

const yaml = `
sipAuth: none
tenants:
  acme:
    domains: [acme.example]
    default: true
    watchers: [{ userAgent: Sidecar, dndConfirmed: true }]
    codes: { away-on: ['*82'], away-off: ['*83'] }
    extensions:
      '100': { name: Alice Adams }
      '101': { name: Bob Brown, id: '${bobsId}' }
      '102': { name: Carol Clark }
      '103': { name: Dave Davis }
    callControl:
      pickup_all: false
      groups: { desk: ['100', '101', '102'] }
      pickup_share_groups: [desk]
    groups:
      ${group}: { name: Desk, members: ['101'], controllers: ['102'], setPresence: true }
`;

const acme = await office(t, { office: yaml });
const [alice, bob, carol, dave] = [
  await acme.phone('100'),
  await acme.phone('101'),
  await acme.phone('102'),
  await acme.phone('103'),
];
const controller = await program(acme, { role: 'PERSONAL', tenant: 'acme', extension: '102' });
const manager = await program(acme, { role: 'MANAGER', tenant: 'acme' });
const line = `/pbx/group/${group}/member/${bobsId}`;
const events = await listensTo(`${acme.http}/v1/events`, { authorization: manager.authorization });
t.teardown(() => events.close());

/** The next presence that programs are told of, whatever calls do meanwhile. */
const nextPresence = async (): Promise<object> => {
  for (;;) {
    const { event, data } = await events.next();
    if (event === 'presence') return data;
  }
};

/** The final response to a code, as the phone's display shows it. */
const dials = async (who: Phone, code: string): Promise<string> => (await who.calls(code).fails()).startLine;

const says = (note: string) => (document: ShownDocument) => document.presence?.note === note;

const endsWell = async (...watchers: readonly Watcher[]): Promise<void> => {
  for (const watcher of watchers) {
    await watcher.unsubscribes();
    await watcher.isOver();
    t.same(watcher.faults, []);
  }
  t.same(await acme.everythingLeft(), []);
};

t.test('P3: *78: nobody rings Bob, whoever watches knows so, and REST shows it; *79: all is as before', async (t) => {
  const watcher = alice.watches('101', { event: 'presence' });
  const lamp = carol.watches('101', { userAgent: 'Sidecar 1', mayVanish: true });
  const plain = carol.watches('101');
  t.match((await watcher.sees(says('Available'))).presence, { entity: /^sip:101@/, basic: 'open' });
  await lamp.sees(({ dialogs }) => dialogs.every(({ state }) => state === 'terminated'));

  t.equal(await dials(bob, '*78'), 'SIP/2.0 603 Do Not Disturb From Now On');
  t.match(await nextPresence(), { extension: '101', name: 'Bob Brown', presence: 'do-not-disturb', how: 'code' });
  const closed = await watcher.sees(says('Do Not Disturb'));
  t.match(closed.presence, { basic: 'closed', activity: 'busy' });
  await lamp.sees(({ dialogs }) => dialogs.some(({ state }) => state === 'confirmed'));
  t.match((await controller.asks(`GET ${line}`)).json, { number: '101', presence: 'do-not-disturb' });
  t.equal(await dials(dave, '101'), 'SIP/2.0 480 Do Not Disturb');
  t.match(await dials(carol, '*95101'), /^SIP\/2\.0 480 No Call/, 'there is nothing to pick up');
  const own = bob.calls('100');
  const leg = await alice.isCalled();
  await leg.answers();
  await own.answered();
  await Promise.all([own.hangsUp(), leg.isHungUp()]);

  t.equal(await dials(bob, '*79'), 'SIP/2.0 603 Calls Ring From Now On');
  await watcher.sees(says('Available'));
  t.match(await nextPresence(), { presence: 'available', how: 'code' });
  await lamp.sees(({ dialogs }) => dialogs.every(({ state }) => state === 'terminated'));
  const { call } = await ringing(dave, bob);
  await call.cancels();
  const keys = plain.documents.flatMap(({ dialogs }) => dialogs.map(({ id }) => id));
  t.notOk(keys.includes('101-dnd'), 'a usual lamp is not lit by it');
  t.equal(watcher.documents.length, 3, 'of calls a presence says nothing');
  await endsWell(watcher, lamp, plain);
});

t.test('codes of the company for away: watchers know so, and calls ring as ever', async (t) => {
  const watcher = alice.watches('101', { event: 'presence' });
  await watcher.sees(says('Available'));
  t.equal(await dials(bob, '*82'), 'SIP/2.0 603 Away From Now On');
  await watcher.sees(says('Away'));
  const { call } = await ringing(dave, bob);
  await call.cancels();
  t.equal(await dials(bob, '*83'), 'SIP/2.0 603 Back From Now On');
  await watcher.sees(says('Available'));
  t.match([await nextPresence(), await nextPresence()], [{ presence: 'away' }, { presence: 'available' }]);
  await endsWell(watcher);
});

t.test('a program says it of its own extension by /v1, a manager of anybody’s; each is told', async (t) => {
  const watcher = alice.watches('102', { event: 'presence' });
  await watcher.sees(says('Available'));
  const at = (number: string) => `/v1/extensions/${number}/presence`;
  t.match((await controller.asks(`PUT ${at('102')}`, { presence: 'do-not-disturb' })).json, { name: 'Carol Clark' });
  await watcher.sees(says('Do Not Disturb'));
  t.equal(await dials(alice, '102'), 'SIP/2.0 480 Do Not Disturb');
  t.equal((await controller.asks(`PUT ${at('103')}`, { presence: 'away' })).status, 403);
  t.equal((await manager.asks(`PUT ${at('102')}`, { presence: 'available' })).status, 200);
  await watcher.sees(says('Available'));
  t.match((await controller.asks(`GET ${at('102')}`)).json, { presence: 'available' });
  t.match([await nextPresence(), await nextPresence()], [{ presence: 'do-not-disturb', how: 'api' }, { how: 'api' }]);
  await endsWell(watcher);
});

t.test('a controller sets a member’s presence by REST: it counts for calls, and the watchers are told', async (t) => {
  const watcher = alice.watches('101', { event: 'presence' });
  await watcher.sees(says('Available'));
  t.equal((await controller.asks(`PUT ${line}/presence`, { presence: 'away' })).status, 200);
  t.match((await watcher.sees(says('Away'))).presence, { basic: 'open', activity: 'away' });
  const { call } = await ringing(dave, bob);
  await call.cancels();
  t.equal((await controller.asks(`PUT ${line}/presence`, { presence: 'do-not-disturb' })).status, 200);
  await watcher.sees(says('Do Not Disturb'));
  t.equal(await dials(dave, '101'), 'SIP/2.0 480 Do Not Disturb');
  t.equal(await dials(bob, '*79'), 'SIP/2.0 603 Calls Ring From Now On', 'Bob has the last word');
  await watcher.sees(says('Available'));
  const told = [await nextPresence(), await nextPresence(), await nextPresence()];
  const byCarol = { how: 'api', by: { extension: '102', name: 'Carol Clark' } };
  t.match(told, [{ presence: 'away', ...byCarol }, { presence: 'do-not-disturb', ...byCarol }, { how: 'code' }]);
  await endsWell(watcher);
});

t.test('P1, P2: who may not watch Bob’s calls may not watch his presence; his own phone may', async (t) => {
  t.match((await dave.watches('101', { event: 'presence' }).refused()).startLine, /^SIP\/2\.0 403 /);
  t.match((await alice.watches('999', { event: 'presence' }).refused()).startLine, /^SIP\/2\.0 404 /);
  const unread = { event: 'presence', headers: { Accept: 'application/dialog-info+xml' } };
  const refused = await alice.watches('101', unread).refused();
  t.match([refused.status, refused.get('accept')], [406, 'application/pidf+xml']);
  const own = bob.watches('101', { event: 'presence;id=5' });
  await own.sees(says('Available'));
  const once = alice.watches('101', { event: 'presence', expires: 0 });
  await once.isOver();
  t.ok(once.last?.presence, 'asked for once');
  t.same(once.faults, []);
  await endsWell(own);
});

const published = (basic: string, note: string): string =>
  '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:101@acme.example">' +
  `<tuple id="a"><status><basic>${basic}</basic></status><note>${note}</note></tuple></presence>`;

const publishes = (who: Phone, headers: Record<string, string>, body?: string) =>
  who.sends('PUBLISH', '101', {
    headers: { Event: 'presence', ...(body && { 'Content-Type': 'application/pidf+xml' }), ...headers },
    ...(body && { body }),
  });

t.test(
  'P7, P8, P10, P13: Bob’s phone publishes that he is not to be disturbed; a code that he dials later overrules it',
  async (t) => {
    const watcher = alice.watches('101', { event: 'presence' });
    await watcher.sees(says('Available'));
    const begun = await publishes(bob, { Expires: '600' }, published('closed', 'Do Not Disturb'));
    t.match([begun.status, begun.get('expires')], [200, '600']);
    await watcher.sees(says('Do Not Disturb'));
    t.equal(await dials(dave, '101'), 'SIP/2.0 480 Do Not Disturb');
    const again = await publishes(bob, { 'SIP-If-Match': begun.get('sip-etag') ?? '', Expires: '600' });
    t.equal(again.status, 200, 'it goes on');
    t.not(again.get('sip-etag'), begun.get('sip-etag'));
    t.equal((await publishes(bob, { 'SIP-If-Match': begun.get('sip-etag') ?? '' })).status, 412, 'a tag is good once');
    t.equal(
      (await publishes(carol, { Expires: '600' }, published('closed', 'Away'))).status,
      200,
      'Bob’s controller may',
    );
    await watcher.sees(says('Away'));
    t.equal((await publishes(dave, { Expires: '600' }, published('closed', 'DND'))).status, 403, 'nobody else');

    t.equal(await dials(bob, '*79'), 'SIP/2.0 603 Calls Ring From Now On');
    await watcher.sees(says('Available'));
    const late = await publishes(bob, { 'SIP-If-Match': again.get('sip-etag') ?? '' });
    t.equal(late.status, 412, 'the phone has to say so anew');
    const told = [await nextPresence(), await nextPresence(), await nextPresence()];
    t.match(told, [
      { presence: 'do-not-disturb', how: 'publish' },
      { presence: 'away', how: 'publish', by: { extension: '102' } },
      { presence: 'available', how: 'code' },
    ]);
    await endsWell(watcher);
  },
);

/** Nobody waits for the least time that a phone may publish for: the end of what Bob's phone said is brought on. */
const comesToItsEnd = async (): Promise<void> => {
  const key = 'cp:{acme}:personal';
  const said = (await acme.redis.hget(key, '101')) ?? '';
  await acme.redis.hset(key, '101', said.replace(/"until":\d+/, `"until":${Date.now() + 100}`));
  await acme.redis.publish('cp:office', 'personal acme');
};

t.test(
  'P12: what a phone has published lapses: watchers are told, programs too, and calls ring, with nobody asking',
  async (t) => {
    const watcher = alice.watches('101', { event: 'presence' });
    await watcher.sees(says('Available'));
    const begun = await publishes(bob, { Expires: '60' }, published('closed', 'DND'));
    t.equal(begun.status, 200);
    await watcher.sees(says('Do Not Disturb'));
    t.equal(await dials(dave, '101'), 'SIP/2.0 480 Do Not Disturb');
    await comesToItsEnd();
    await watcher.sees(says('Available'));
    const { call } = await ringing(dave, bob);
    await call.cancels();
    t.match(
      [await nextPresence(), await nextPresence()],
      [{ how: 'publish' }, { presence: 'available', how: 'lapse' }],
    );
    const late = await publishes(bob, { 'SIP-If-Match': begun.get('sip-etag') ?? '', Expires: '60' });
    t.equal(late.status, 412);
    await endsWell(watcher);
  },
);
