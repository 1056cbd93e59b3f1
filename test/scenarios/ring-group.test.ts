import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Dialog } from '../../src/domain/dialog.js';
import { waveOf } from '../support/linphone-sound.js';
import { elsewhere, office, reasons } from '../support/office.js';
import { type Leg, type Phone, phone } from '../support/phone.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';
import { hearing } from '../support/who-hears-whom.js';
import { replacesOf } from './replaces-stage.js';
import { companyWith, id } from './ring-group-company.js';

t.comment(`on ${ground}`);

/** The trunk's own end is a phone that never registers. */
const trunk = await phone(t, { number: 'trunk', host: '127.0.0.89' });

/** What the operator has put down as a greeting, in Hz; the file of another one is missing. */
const [ownHz, welcomeHz, sounds] = [1633, 880, mkdtempSync(join(tmpdir(), 'callpickup-sounds-'))];
// The media server may be another user.
chmodSync(sounds, 0o755);
writeFileSync(join(sounds, 'hello.wav'), waveOf(ownHz));
t.teardown(() => rmSync(sounds, { recursive: true, force: true }));

const acme = await office(t, { office: companyWith(trunk.address.port), env: { MEDIA_SOUNDS: sounds } });
const [alice, bob, carol, dave, eve, frank, grace, heidi, judy] = (await Promise.all(
  ['100', '101', '102', '103', '104', '105', '106', '107', '109'].map((number) => acme.phone(number)),
)) as [Phone, Phone, Phone, Phone, Phone, Phone, Phone, Phone, Phone];
const manager = await restClient(acme);

/** How many calls a phone has been offered so far. */
const invited = ({ log }: Phone): number => {
  const invites = log.filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE '));
  return new Set(invites.map(({ text }) => /^call-id:.*$/im.exec(text)?.[0])).size;
};

/** Rings at a phone that is called now. */
const rings = async (phone: Phone) => {
  const leg = await phone.isCalled();
  leg.rings();
  return leg;
};

