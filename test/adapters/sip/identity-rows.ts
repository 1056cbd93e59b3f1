import t from 'tap';
import { makeDigest } from '../../../src/adapters/sip/digest.js';
import { identityHeader, makeIdentify, type Sender } from '../../../src/adapters/sip/identity.js';
import type { Extension } from '../../../src/domain/names.js';
import { acme, bob, carol, officeOf, tenant } from '../../domain/acme.js';
import { credentialsFor } from './digest-rows.js';
import { hostile, isOneLine, label } from './hostile.js';
import { inviteOf, requestOf } from './request.js';

const edge = '192.0.2.1';
const stranger = '192.0.2.66';
const digest = makeDigest('a secret of this test');
const office = officeOf(acme, tenant('other'));
const deps = { office: () => office, digest, trustedEdges: [edge, '2001:db8::/32', '198.51.100.0/24'] };
const byDigest = makeIdentify({ ...deps, auth: 'digest' });
const byNothing = makeIdentify({ ...deps, auth: 'none' });

const who = (sender: Sender): string => {
  if (sender.kind === 'extension') return `${sender.tenant.id}/${sender.extension}`;
  return sender.kind === 'outside' ? `outside of ${sender.tenant.id}` : sender.kind;
};

/** An INVITE through the edge with these lines in it, in this order. */
const throughEdge = (...lines: string[]): string =>
  who(
    byDigest(requestOf(['INVITE sip:101@acme.example SIP/2.0', 'From: <sip:103@acme.example>;tag=1', ...lines], edge)),
  );

t.test('the edge says who it is, by one header', async (t) => {
  t.equal(throughEdge(`${identityHeader}: acme/102`), 'acme/102');
  t.equal(throughEdge(`${identityHeader}: other/102`), 'other/102', 'whatever domain the phone asked for');
  t.equal(throughEdge(), 'outside of acme', 'without it, From is not believed');
  const wrong = [
    'acme',
    'acme/',
    '/102',
    'acme/102/x',
    'acme/999',
    'nobody/102',
    'ACME/102',
    'acme/102 ',
    'acme /102',
    'acme/102, acme/101',
    'acme/102,other/102',
    '"acme/102"',
    'acme/102;x',
    'acme%2F102',
    '',
    ' ',
    'acme/__proto__',
    '__proto__/102',
    'constructor/name',
  ];
  for (const value of wrong) t.equal(throughEdge(`${identityHeader}: ${value}`), 'forbidden', value);
  for (const value of hostile.filter(isOneLine))
    t.equal(throughEdge(`${identityHeader}: acme/${value}`), 'forbidden', label(value));
  for (const source of ['2001:db8::5', '198.51.100.255']) {
    t.equal(who(byDigest(inviteOf({ [identityHeader]: 'acme/102' }, { source }))), 'acme/102', source);
  }
});

t.test('V15: no header of a phone can pass for the one of the edge', async (t) => {
  const own = `${identityHeader}: acme/102`;
  const spellings = [
    identityHeader,
    identityHeader.toLowerCase(),
    identityHeader.toUpperCase(),
    `%58${identityHeader.slice(1)}`,
    `x%2Dcallpickup-identity`,
    'X-Callpickup-%49dentity',
    '%58%2d%43allpickup%2DIdentit%79',
  ];
  for (const name of spellings) {
    for (const lines of [
      [`${name}: acme/100`, own],
      [own, `${name}: acme/100`],
    ]) {
      const sender = throughEdge(...lines);
      t.ok(sender === 'forbidden' || sender === 'acme/102', `${name} beside the edge's: ${sender}`);
    }
    if (name === identityHeader) continue;
    const alone = throughEdge(`${name}: acme/100`);
    t.ok(alone === 'forbidden' || alone.startsWith('outside'), `${name} alone: ${alone}`);
  }
  t.equal(throughEdge(own, own), 'forbidden', 'twice the same is once too often');
  t.equal(throughEdge(`X-Other: a\r\n ${own}`), 'outside of acme', 'a folded line is part of the one before');
});

t.test('V15: any byte before the colon: nobody, or the one the edge named', async (t) => {
  for (let byte = 0; byte < 256; byte += 1) {
    if (byte === 0x0d || byte === 0x0a) continue;
    const character = String.fromCharCode(byte);
    const line = `${identityHeader}${character}: acme/100`;
    const attempt = (...lines: string[]): string => {
      try {
        return throughEdge(...lines);
      } catch {
        return 'not a message';
      }
    };
    const beside = attempt(line, `${identityHeader}: acme/102`);
    if (!['acme/102', 'forbidden', 'not a message', 'outside of acme'].includes(beside))
      t.fail(`byte ${byte}: ${beside}`);
  }
  t.pass('256 of them');
});

t.test('V28: an unknown source with every header set is still unknown', async (t) => {
  const claims = {
    From: '<sip:102@acme.example>;tag=1',
    [identityHeader]: 'acme/102',
    'P-Asserted-Identity': '<sip:102@acme.example>',
    'P-Preferred-Identity': '<sip:102@acme.example>',
    'Remote-Party-ID': '<sip:102@acme.example>',
    'X-Forwarded-For': edge,
    'User-Agent': 'edge',
    Via: `SIP/2.0/UDP ${edge};branch=z9hG4bK1;received=${edge}`,
    'Record-Route': `<sip:${edge};lr>`,
    Contact: `<sip:102@${edge}>`,
  };
  t.equal(who(byDigest(inviteOf(claims, { source: stranger }))), 'challenge');
  t.equal(
    who(byNothing(inviteOf(claims, { source: stranger }))),
    'forbidden',
    'without digest only loopback is served',
  );
  for (const source of ['192.0.2.2', '198.51.101.0', '::ffff:192.0.2.66', '2001:db9::1', '::', '0.0.0.0', '']) {
    const sender = who(byDigest(inviteOf(claims, { source })));
    t.not(sender, 'acme/102', source);
  }
});

