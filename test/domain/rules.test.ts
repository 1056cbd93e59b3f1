import './reach-rows.js';
import t from 'tap';
import { after, type CallEvent, type CallState, callStates } from '../../src/domain/call.js';
import { bestFailure } from '../../src/domain/final-response.js';
import { type Extension, readExtension, readTenantId } from '../../src/domain/names.js';
import { domainOf, tenantOfDomain } from '../../src/domain/office.js';
import { outcomeOf, pickupOutcomes, refusals } from '../../src/domain/outcome.js';
import { decide, reachOf } from '../../src/domain/policy.js';
import { acme, alice, bob, carol, dave, number, officeOf, tenant } from './acme.js';

/** An extension as the target of an ask. */
const extension = (of: Extension) => ({ kind: 'extension', number: of }) as const;

t.test('the life of a call: every state meets every event', async (t) => {
  const rows: Record<CallState, Partial<Record<CallEvent, CallState>>> = {
    trying: { rang: 'ringing', answered: 'connected', ended: 'ended' },
    ringing: { rang: 'ringing', claimed: 'claimed', answered: 'connected', ended: 'ended' },
    claimed: { released: 'ringing', picked: 'connected', ended: 'ended' },
    connected: { ended: 'ended' },
    ended: {},
  };
  const events: CallEvent[] = ['rang', 'claimed', 'released', 'picked', 'answered', 'ended'];
  t.same([...callStates].sort(), Object.keys(rows).sort());
  for (const state of callStates) {
    for (const event of events) t.equal(after(state, event), rows[state][event], `${event} while ${state}`);
  }
});

t.test('only names become part of keys', async (t) => {
  for (const name of ['acme', 'a', '9-lives', 'x'.repeat(63)]) t.equal(readTenantId(name), name);
  const hostile = ['', '*', '{acme}', 'acme}:x', 'a:b', 'a b', 'acme\n', '\nacme', '__proto__', 'Acme', 'ä', 'x\u0000'];
  for (const name of [...hostile, '-acme', 'x'.repeat(64), 'x'.repeat(65_536)]) {
    t.equal(readTenantId(name), undefined, JSON.stringify(name.slice(0, 20)));
  }
  for (const name of ['101', '+4930', 'a.b_c-D', '__proto__', 'constructor', 'x'.repeat(64)]) {
    t.equal(readExtension(name), name);
  }
  for (const name of [
    '',
    '*95',
    '1#',
    '1:2',
    '{1}',
    '1\n',
    '1 2',
    '1/2',
    '1%32',
    '𝟙',
    'x'.repeat(65),
    'x'.repeat(65_536),
  ]) {
    t.equal(readExtension(name), undefined, JSON.stringify(name.slice(0, 20)));
  }
});

t.test('directed pickup: whoever names an extension of the tenant', async (t) => {
  const reach = (picker: string, extension: string) =>
    reachOf(acme, number(picker), { by: 'number', extension: number(extension) });
  t.same(reach(carol, bob), { ok: true, extensions: [bob] }, 'a colleague of the same group');
  t.same(reach(dave, bob), { ok: true, extensions: [bob] }, 'a colleague of another group');
  t.same(reach(dave, '999'), { ok: false, refusal: 'unknown-extension' });
  t.same(reach(dave, 'constructor'), { ok: false, refusal: 'unknown-extension' });
  const other = tenant('other', { extensions: new Map() });
  t.same(
    reachOf(other, carol, { by: 'number', extension: bob }),
    { ok: false, refusal: 'unknown-extension' },
    "another tenant's extension is as unknown as one that nobody has",
  );
  t.same(decide({ tenant: acme, picker: dave, act: 'pickup', target: extension(bob), by: 'number' }), {
    ok: true,
    grant: { model: 'call-control', rule: 'pickup_all' },
  });
});