t.test('ALL: everybody who can rings at once, and who answers has the call', async (t) => {
  const call = alice.calls('800');
  const legs = await Promise.all([bob, carol].map(rings));
  await call.rings();
  await legs[1]?.answers();
  t.match((await call.answered()).get('P-Asserted-Identity'), /102@acme/);
  t.same(reasons((await legs[0]?.stopsRinging()) as never), elsewhere, 'Bob has no missed call');
  t.same([grace, heidi].map(invited), [0, 0], 'who is away, or not to be disturbed, was not called');
  await Promise.all([call.hangsUp(), legs[1]?.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('ringTime and timeoutGoto, on the wire: all, then one after the other, then an extension', async (t) => {
  const call = alice.calls('800');
  const legs = await Promise.all([bob, carol].map(rings));
  const daves = await rings(dave);
  for (const leg of legs) t.same(reasons(await leg.stopsRinging()), [], 'a missed call');
  await daves.declines(603);
  const carols = await rings(carol);
  const eves = await rings(eve);
  t.same(reasons(await carols.stopsRinging()), []);
  await eves.answers();
  t.match((await call.answered()).get('P-Asserted-Identity'), /104@acme/);
  await Promise.all([call.hangsUp(), eves.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('RANDOM, and round in a circle: each group once, then nobody answered', async (t) => {
  const before = [bob, carol].map(invited);
  const call = alice.calls('802');
  const first = await Promise.race([bob, carol].map(rings));
  await first.stopsRinging();
  const last = await call.fails();
  await bob.isCalled(); // Called a second time, by the other group; it is over by now.
  t.equal(last.status, 480);
  const now = [bob, carol].map(invited).map((count, index) => count - (before[index] ?? 0));
  t.same(now, [2, 1], 'Bob in both groups');
  t.same(await acme.everythingLeft(), []);
});

t.test('redirect: the group itself never rings', async (t) => {
  const before = invited(bob);
  const call = alice.calls('804');
  const leg = await rings(eve);
  await leg.answers();
  await call.answered();
  t.equal(invited(bob), before);
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('who is in another call is left out; where all are, the caller hears it', async (t) => {
  const talk = dave.calls('102');
  const leg = await rings(carol);
  await leg.answers();
  await talk.answered();
  const call = alice.calls('801');
  const eves = await rings(eve);
  t.equal((await eves.declines(486)).method, 'ACK');
  t.equal((await call.fails()).status, 486);
  await Promise.all([talk.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test(
  'A group’s call is picked up: on the group, by a member’s number, by a key; and rings nowhere else',
  async (t) => {
    const ways: [who: string, dial: (leg: Awaited<ReturnType<typeof rings>>) => Promise<ReturnType<Phone['calls']>>][] =
      [
        ['on the group', async () => frank.calls('*95800')],
        ['by the number of a member', async () => frank.calls('*95101')],
        ['without a number', async () => frank.calls('*95')],
        ['by a key', async (leg) => frank.calls('101', { headers: { Replaces: await replacesOf(acme, leg) } })],
      ];
    for (const [how, dial] of ways) {
      const call = alice.calls('800');
      const legs = await Promise.all([bob, carol].map(rings));
      await call.rings();
      t.equal((await eve.calls('*95101').fails()).status, 403, 'who controls nothing gets nothing');
      t.equal((await eve.calls('*95800').fails()).status, 403);
      const before = invited(dave);
      const pickup = await dial(legs[0] as (typeof legs)[0]);
      t.match((await pickup.answered()).get('P-Asserted-Identity'), /100@acme/, how);
      t.match((await call.answered()).get('P-Asserted-Identity'), /105@acme/);
      for (const leg of legs) t.same(reasons(await leg.stopsRinging()), elsewhere);
      t.equal(invited(dave), before);
      await Promise.all([call.hangsUp(), pickup.isHungUp()]);
      t.same(await acme.everythingLeft(), []);
    }
  },
);

/** What a key of somebody who watches this extension would name. */
const replacesAt = async (number: string, { request }: Leg): Promise<string> => {
  const all = (await acme.redis.hvals(`cp:{acme}:dialogs:${number}`)).map((json) => JSON.parse(json) as Dialog);
  const own = all.find(({ sipCallId }) => sipCallId === request.callId);
  return `${own?.sipCallId};to-tag=${own?.remoteTag};from-tag=${own?.localTag}`;
};

t.test(
  'where it rings at no member its controllers have it too: on the group, without a number, by number, by a key',
  async (t) => {
    const ways: [who: string, dial: (leg: Leg) => Promise<ReturnType<Phone['calls']>>][] = [
      ['on the group', async () => frank.calls('*95804')],
      ['without a number', async () => frank.calls('*95')],
      ['by number', async () => frank.calls('*95104')],
      ['by a key', async (leg) => frank.calls('104', { headers: { Replaces: await replacesAt('104', leg) } })],
    ];
    for (const [how, dial] of ways) {
      const call = alice.calls('804');
      const leg = await rings(eve);
      await call.rings();
      t.equal((await dave.calls('*95804').fails()).status, 403, 'a stranger has not');
      t.equal((await dave.calls('*95104').fails()).status, 403);
      const pickup = await dial(leg);
      t.match((await pickup.answered()).get('P-Asserted-Identity'), /100@acme/, how);
      await call.answered();
      t.same(reasons(await leg.stopsRinging()), elsewhere);
      await Promise.all([call.hangsUp(), pickup.isHungUp()]);
      t.same(await acme.everythingLeft(), []);
    }
    const own = alice.calls('104');
    const leg = await rings(eve);
    await own.rings();
    t.equal((await frank.calls('*95104').fails()).status, 403, 'her own calls are not the group’s');
    t.equal((await frank.calls('*95804').fails()).status, 480);
    await leg.declines();
    await own.fails();
  },
);

/** VoipNow's list of the calls of an extension, as soon as there is one. */
const listed = async (path: string) => {
  for (;;) {
    const { json } = await manager.ask(`GET ${path}`);
    if (json.totalResults !== 0) return json;
  }
};

t.test('a silent member, then an outside number: by program it is seen whose it is, and picked up', async (t) => {
  judy.misses(2, 'INVITE'); // Not even a 100 comes from her, until it is too late.
  const call = alice.calls('808');
  const leg = await trunk.isCalled();
  t.match(leg.request.uri, /^sip:\+4587654321@127\.0\.0\.89/);
  leg.rings();
  await call.rings();
  t.same(reasons(await (await rings(judy)).stopsRinging()), [], 'her turn is over before she hears of it');
  const { json } = await manager.ask('GET /v1/calls');
  t.match(json.calls, [{ target: { extension: '808' }, group: '808', ringsAt: [{ extension: '+4587654321' }] }]);
  const picked = await manager.ask('POST /v1/pickup', { group: '808', sendTo: '105' });
  t.equal(picked.status, 202);
  await (await rings(frank)).answers();
  t.match((await call.answered()).get('P-Asserted-Identity'), /105@acme/);
  t.same(reasons(await leg.stopsRinging()), elsewhere);
  await call.hangsUp();
  t.same(await acme.everythingLeft(), []);
});

t.test('a group in a group takes its turn at once, and one that leads back to itself rings nobody twice', async (t) => {
  const before = [dave, bob, carol].map(invited);
  const call = alice.calls('805');
  await (await rings(dave)).declines();
  const legs = await Promise.all([bob, carol].map(rings));
  await call.rings();
  t.equal((await eve.calls('*95809').fails()).status, 403);
  const { entry } = await listed('/uapi/phoneCalls/@me/102');
  t.match(entry, [{ phoneCallView: [{ id: '01', extension: '102', status: '3', destination: ['805'] }] }], 'VoipNow');
  const { json } = await manager.ask(`GET /pbx/group/${id('9')}`);
  const calls = await manager.ask(`GET /pbx/group/${id('9')}/member/${json.members[1]}/calls`);
  t.match(calls.json, [{ direction: 'INBOUND', state: 'RINGING', number: '100' }], 'TelecomX: by whom Carol is called');
  const pickup = frank.calls('*95809');
  await Promise.all([pickup.answered(), call.answered(), ...legs.map((leg) => leg.stopsRinging())]);
  t.same(
    [dave, bob, carol].map(invited).map((count, index) => count - (before[index] ?? 0)),
    [1, 1, 1],
  );
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('who is added to a group by program is rung by its next call', async (t) => {
  const member = `/pbx/group/${id('e')}/member/${id('4')}`;
  t.equal((await manager.ask(`PUT ${member}`)).status, 200);
  t.equal(
    (await manager.ask(`POST /pbx/group/${id('e')}`, { redirect: null, members: [id('4'), id('9')] })).status,
    200,
  );
  const shown = await manager.ask(`GET /pbx/group/${id('e')}?expandExtension=true`);
  t.match(shown.json.members, [{ number: '104' }, { _id: id('9'), number: '809', name: 'nested' }]);
  const nested = await manager.ask(`GET /pbx/group/${id('9')}`);
  const bobs = `/pbx/group/${id('e')}/member/${nested.json.members[0]}`;
  t.match(
    await manager.ask(`DELETE ${bobs}`),
    { status: 400, json: { field: 'extensionId' } },
    'he is in the other one',
  );
  t.match(await manager.ask(`DELETE /pbx/group/${id('9')}`), { status: 400, json: { field: 'groupId' } });
  const call = alice.calls('804');
  const legs = await Promise.all([bob, carol, dave, eve].map(rings));
  await legs[0]?.answers();
  await Promise.all([call.answered(), ...legs.slice(1).map((leg) => leg.stopsRinging())]);
  await Promise.all([call.hangsUp(), legs[0]?.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('startAudio: the caller hears it before anybody rings, and then who answers', async (t) => {
  await acme.says(({ msg }) => msg === 'media server connected', 15_000);
  const room = await hearing({ A: alice, B: bob });
  const before = invited(bob);
  const call = alice.calls('806');
  const progress = await call.rings();
  t.equal(progress.status, 183);
  await alice.hears(welcomeHz);
  const leg = await rings(bob);
  await leg.answers();
  t.equal((await call.answered()).body, progress.body, 'the 200 says what the 183 said');
  await room.exactly({ A: ['B'], B: ['A'] });
  await Promise.all([call.hangsUp(), leg.isHungUp()]);

  const impatient = alice.calls('807');
  await alice.hears(ownHz);
  t.equal((await frank.calls('*95807').fails()).status, 480, 'nothing rings yet');
  t.equal((await impatient.cancels()).status, 487);
  t.same(await acme.everythingLeft(), []);
  t.equal(invited(bob), before + 1, 'who hung up meanwhile has rung nobody');
});