t.test('digest: From is never believed, the password is', async (t) => {
  const challenged = byDigest(inviteOf({}, { source: stranger }));
  t.equal(challenged.kind, 'challenge');
  const challenge = challenged.kind === 'challenge' ? challenged.value : '';
  const answer = (Authorization: string, uri?: string) =>
    byDigest(
      inviteOf({ From: '<sip:100@acme.example>;tag=1', Authorization }, { source: stranger, ...(uri && { uri }) }),
    );
  t.equal(who(answer(credentialsFor(challenge))), 'acme/102', 'though From says 100');
  const wrong = answer(credentialsFor(challenge, { password: 'guess' }));
  const nobody = answer(credentialsFor(challenge, { user: '999' }));
  t.equal(wrong.kind, 'forbidden');
  t.same(nobody, wrong, 'V29: a number that nobody has is answered like a wrong password');
  t.equal(who(answer(credentialsFor(challenge, { user: '__proto__', password: 'undefined' }))), 'forbidden');
  t.equal(
    who(answer(credentialsFor(challenge), 'sip:101@other.example')),
    'challenge',
    "another tenant's realm is asked for anew",
  );
  t.equal(who(answer('Basic x')), 'challenge');
  t.match(answer(credentialsFor('Digest realm="acme.example", nonce="old"')), {
    kind: 'challenge',
    value: /stale=true/,
  });

  const keyless = makeIdentify({
    ...deps,
    auth: 'digest',
    office: () => officeOf(tenant('acme', { extensions: new Map() })),
  });
  t.equal(who(keyless(inviteOf({ Authorization: credentialsFor(challenge) }, { source: stranger }))), 'forbidden');
});

t.test('none: From counts, on loopback only', async (t) => {
  const from = (uri: string, source = '127.0.0.1') =>
    who(byNothing(inviteOf({ From: `<${uri}>;tag=1` }, { source, uri: 'sip:101@127.0.0.1' })));
  t.equal(from('sip:102@127.0.0.1'), 'acme/102');
  t.equal(from('sip:102@anywhere.example', '127.255.255.254'), 'acme/102');
  t.equal(from('sip:102@x', '::1'), 'acme/102');
  t.equal(from('sip:999@x'), 'outside of acme');
  t.equal(from('sip:%00@x'), 'outside of acme');
  t.equal(from('sip:102@x', '128.0.0.1'), 'forbidden');
  const homeless = makeIdentify({ ...deps, auth: 'none', office: () => ({ ...office, defaultTenant: undefined }) });
  t.equal(
    who(homeless(inviteOf({}, { source: '127.0.0.1', uri: 'sip:101@nowhere.example' }))),
    'forbidden',
    'no tenant',
  );
});

t.test('the office as it is now: who is taken out is nobody from then on', async (t) => {
  let now = office;
  const identify = makeIdentify({ ...deps, auth: 'none', office: () => now });
  const sender = () => who(identify(inviteOf({ From: '<sip:102@x>;tag=1' }, { source: '127.0.0.1' })));
  const edgeSays = () => who(identify(inviteOf({ [identityHeader]: 'acme/102' }, { source: edge })));
  t.same([sender(), edgeSays()], ['acme/102', 'acme/102']);
  now = officeOf(tenant('acme', { extensions: new Map() }));
  t.same([sender(), edgeSays()], ['outside of acme', 'forbidden']);
  now = officeOf(tenant('other'));
  t.same([sender(), edgeSays()], ['other/102', 'forbidden'], 'a company that is gone has no extension');
});

t.test('a phone proves its account; whose it is at present, the company says', async (t) => {
  const entryWith = (own: Extension, changedWith: Extension) => {
    const entry = acme.extensions.get(own);
    return entry ? ([[own, { ...entry, changedWith }]] as const) : [];
  };
  const extensions = new Map([...acme.extensions, ...entryWith(bob, carol), ...entryWith(carol, bob)]);
  const changed = { ...deps, office: () => officeOf(tenant('acme', { extensions })) };
  const [digested, believed] = [
    makeIdentify({ ...changed, auth: 'digest' }),
    makeIdentify({ ...changed, auth: 'none' }),
  ];
  const asked = digested(inviteOf({}, { source: stranger }));
  const Authorization = credentialsFor(asked.kind === 'challenge' ? asked.value : '');
  const ways = {
    'by an edge': digested(inviteOf({ [identityHeader]: 'acme/102' }, { source: edge })),
    'by digest': digested(inviteOf({ Authorization }, { source: stranger })),
    'by From': believed(inviteOf({ From: '<sip:102@acme.example>;tag=1' }, { source: '127.0.0.1' })),
  };
  for (const [way, sender] of Object.entries(ways)) {
    t.match(sender, { kind: 'extension', extension: bob, number: carol }, way);
  }
  const own = digested(inviteOf({ [identityHeader]: 'acme/103' }, { source: edge }));
  t.equal('number' in own, false, 'who has the own phone has one number');
});
