import t from 'tap';
import {
  assertedIdentity,
  capabilities,
  fromHeader,
  isHeaderSafe,
  passedHeaders,
  quoted,
  uriUser,
} from '../../../src/adapters/sip/headers.js';
import { reasonHeaders } from '../../../src/adapters/sip/reasons.js';
import { newSession } from '../../../src/adapters/sip/session.js';
import { Srf } from '../../../src/adapters/sip/srf.js';
import type { Party } from '../../../src/flows/ports.js';
import { hostile, isOneLine, label } from './hostile.js';

const party = (changes: Partial<Party> = {}): Party => ({
  name: 'Alice Adams',
  number: '100',
  domain: 'acme.example',
  private: false,
  ...changes,
});

/** What is left of a quoted string when its quotes and escapes are read as RFC 3261 25.1 says. */
const unquoted = (text: string): string | undefined =>
  /^"((?:[^"\\]|\\.)*)"$/s.exec(text)?.[1]?.replace(/\\(.)/gs, '$1');

t.test('V16: no text makes a header line of its own', async (t) => {
  for (const text of hostile) {
    const what = label(text);
    t.equal(isHeaderSafe(text), isOneLine(text), what);
    t.ok(isOneLine(quoted(text)), what);
    const kept = [...text].filter((character) => isOneLine(character)).join('');
    t.equal(unquoted(quoted(text)), kept, `${what} is read back as it was, without control characters`);
    for (const header of [
      fromHeader(party({ name: text })),
      assertedIdentity(party({ name: text }))['P-Asserted-Identity'] ?? '',
    ]) {
      t.ok(isOneLine(header), what);
      t.match(header.endsWith('<sip:100@acme.example>'), true, `${what} does not hide the URI`);
    }
  }
});

t.test('a number in a URI stays one user part', async (t) => {
  for (const text of hostile) {
    const user = t.doesNotThrow(() => uriUser(text), label(text)) ? uriUser(text) : '';
    t.match(user, /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-F]{2})*$/, label(text));
    if (user) t.equal(Srf.parseUri(`sip:${user}@acme.example`)?.host, 'acme.example');
  }
  t.equal(uriUser('*95101'), '*95101');
  t.equal(uriUser('+4930'), '+4930');
  t.equal(uriUser('a@b:c#d"'), 'a%40b%3Ac%23d%22');
  t.equal(uriUser('ä'), '%C3%A4');
});

t.test('who the other end is told about', async (t) => {
  t.equal(fromHeader(party()), '"Alice Adams" <sip:100@acme.example>');
  t.same(assertedIdentity(party()), { 'P-Asserted-Identity': '"Alice Adams" <sip:100@acme.example>' });
  t.same(assertedIdentity(party({ name: '' })), { 'P-Asserted-Identity': '<sip:100@acme.example>' });
  t.same(assertedIdentity(party({ name: '', number: '' })), {}, 'nothing is asserted of nobody');
  const hidden = party({ private: true });
  t.equal(fromHeader(hidden), '"Anonymous" <sip:anonymous@anonymous.invalid>', 'RFC 3323 4.1');
  t.same(assertedIdentity(hidden), {
    'P-Asserted-Identity': '"Anonymous" <sip:anonymous@anonymous.invalid>',
    Privacy: 'id',
  });
  t.notMatch(JSON.stringify([fromHeader(hidden), assertedIdentity(hidden)]), /Alice|100@|acme/, 'privacy is kept');
  t.match(capabilities.Allow, /\bINVITE\b.*\bCANCEL\b.*\bBYE\b/);
});

t.test('what passes on from the caller to the phones', async (t) => {
  const passed = (headers: Record<string, string>) => passedHeaders((name) => headers[name]);
  t.same(passed({}), { 'Max-Forwards': '69' });
  t.same(passed({ 'Max-Forwards': '1' }), { 'Max-Forwards': '0' }, 'one hop less to live');
  const headers = { 'Alert-Info': '<http://x/ring>', Subject: 'hello', Diversion: '<sip:9@x>' };
  t.same(passed({ 'Max-Forwards': '70', ...headers }), { 'Max-Forwards': '69', ...headers });
  const secret = { Authorization: 'Digest x', 'X-Callpickup-Identity': 'acme/100', Route: '<sip:evil>', Cookie: 'x' };
  t.same(passed(secret), { 'Max-Forwards': '69' }, 'nothing passes that was not meant to');
  for (const text of hostile.filter((each) => !isOneLine(each))) t.equal(passed({ Subject: text }).Subject, undefined);
  const long = passed({ 'Alert-Info': 'x'.repeat(500), 'Call-Info': 'y'.repeat(500), Subject: 'z'.repeat(300) });
  t.ok(Object.values(long).join('').length <= 810, 'DESIGN 3.11: the message stays under 4 KB');
  t.equal(long.Subject?.length, 300, 'what still fits passes');
});

