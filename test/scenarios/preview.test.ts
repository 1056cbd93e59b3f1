import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { waveOf } from '../support/linphone-sound.js';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import { phone } from '../support/phone.js';
import { raceBench } from '../support/race.js';
import { seed } from '../support/race-chance.js';
import { runPreviewed } from '../support/race-preview.js';
import { ground } from '../support/service.js';
import { twoInstances } from '../support/two-instances.js';
import { hearing } from '../support/who-hears-whom.js';

t.comment(`on ${ground}; SEED=${seed} runs the same races again`);

/** Nobody gets a call of acme by waiting; whoever looks at one of bell's has it after a second. */
const officesWith = (media: string) => `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    media: { previewSeconds: 60${media} }
    extensions: { "100": { name: Alice Adams }, "101": {}, "102": {}, "103": {} }
  bell:
    domains: [bell.example]
    media: { previewSeconds: 1 }
    extensions: { "100": {}, "101": {}, "102": {} }
`;

const connected = ({ msg }: { msg: string }): boolean => msg === 'media server connected';

/** What the operator has put in the place of one of our tones, in Hz. */
const [ownHz, sounds] = [1633, mkdtempSync(join(tmpdir(), 'callpickup-sounds-'))];
// The media server may be another user.
chmodSync(sounds, 0o755);
writeFileSync(join(sounds, 'refused-no-call.wav'), waveOf(ownHz));
t.teardown(() => rmSync(sounds, { recursive: true, force: true }));