t.test('group pickup: within the groups of the picker, all taken together', async (t) => {
  const reach = (groups: Record<string, string[]>, picker = carol) => {
    const pickupGroups = Object.entries(groups).map(([name, members], id) => ({
      id,
      name,
      members: members.map(number),
    }));
    return reachOf(tenant('acme', { pickupGroups }), picker, { by: 'group' });
  };
  const none = { ok: false, refusal: 'no-group' };
  t.same(reach({ sales: [alice, bob, carol] }), { ok: true, extensions: [alice, bob] }, 'colleagues, not oneself');
  t.same(reach({ sales: [bob, carol], presales: [dave] }), { ok: true, extensions: [bob] }, 'groups are not prefixes');
  t.same(reach({ presales: [bob], sales: [carol] }), none, 'sharing part of a name is sharing nothing');
  t.same(reach({ sales: ['1011', '10', carol] }), none, 'a number that contains a colleague is nobody');
  t.same(reach({ sales: ['1020', '0102'] }), none, 'numbers that contain the picker are not the picker');
  t.same(
    reach({ a: [bob, carol], b: [carol, dave], c: [bob, carol] }),
    { ok: true, extensions: [bob, dave] },
    'once each',
  );
  t.same(reach({ a: [carol, bob], b: [bob, dave] }), { ok: true, extensions: [bob] }, "not a colleague's other groups");
  t.same(reach({ empty: [] }), none, 'an empty group matches nobody');
  t.same(reach({ '': [''] }), none, 'an empty name in an empty group matches nobody');
  t.same(reach({}), none);
  t.same(reach({ alone: [carol] }), none, 'who is alone in a group has no colleague');
  const asked = { tenant: acme, act: 'pickup', by: 'group' } as const;
  t.same(
    decide({ ...asked, picker: carol, target: extension(bob) }),
    { ok: true, grant: { model: 'pickup-group', rule: 'shared', group: 'sales' } },
    'the grant says why',
  );
  for (const [picker, target] of [
    ['10', '101'],
    ['100', '01'],
    ['00,10', '101'],
    ['', ''],
  ] as const) {
    t.same(
      decide({ ...asked, picker: number(picker), target: extension(number(target)) }),
      { ok: false, refusal: 'unknown-extension' },
      `"${picker}" for "${target}": a part of a number is another number`,
    );
  }
  t.same(
    decide({ ...asked, picker: dave, target: extension(bob) }),
    { ok: false, refusal: 'no-group' },
    'who is alone in his group has nobody to pick up for',
  );
  const both = tenant('acme', {
    pickupGroups: [
      { id: 1, name: 'sales', members: [alice, bob] },
      { id: 2, name: 'support', members: [carol, dave] },
    ],
  });
  t.same(
    decide({ ...asked, tenant: both, picker: dave, target: extension(bob) }),
    { ok: false, refusal: 'not-allowed' },
    'silence refuses',
  );
});

t.test('tenants are found by the whole of a domain', async (t) => {
  const office = officeOf(acme, tenant('other'), tenant('bare', { domains: [] }));
  t.equal(tenantOfDomain(office, 'ACME.example')?.id, 'acme', 'without regard to case');
  for (const host of ['xacme.example', 'acme.example.org', 'acme', '', '.example']) {
    t.equal(tenantOfDomain(office, host), undefined, host);
  }
  t.equal(domainOf(acme), 'acme.example');
  t.equal(domainOf(tenant('bare', { domains: [] })), 'bare.invalid', 'RFC 2606: never a domain of somebody else');
});

t.test('every refusal counts as an outcome', async (t) => {
  for (const refusal of refusals) t.ok(pickupOutcomes.includes(outcomeOf(refusal)), refusal);
  t.equal(new Set(pickupOutcomes).size, pickupOutcomes.length, 'each outcome once');
  t.ok(pickupOutcomes.includes('answered'));
  t.match(
    ['no-call', 'lost-race', 'own-call', 'caller-gone', 'draining', 'store-unreachable'].map((no) =>
      outcomeOf(no as (typeof refusals)[number]),
    ),
    ['no_call', 'lost_race', 'not_allowed', 'caller_gone', 'draining', 'error'],
  );
});

t.test('what the caller hears when every phone said no', async (t) => {
  const heard = (...statuses: number[]) => bestFailure(statuses.map((status) => ({ status }))).status;
  const rows: [phones: number[], caller: number, why: string][] = [
    [[], 480, 'no phone at all'],
    [[486], 486, 'busy is busy'],
    [[480, 486], 486, 'a busy phone says more than one that is not there'],
    [[404, 486], 486, 'and more than one that does not know the number'],
    [[500, 404], 404, 'the lowest class wins'],
    [[486, 603], 603, 'a 6xx ends all'],
    [[600, 486], 600, 'a 6xx ends all, in any order'],
    [[401], 480, "a phone's challenge is never the caller's"],
    [[407, 486], 486, "nor a proxy's"],
    [[302], 480, 'a redirection is not followed'],
    [[487], 480, 'our own CANCEL came back'],
    [[408], 480, 'a phone that did not answer is not there'],
    [[503, 503], 480, 'a phone that cannot is not there'],
    [[422], 480, 'our INVITE was too short-lived for it'],
    [[408, 488], 488, 'one that said why says more'],
  ];
  for (const [phones, caller, why] of rows) {
    t.equal(heard(...phones), caller, why);
    t.equal(heard(...phones.toReversed()), caller, `${why}, whoever answered first`);
  }
  t.same(bestFailure([{ status: 486, reason: 'On The Line' }]), { status: 486, reason: 'On The Line' });
});
