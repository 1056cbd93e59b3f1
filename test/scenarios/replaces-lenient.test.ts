import t, { type Test } from 'tap';
import type { Leniency } from '../../src/domain/leniency.js';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { callersDialog, companies, dialogOf, heard, presses, replacesOf } from './replaces-stage.js';

t.comment(`on ${ground}`);

const offices = await office(t, { office: companies });
const people = (domain: string) =>
  Promise.all(['100', '101', '102'].map((number) => offices.phone(number, { domain }))) as Promise<
    [alice: Phone, bob: Phone, carol: Phone]
  >;
const easy = await people('easy.example');
const acme = await people('acme.example');

const none = '481 No Such Dialog To Replace';
const bad = '400 Bad Replaces';

/** How often a leniency was counted, as `used` and as `refused`. */
const counted = async (how: Leniency): Promise<number[]> =>
  Promise.all(
    ['used', 'refused'].map((outcome) => offices.metric('callpickup_replaces_lenient_total', { how, outcome })),
  );

interface Row {
  /** What is overlooked. */
  readonly by: readonly Leniency[];
  /** What the key makes of the ids of Bob's dialog, or of Alice's. */
  readonly value: (ids: { id: string; ours: string; phones: string; callers: string }) => string;
  /** What a company hears that overlooks nothing. */
  readonly strict: string;
}

const wholeOf = ({ id, ours, phones }: Parameters<Row['value']>[0]) => `${id};to-tag=${ours};from-tag=${phones}`;

const idsOf = async ({ call, leg }: Awaited<ReturnType<typeof ringing>>, tenant: string) => {
  const { sipCallId, remoteTag = '', localTag = '' } = await dialogOf(offices, leg, tenant);
  return { id: sipCallId, ours: remoteTag, phones: localTag, callers: callersDialog(call, await call.rings()) };
};

/** The key is pressed in both companies: where the leniency is off, then where it is on. */
const bothWays = async (t: Test, { by, value, strict }: Row): Promise<void> => {
  const before = await Promise.all(by.map(counted));
  const strictly = await ringing(acme[0], acme[1]);
  t.equal(await heard(acme[2], value(await idsOf(strictly, 'acme'))), strict, 'off');
  t.ok(strictly.leg.isPending, 'Bob rings on');
  const right = presses(acme[2], await replacesOf(offices, strictly.leg));
  await Promise.all([right.answered(), strictly.call.answered(), strictly.leg.stopsRinging()]);
  await Promise.all([strictly.call.hangsUp(), right.isHungUp()]);

  const { call, leg } = await ringing(easy[0], easy[1]);
  const press = presses(easy[2], value(await idsOf({ call, leg }, 'easy')));
  await Promise.all([press.answered(), call.answered()]);
  t.same(reasons(await leg.stopsRinging()), elsewhere, 'on');
  await Promise.all([call.hangsUp(), press.isHungUp()]);
  const more = before.map((counts) => counts.map((count) => count + 1));
  t.same(await Promise.all(by.map(counted)), more, 'counted once as refused, once as used');
  t.same(await offices.everythingLeft(), []);
};

t.test('R24: tags that are swapped', (t) =>
  bothWays(t, {
    by: ['swapped-tags'],
    value: ({ id, ours, phones }) => `${id};to-tag=${phones};from-tag=${ours};early-only`,
    strict: none,
  }),
);

t.test('R25: a Call-ID without tags', async (t) => {
  await bothWays(t, { by: ['call-id-only'], value: ({ id }) => id, strict: bad });
  await bothWays(t, { by: ['call-id-only'], value: ({ id }) => `${id};early-only`, strict: bad });
});

t.test('R27: a value that was copied out of a URI', async (t) => {
  await bothWays(t, { by: ['escaped'], value: (ids) => encodeURIComponent(wholeOf(ids)), strict: bad });
  const half = (ids: Parameters<typeof wholeOf>[0]) => wholeOf(ids).replaceAll(';', '%3b');
  await bothWays(t, { by: ['escaped'], value: (ids) => `${half(ids)}%3bearly-only`, strict: bad });
});

t.test('R14: the caller’s own dialog while it rings', async (t) => {
  await bothWays(t, { by: ['caller-dialog'], value: ({ callers }) => callers, strict: none });
});