t.test('DESIGN 3.6: the Reason of a CANCEL or BYE, byte by byte', async (t) => {
  t.same(reasonHeaders({ kind: 'elsewhere' }), {
    Reason: 'SIP;cause=200;text="Call completed elsewhere", Q.850;cause=26',
  });
  t.same(reasonHeaders({ kind: 'other-party' }), {}, 'the caller gave up and said nothing: neither do we');
  for (const own of [
    'Q.850;cause=16',
    'SIP;cause=487;text="Request Terminated"',
    'Q.850 ;cause=16 ;text="Terminated"',
  ]) {
    t.same(reasonHeaders({ kind: 'other-party', reason: own }), { Reason: own });
  }
  const lies = [
    'SIP;cause=200;text="Call completed elsewhere"',
    'SIP ;cause=200',
    'SIP;cause =  200',
    'SIP;Cause=200',
    'SIP;CAUSE=200',
    'SIP;cause="200"',
    'SIP;cause=204',
    'Q.850;cause=16, SIP;cause=200',
    'Q.850;cause=16\r\nReason: SIP;cause=200',
    `SIP;text="${'x'.repeat(300)}"`,
    ...hostile.filter((text) => !isOneLine(text)),
  ];
  for (const reason of lies)
    t.same(reasonHeaders({ kind: 'other-party', reason }), {}, `lie ${lies.indexOf(reason)}: ${label(reason)}`);
  t.same(reasonHeaders({ kind: 'failure', text: 'Service Stops' }), { Reason: 'SIP;cause=500;text="Service Stops"' });
  for (const text of hostile) {
    const { Reason = '' } = reasonHeaders({ kind: 'failure', text });
    t.match(Reason, /^SIP;cause=500;text="[A-Za-z0-9 .-]*"$/, label(text));
  }
});

t.test('O17: the o= line that one leg sees is ours, and its version grows with each change', async (t) => {
  const body = (origin: string, port: number) => `v=0\r\no=${origin}\r\ns=-\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
  const origin = (text: string) => /^o=callpickup (\d+) (\d+) (.*)\r$/m.exec(text)?.slice(1) ?? [];
  const session = newSession();
  const [id, version, address] = origin(session.write(body('phone 1 1 IN IP4 192.0.2.1', 4000)));
  t.match(id, /^\d{1,15}$/);
  t.equal(version, '1');
  t.equal(address, 'IN IP4 192.0.2.1', 'the address is the media’s and stays');
  t.same(
    origin(session.write(body('phone 1 1 IN IP4 192.0.2.1', 4000))),
    [id, '1', address],
    'the same again is no change',
  );
  t.same(
    origin(session.write(body('other 99 7 IN IP4 192.0.2.1', 4000))),
    [id, '1', address],
    'another o= line alone is none',
  );
  t.same(origin(session.write(body('phone 1 1 IN IP6 2001:db8::1', 4002))), [id, '2', 'IN IP6 2001:db8::1']);
  t.same(origin(session.write(body('phone 1 1 IN IP4 192.0.2.1', 4000)))[1], '3', 'and back is a change again');
  t.not(origin(newSession().write(body('phone 1 1 IN IP4 192.0.2.1', 4000)))[0], id, 'each leg has its own');
  const lookalike = body('phone 1 1 IN IP4 192.0.2.1', 4000).replace('s=-', () => 's=o=x 1 1 IN IP4 192.0.2.2 $& $1');
  t.match(newSession().write(lookalike), /\ns=o=x 1 1 IN IP4 192\.0\.2\.2 \$& \$1\r/, 'nothing else is touched');
});
