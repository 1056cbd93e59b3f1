import t from 'tap';
import { office, ringing } from '../support/office.js';
import { ground } from '../support/service.js';
import { hearEachOther, joinedBy, lineOf, pickUp, type Row, seenIn } from './anchored-pickup-table.js';
import { webrtcPickups, webrtcRefused } from './anchored-pickup-webrtc.js';

t.comment(`on ${ground}`);

/** Two companies with the same numbers: who calls the second one hears the ringing tone of the media server. */
const extensions = Array.from({ length: 60 }, (_, index) => `"${100 + index}": {}`).join(', ');
const offices = `
sipAuth: none
tenants:
  acme: { default: true, domains: [acme.example], extensions: { ${extensions} } }
  bell: { domains: [bell.example], media: { ringback: server }, extensions: { ${extensions} } }
`;

const bell = 'bell.example';
const mu = ['PCMU'] as const;
const a = ['PCMA'] as const;

const rows: readonly Row[] = [
  { caller: {}, picker: {}, joined: 'directly' },
  { caller: { laws: mu }, picker: { laws: a }, joined: 'by the media server' },
  { caller: { laws: a, transport: 'tcp' }, picker: { laws: mu }, joined: 'by the media server' },
  { caller: { laws: mu, transport: 'tcp' }, picker: { laws: a, transport: 'tcp' }, joined: 'by the media server' },
  { caller: { srtp: 'must' }, picker: {}, joined: 'by the media server' },
  { caller: {}, picker: { srtp: 'must' }, joined: 'by the media server' },
  // Their keys would be told aloud over UDP (RFC 4568 section 7), and to both.
  { caller: { srtp: 'must' }, picker: { srtp: 'must' }, joined: 'by the media server' },
  { caller: { events: 96 }, picker: { events: 101 }, joined: 'by the media server' },
  { caller: { laws: a, events: 101 }, picker: { laws: a, events: 127 }, joined: 'by the media server' },
  { caller: { isDelayed: true }, picker: {}, joined: 'directly' },
  { caller: {}, picker: { isDelayed: true }, joined: 'directly' },
  { caller: { isDelayed: true }, picker: { isDelayed: true }, joined: 'by the media server' },
  { caller: { laws: mu, isDelayed: true }, picker: { laws: a, isDelayed: true }, joined: 'by the media server' },
  { caller: {}, picker: {}, early: true, joined: 'directly' },
  { caller: { laws: mu }, picker: { laws: a }, early: true, joined: 'by the media server' },
  { caller: {}, picker: {}, domain: bell, joined: 'directly' },
  { caller: { laws: mu }, picker: { laws: a }, domain: bell, joined: 'by the media server' },
  { caller: { srtp: 'must' }, picker: { isDelayed: true }, domain: bell, joined: 'by the media server' },
];

// One service at a time: those on one real drachtio-server would share its calls.
t.test('MEDIA=auto', async (t) => {
  const acme = await office(t, { office: offices });
  await acme.says(({ msg }) => msg === 'media server connected', 15_000);

  t.test('pickups of every kind: each hears the other, and understands its keys', async (t) => {
    const all = await Promise.all(rows.map((row, index) => pickUp(acme, row, 100 + 3 * index)));
    t.comment(`${'caller'.padEnd(28)} ${'picker'.padEnd(28)} joined`);
    const seen = await Promise.all(all.map((picked, index) => seenIn(picked, rows[index]?.joined)));
    for (const [index, row] of rows.entries()) {
      const name = lineOf(row);
      t.comment(name);
      t.same(seen[index], { joined: row.joined, hears: 'each the other', keys: '# 5' }, name);
    }
    for (const [index, { call, shown }] of all.entries()) {
      if (rows[index]?.domain !== bell) t.equal(shown.body, '', 'no early media but the media server’s');
      else t.equal((await call.answered()).body, shown.body, 'the 200 says what the 180 said');
    }
    const anchored = rows.filter(({ joined }) => joined === 'by the media server').length;
    t.equal(await acme.metric('callpickup_anchored_calls'), anchored);
    await Promise.all(all.flatMap(({ call, pickup }) => [call.hangsUp(), pickup.isHungUp()]));
    t.same(await acme.everythingLeft(), []);
  });

  t.test('hold and resume through the media server', async (t) => {
    const picked = await pickUp(
      acme,
      { caller: { laws: mu }, picker: { laws: a }, joined: 'by the media server' },
      100,
    );
    t.equal((await picked.pickup.holds()).status, 200);
    t.equal((await picked.pickup.resumes()).status, 200);
    await hearEachOther(picked);
    await Promise.all([picked.call.hangsUp(), picked.pickup.isHungUp()]);
    t.same(await acme.everythingLeft(), []);
  });

  if (process.env.FREESWITCH_HOST) {
    t.test('a browser calls, and a browser picks up', (t) => webrtcPickups(t, acme));
  } else {
    t.comment('pickups by browsers (ICE, DTLS) need a real FreeSWITCH, and are not run: FREESWITCH_HOST is not set');
    t.test('the embedded media server refuses a browser’s offer by name', (t) => webrtcRefused(t, acme));
  }
});

t.test('MEDIA=never: what cannot be crossed is refused by name, and the call rings on', async (t) => {
  const plain = await office(t, { env: { MEDIA: 'never' } });
  const alice = await plain.phone('100', { media: { laws: mu } });
  const bob = await plain.phone('101');
  const carol = await plain.phone('102', { media: { laws: a } });
  const { call, leg } = await ringing(alice, bob);
  const refused = await carol.calls('*95101').fails();
  t.equal(refused.status, 488);
  t.match(refused.get('Warning'), /No common media/);
  t.ok(leg.isPending, 'Bob’s phone rings on');
  carol.sets({});
  const pickup = carol.calls('*95101');
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  await hearEachOther({ alice, carol });
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  const again = alice.calls('101', { sdp: null });
  const still = await bob.isCalled();
  still.rings();
  await again.rings();
  t.equal((await carol.calls('*95101', { sdp: null }).fails()).status, 488, 'nobody makes an offer');
  t.ok(still.isPending);
  await again.cancels();
  t.same(await plain.everythingLeft(), []);
});

t.test('MEDIA=always: also what could be crossed goes through the media server, and stays there', async (t) => {
  const always = await office(t, { env: { MEDIA: 'always' } });
  await always.says(({ msg }) => msg === 'media server connected', 15_000);
  const picked = await pickUp(always, { caller: {}, picker: {}, joined: 'by the media server' }, 100);
  t.equal(joinedBy(picked), 'by the media server');
  await hearEachOther(picked);
  t.equal(joinedBy(picked), 'by the media server');
  t.equal(await always.metric('callpickup_anchored_calls'), 1);
  await Promise.all([picked.call.hangsUp(), picked.pickup.isHungUp()]);
  t.same(await always.everythingLeft(), []);
});