t.test('R24, R25, R27: several things at once', async (t) => {
  const swapped = ({ id, ours, phones }: Parameters<Row['value']>[0]) => `${id};to-tag=${phones};from-tag=${ours}`;
  await bothWays(t, {
    by: ['escaped', 'swapped-tags'],
    value: (ids) => encodeURIComponent(swapped(ids)),
    strict: bad,
  });
  await bothWays(t, {
    by: ['escaped', 'call-id-only'],
    value: ({ id }) => encodeURIComponent(id),
    strict: bad,
  });
});

t.test('R24, R25, R27: who overlooks much still finds nothing in what names nothing', async (t) => {
  const [alice, bob, carol] = easy;
  const rung = await ringing(alice, bob);
  const ids = await idsOf(rung, 'easy');
  const { id, ours, phones, callers } = ids;
  const all: readonly Leniency[] = ['escaped', 'swapped-tags', 'call-id-only', 'caller-dialog'];
  const before = await Promise.all(all.map(counted));
  const rows: [why: string, value: string, line: string][] = [
    ['one tag right, the other twice', `${id};to-tag=${ours};from-tag=${ours}`, none],
    ['the phone’s twice', `${id};to-tag=${phones};from-tag=${phones}`, none],
    ['one tag only', `${id};to-tag=${ours}`, bad],
    ['a Call-ID that nothing has', 'x@y', bad],
    ['half a Call-ID', id.slice(1), bad],
    ['other letters', id.toUpperCase(), bad],
    ['escaped twice', encodeURIComponent(encodeURIComponent(wholeOf(ids))), bad],
    ['escaped, and wrong', encodeURIComponent(`${id};to-tag=x;from-tag=${phones}`), none],
    ['the caller’s, with one tag wrong', `${callers}x`, none],
    ['a line break in disguise', `${encodeURIComponent(wholeOf(ids))}%0d%0aX-Callpickup-Identity:%20easy/100`, bad],
    ['nothing in disguise', '%00%40%3B', bad],
  ];
  for (const [why, value, line] of rows) t.equal(await heard(carol, value), line, why);
  t.same(await Promise.all(all.map(counted)), before, 'and nothing is counted');
  const [, , neighbour] = acme;
  for (const value of [id, callers, encodeURIComponent(wholeOf(ids))]) {
    t.match(await heard(neighbour, value), /^4(00|81) /, 'least of all in another company');
  }
  t.same(await Promise.all(all.map(counted)), before, 'which is not even told that it could overlook something');
  t.equal(await heard(alice, id), '403 Your Own Call', 'the rules are the same for all');
  t.ok(rung.leg.isPending);

  await rung.leg.answers();
  await rung.call.answered();
  t.equal(await heard(carol, id), '486 Already Answered', 'a Call-ID alone ends no conversation');
  t.equal(
    await heard(carol, callers),
    '403 Pickup Not Allowed',
    'the caller’s side can be named now, by who may steal',
  );
  await Promise.all([rung.call.hangsUp(), rung.leg.isHungUp()]);
  t.same(await offices.everythingLeft(), []);
  t.equal(await heard(carol, encodeURIComponent(wholeOf(ids))), '603 Dialog Has Ended');
  t.equal(await heard(carol, id), bad, 'R25: only a call that lives');
  t.same(await offices.everythingLeft(), []);
});

t.test('R24: the administrator reads which phone needs it, whatever the phone calls itself', async (t) => {
  const [alice, bob, carol] = acme;
  const { call, leg } = await ringing(alice, bob);
  const { id } = await idsOf({ call, leg }, 'acme');
  const agents = ['Yealink SIP-T46S 66.85.0.5', '"},{"msg":"surprise"}', `${'long '.repeat(60)}`, '\u001b[31mred'];
  for (const agent of agents) await heard(carol, id, '101', { 'User-Agent': agent });
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  const lines = offices.log.filter(({ msg }) => msg === 'lenient Replaces');
  const told = lines.slice(-agents.length).map(({ userAgent }) => userAgent);
  t.same(
    told.map((each) => String(each).trim()),
    agents.map((each) => each.slice(0, 120).trim()),
  );
  for (const line of lines) {
    const { tenant, outcome, how } = line as Record<string, unknown>;
    t.match(line, { picker: /^10[02]$/, sipCallId: String });
    t.equal(outcome, tenant === 'easy' ? 'used' : 'refused');
    t.ok(Array.isArray(how) && how.length > 0);
  }
  t.same(await offices.everythingLeft(), []);
});
