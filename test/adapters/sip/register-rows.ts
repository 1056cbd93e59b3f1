import t from 'tap';
import type { Sender } from '../../../src/adapters/sip/identity.js';
import { makeRegisterDoor } from '../../../src/adapters/sip/register.js';
import type { Registered, Registration } from '../../../src/flows/ports.js';
import { acme, alice, bob } from '../../domain/acme.js';
import { hostile, isOneLine } from './hostile.js';
import { requestOf, responseFor, type Sent } from './request.js';

const bobSends: Sender = { kind: 'extension', tenant: acme, extension: bob };

/** Sends one REGISTER through the door; the registrar keeps what it is given, unless it is said to do otherwise. */
const register = async (
  headers: Record<string, string>,
  otherwise: { sender?: Sender; registrar?: Registered | 'away' } = {},
) => {
  const sent: Sent[] = [];
  const asked: Registration[] = [];
  const counted: string[] = [];
  const door = makeRegisterDoor({
    identify: () => otherwise.sender ?? bobSends,
    registrar: {
      register: async (registration) => {
        asked.push(registration);
        if (otherwise.registrar === 'away') throw new Error('store away');
        if (otherwise.registrar) return otherwise.registrar;
        const change = registration.change === 'all' ? [] : registration.change;
        return { ok: true, bindings: change.flatMap(({ binding }) => binding ?? []) };
      },
      phones: () => Promise.reject(new Error('a REGISTER asks once')),
    },
    registered: (_tenant, extension, bindings) => void counted.push(`${extension} has ${bindings.length}`),
    rejected: (reason) => void counted.push(reason),
    authFailed: (reason) => void counted.push(`auth ${reason}`),
  });
  const all = {
    From: '<sip:101@acme.example>;tag=1',
    To: '<sip:101@acme.example>',
    'Call-ID': 'r@phone',
    CSeq: '7 REGISTER',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  await door(requestOf(['REGISTER sip:acme.example SIP/2.0', ...lines]), responseFor(sent));
  t.equal(sent.length, 1, 'one final answer');
  return { ...(sent[0] as Sent), asked: asked[0], counted };
};

const lifeOf = (registration: Registration | undefined): number[] =>
  registration && registration.change !== 'all'
    ? registration.change.map(({ binding }) => (binding ? Math.round((binding.expiresAt - Date.now()) / 1000) : 0))
    : [];

t.test('a phone registers', async (t) => {
  const contact = '<sip:101@192.0.2.1:5062;transport=tcp>';
  const done = await register({
    Contact: contact,
    Expires: '600',
    Path: '<sip:edge.example;lr>',
    'User-Agent': 'Phone 1',
  });
  t.match(done, { status: 200, headers: { Path: '<sip:edge.example;lr>', Supported: 'path' }, counted: ['101 has 1'] });
  t.match(done.headers.Contact, /^<sip:101@192\.0\.2\.1:5062;transport=tcp>;expires=(600|599)$/);
  t.match(done.asked, { tenant: 'acme', extension: bob, callId: 'r@phone', cseq: 7 });
  t.match(done.asked?.change, [
    {
      binding: { contact: 'sip:101@192.0.2.1:5062;transport=tcp', path: ['sip:edge.example;lr'], userAgent: 'Phone 1' },
    },
  ]);
  const again = await register({ Contact: contact, Expires: '600' });
  t.same(
    again.asked?.change[0] && (again.asked.change[0] as { id: string }).id,
    done.asked?.change[0] && (done.asked.change[0] as { id: string }).id,
    'one contact, one binding',
  );
});

t.test('a phone that another extension has at present keeps its account', async (t) => {
  const sender: Sender = { kind: 'extension', tenant: acme, extension: alice, number: bob };
  const Contact = '<sip:101@a>';
  t.match(await register({ Contact }, { sender }), { status: 200, asked: { extension: bob }, counted: ['101 has 1'] });
  const To = '<sip:100@acme.example>';
  t.match(await register({ Contact, To }, { sender }), { status: 403, asked: undefined }, 'and gets no other');
});

t.test('how long it stays', async (t) => {
  const life = async (Contact: string, Expires?: string) => {
    const { asked, status } = await register({ Contact, ...(Expires !== undefined && { Expires }) });
    return status === 200 ? lifeOf(asked) : status;
  };
  t.same(await life('<sip:101@a>', '600'), [600]);
  t.same(await life('<sip:101@a>'), [3600], 'what a phone gets that says nothing');
  t.same(await life('<sip:101@a>;expires=90', '600'), [90], 'the contact’s own counts more');
  t.same(await life('<sip:101@a>', '999999'), [7200], 'two hours at most');
  t.same(await life('<sip:101@a>', '4294967295'), [7200]);
  t.same(await life('<sip:101@a>', 'soon'), [3600], 'RFC 3261 20.19: malformed is unsaid');
  t.same(await life('<sip:101@a>, <sip:101@b>;expires=0', '60'), [60, 0], 'one comes and one goes');
  t.same(await life('<sip:101@a>', '0'), [0]);
  const brief = await register({ Contact: '<sip:101@a>', Expires: '29' });
  t.match(brief, { status: 423, headers: { 'Min-Expires': '30' }, asked: undefined }, 'RFC 3261 10.3');
});

t.test('questions, and removal of all', async (t) => {
  t.match(await register({}), { status: 200, asked: { change: [] } }, 'no Contact: a question');
  t.match(await register({ Contact: '*', Expires: '0' }), { status: 200, asked: { change: 'all' } });
  for (const Expires of ['60', '', '00x'])
    t.match(await register({ Contact: '*', Expires }), { status: 400, asked: undefined });
  t.match(await register({ Contact: '*' }), { status: 400 }, 'RFC 3261 10.2.2: not without Expires 0');
});

t.test('who may not register, and what cannot be registered', async (t) => {
  const contact = { Contact: '<sip:101@a>' };
  const forbidden: Sender = { kind: 'forbidden', why: 'x' };
  t.match(await register(contact, { sender: forbidden }), {
    status: 403,
    asked: undefined,
    counted: ['auth credentials'],
  });
  t.match(await register(contact, { sender: { kind: 'outside', tenant: acme } }), {
    status: 403,
    counted: ['auth not-an-extension'],
  });
  const challenge = await register(contact, { sender: { kind: 'challenge', value: 'Digest x' } });
  t.match(challenge, { status: 401, headers: { 'WWW-Authenticate': 'Digest x' }, asked: undefined });
  for (const To of ['<sip:100@acme.example>', '<sip:acme.example>', '<tel:101>', '<sip:101%00@acme.example>']) {
    t.match(await register({ ...contact, To }), { status: 403, asked: undefined }, `for ${To}`);
  }
  for (const Contact of ['Bob', '<http://x>', '<sip:101@a?Replaces=x>', '<sip:101@a>, *', '']) {
    t.match(await register({ Contact }), { status: 400, asked: undefined }, Contact);
  }
  t.match(await register({ ...contact, Path: 'nonsense' }), { status: 400, asked: undefined });
});

t.test('what the registrar says no to', async (t) => {
  const contact = { Contact: '<sip:101@a>' };
  t.match(await register(contact, { registrar: 'away' }), { status: 503, headers: { 'Retry-After': /^\d+$/ } });
  t.match(await register(contact, { registrar: { ok: false, refusal: 'full' } }), { status: 403 });
  t.match(
    await register(contact, { registrar: { ok: false, refusal: 'stale' } }),
    { status: 500 },
    'RFC 3261 10.3 step 7',
  );
});

t.test('nothing that a phone says makes a header line of its own', async (t) => {
  for (const text of hostile.filter((each) => !/[\r\n]/.test(each))) {
    const quote = text.replace(/["\\]/g, '');
    const { headers } = await register({
      Contact: `"${quote}" <sip:101@a>`,
      'User-Agent': text,
      Path: `<sip:e;x=${encodeURIComponent(quote.replace(/\p{Cs}/gu, ''))}>`,
    });
    for (const value of Object.values(headers)) t.ok(isOneLine(value));
  }
});