t.test('one instance', async (t) => {
  const acme = await office(t, {
    office: officesWith(', prompts: true, announce: true'),
    env: { MEDIA_SOUNDS: sounds },
  });
  const [alice, bob] = [await acme.phone('100', { media: { laws: ['PCMU'] } }), await acme.phone('101')];
  const [carol, dora] = [await acme.phone('102', { media: { laws: ['PCMA'] } }), await acme.phone('103')];
  await acme.says(connected, 15_000);
  const room = await hearing({ A: alice, B: bob, C: carol });
  const pickups = (outcome: string) => acme.metric('callpickup_pickups_total', { kind: 'preview', outcome });
  const nothingIsLeft = async (t: Test) => t.same(await acme.everythingLeft(), []);

  t.test('who looks at a call hears that there is one; the key takes it, and the numbers are told', async (t) => {
    const { call, leg } = await ringing(alice, bob);
    const look = carol.calls('*94101');
    const shown = await look.rings();
    t.match(shown.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
    await carol.hears(780);
    t.equal(leg.state, 'early', 'Bob’s phone rings on');
    const announced = alice.rtp.watch(1336);
    await look.presses('1');
    const told = carol.hears(1336);
    t.equal((await look.answered()).body, shown.body, 'the 200 says what the 180 said');
    await told;
    t.equal(call.state, 'early', 'the caller hears it ring meanwhile');
    await call.answered();
    t.same(reasons(await leg.stopsRinging()), elsewhere);
    await room.exactly({ A: ['C'], C: ['A'] });
    t.ok(announced.stop() < 0.1, 'the caller heard no number');
    t.equal((await look.holds()).status, 200);
    t.equal((await look.resumes()).status, 200);
    await room.exactly({ A: ['C'], C: ['A'] });
    await Promise.all([look.hangsUp(), call.isHungUp()]);
    await nothingIsLeft(t);
    t.equal(await pickups('answered'), 1);
  });

  t.test('two look: who hangs up leaves it ringing; Bob answers, and the other hears so', async (t) => {
    const { call, leg } = await ringing(alice, bob);
    const [one, two] = [carol.calls('*94101'), dora.calls('*94101')];
    await dora.rtp.open();
    await Promise.all([one.rings(), two.rings()]);
    t.equal((await one.cancels()).status, 487);
    t.equal(leg.state, 'early', 'Bob’s phone rings on');
    await leg.answers();
    await dora.hears(830);
    t.equal((await two.fails()).startLine, 'SIP/2.0 486 Picked Up By Another');
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
    await nothingIsLeft(t);
    t.same([await pickups('picker_gone'), await pickups('lost_race')], [1, 1]);
  });

  t.test('who is refused a pickup hears why: our tone, or the operator’s file', async (t) => {
    const unknown = carol.calls('*95999');
    t.ok((await unknown.rings()).body, 'early media');
    await carol.hears(425);
    t.equal((await unknown.fails()).startLine, 'SIP/2.0 404 No Such Extension');
    const pickup = carol.calls('*95101');
    await pickup.rings();
    await carol.hears(ownHz);
    t.equal((await pickup.cancels()).status, 487, 'who hangs up meanwhile need not listen to the end');
    await nothingIsLeft(t);
  });

  t.test('who makes no offer sees the caller; who stays has the call', async (t) => {
    const [zoe, yves, xena] = [
      await acme.phone('100', { domain: 'bell.example' }),
      await acme.phone('101', { domain: 'bell.example' }),
      await acme.phone('102', { domain: 'bell.example' }),
    ];
    const { call, leg } = await ringing(zoe, yves);
    const look = xena.calls('*94101', { sdp: null });
    const shown = await look.rings();
    t.match(shown.get('P-Asserted-Identity'), /<sip:100@bell.example>/);
    t.equal(shown.body, '', 'nothing to hear');
    t.equal(leg.state, 'early');
    await Promise.all([look.answered(), call.answered(), leg.stopsRinging()]);
    const bells = await hearing({ Z: zoe, X: xena });
    await bells.exactly({ Z: ['X'], X: ['Z'] });
    await Promise.all([look.hangsUp(), call.isHungUp()]);

    const second = await ringing(zoe, yves);
    const again = xena.calls('*94101', { sdp: null });
    await again.rings();
    await again.presses('1', { by: 'info' });
    await Promise.all([again.answered(), second.call.answered(), second.leg.stopsRinging()]);
    await Promise.all([again.hangsUp(), second.call.isHungUp()]);
    await nothingIsLeft(t);
  });
});

t.test('a call that another instance holds', async (t) => {
  const [one, other] = await twoInstances(t, { office: officesWith(''), env: { DRAIN_TIMEOUT_SECONDS: '60' } });
  const plug = async (number: string, { sip }: typeof one, law: 'PCMU' | 'PCMA') => {
    const made = await phone(t, { number, server: sip, media: { laws: [law] } });
    await made.registers();
    return made;
  };
  const [alice, bob] = [await plug('100', one, 'PCMU'), await plug('101', one, 'PCMU')];
  const carol = await plug('102', other, 'PCMA');
  await Promise.all([one.says(connected, 15_000), other.says(connected, 15_000)]);
  const room = await hearing({ A: alice, C: carol });
  const both = { A: ['C'], C: ['A'] } as const;
  const left = async (...instances: (typeof one)[]) => [
    ...(await Promise.all(instances.map((each) => each.leftovers()))).flat(),
    ...[alice, bob, carol].flatMap((each) => each.unfinished()),
  ];
  const lookedAt = async () => {
    const { call, leg } = await ringing(alice, bob);
    const look = carol.calls('*94101');
    return { call, leg, look, shown: await look.rings() };
  };

  t.test('is taken through two endpoints of the picker’s instance, and stays on them', async (t) => {
    const { call, leg, look, shown } = await lookedAt();
    t.match(shown.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
    await carol.hears(780);
    await look.presses('1');
    const [picked] = await Promise.all([look.answered(), call.answered(), leg.stopsRinging()]);
    t.equal(picked.body, shown.body, 'the 200 says what the 180 said');
    await room.exactly(both);
    for (const side of [look, call]) {
      t.equal((await side.holds()).status, 200);
      t.equal((await side.resumes()).status, 200);
    }
    await room.exactly(both);
    await Promise.all([call.hangsUp(), look.isHungUp()]);
    t.same(await left(one, other), []);
  });

  t.test('ends there, and who looks at it hears so', async (t) => {
    const first = await lookedAt();
    await first.call.cancels();
    t.equal((await first.look.fails()).startLine, 'SIP/2.0 480 Caller Has Hung Up');
    const second = await lookedAt();
    await second.leg.answers();
    t.equal((await second.look.fails()).startLine, 'SIP/2.0 486 Picked Up By Another');
    await Promise.all([second.call.hangsUp(), second.leg.isHungUp()]);
    t.same(await left(one, other), []);
  });

  t.test('an instance that stops waits for who looks, and for the call that was taken', async (t) => {
    const { call, leg, look } = await lookedAt();
    const stopped = other.stops();
    await other.says(({ msg }) => msg === 'draining');
    await look.presses('1');
    await Promise.all([look.answered(), call.answered(), leg.stopsRinging()]);
    await room.exactly(both);
    await Promise.all([call.hangsUp(), look.isHungUp()]);
    t.equal(await stopped, 0);
    t.same(await left(one), []);
  });
});

t.test('the key, the callee, a colleague and the end of the call at the same moment: one has it', async (t) => {
  const bench = await raceBench(t, { lanes: 6 });
  const { line, notZero } = await runPreviewed(bench, 'previews', 30);
  t.comment(line);
  t.same(notZero, [], 'the zero table');
});
