import type { Test } from 'tap';
import { makeMessages } from '../../../src/adapters/sip/messages.js';
import type { Srf } from '../../../src/adapters/sip/srf.js';
import type { Extension } from '../../../src/domain/names.js';
import type { Tenant } from '../../../src/domain/office.js';
import type { Binding } from '../../../src/flows/ports.js';
import { hostile, isOneLine, label } from '../sip/hostile.js';
import { open } from './stage.js';

/** What drachtio was asked to send. */
interface Sent {
  readonly uri: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly proxy?: string;
}

/** A drachtio that answers as it is told: statuses in the same breath as "sent", or an error. */
const drachtio = (answer: (sent: Sent) => readonly number[] | Error) => {
  const sent: Sent[] = [];
  const request = (uri: string, options: Omit<Sent, 'uri'>, told: (error: Error | null, req?: object) => void) => {
    const one = { uri, ...options };
    sent.push(one);
    const answers = answer(one);
    if (answers instanceof Error) return told(answers);
    const listeners: ((res: { status: number }) => void)[] = [];
    told(null, { on: (_event: string, listener: (res: { status: number }) => void) => listeners.push(listener) });
    for (const status of answers) for (const listener of listeners) listener({ status });
  };
  return { sent, srf: { request } as unknown as Srf };
};

const phones: readonly Binding[] = [
  { id: 'desk', contact: 'sip:101@10.0.0.1:5060', path: [] },
  { id: 'soft', contact: 'sip:101@10.0.0.2;transport=tcp', path: ['sip:edge.example;lr;received=x'] },
];

const from = { name: 'Carol', number: '102', domain: 'acme.example', private: false };

const sending = (t: Test, answer: Parameters<typeof drachtio>[0], registered = phones) => {
  const tenant = open(t).documents.current.defaultTenant as Tenant;
  const { sent, srf } = drachtio(answer);
  const messages = makeMessages({ srf, instance: 'pod-1', phones: async () => registered });
  return { sent, send: (text: string) => messages.send(tenant, '101' as Extension, { from, text }) };
};

const toEachPhone = (t: Test) =>
  t.test('a MESSAGE to each phone', async (t) => {
    const { sent, send } = sending(t, ({ uri }) => (uri.includes('10.0.0.1') ? [100, 200] : [486]));
    t.same(await send('Grüße'), [
      { extension: '101', phone: 'desk', status: 200 },
      { extension: '101', phone: 'soft', status: 486 },
    ]);
    const [desk, soft] = sent;
    t.match(desk, {
      uri: 'sip:101@10.0.0.1:5060',
      method: 'MESSAGE',
      body: 'Grüße',
      headers: {
        From: '"Carol" <sip:102@acme.example>',
        To: '<sip:101@acme.example>',
        'P-Asserted-Identity': '"Carol" <sip:102@acme.example>',
        'Content-Type': 'text/plain;charset=UTF-8',
        'Call-ID': /^[0-9a-f-]{36}@pod-1$/,
      },
    });
    t.notOk(desk?.proxy || desk?.headers['X-Callpickup-Path'], 'straight to the phone');
    t.notOk(desk?.headers.Contact, 'a MESSAGE has none');
    t.equal(soft?.proxy, phones[1]?.path[0], 'through the edge');
    t.equal(soft?.headers['X-Callpickup-Path'], `<${phones[1]?.path[0]}>`);
    t.not(desk?.headers['Call-ID'], soft?.headers['Call-ID']);
  });

const long = (t: Test) =>
  t.test('a long text goes in parts, in order', async (t) => {
    const words = 'pick up the call that rings at 101 ';
    const texts = [words.repeat(28).trim(), 'x'.repeat(1_000), '田'.repeat(1_000), '👩‍👩‍👧‍👦'.repeat(90)];
    for (const text of texts) {
      const { sent, send } = sending(t, () => [200], phones.slice(0, 1));
      t.match(await send(text), [{ status: 200 }]);
      const joint = text.includes(' ') ? ' ' : '';
      t.equal(sent.map(({ body }) => body).join(joint), text);
      t.ok(sent.length > 1 && sent.every(({ body }) => Buffer.byteLength(body) <= 600), `${sent.length} parts`);
    }
    const { sent, send } = sending(t, () => [486], phones.slice(0, 1));
    t.match(await send(texts[1] ?? ''), [{ status: 486 }]);
    t.equal(sent.length, 1, 'the rest is not sent to a phone that refused the beginning');
  });

const failures = (t: Test) =>
  t.test('phones that are not reached', async (t) => {
    const refused = sending(t, () => new Error('can not send request to myself'));
    t.match(await refused.send('x'), [{ status: 0 }, { status: 0 }]);
    t.same(await sending(t, () => [200], []).send('x'), [], 'nobody is registered');
    const empty = sending(t, () => [200]);
    t.same(await empty.send('\u0000\r\n'), []);
    t.same(empty.sent, [], 'there is nothing to send');
    const tenant = open(t).documents.current.defaultTenant as Tenant;
    const away = makeMessages({
      srf: drachtio(() => [200]).srf,
      instance: 'pod-1',
      phones: () => Promise.reject(new Error('redis')),
    });
    await t.rejects(away.send(tenant, '101' as Extension, { from, text: 'x' }));
  });

const hostileTexts = (t: Test) =>
  t.test('texts from outside stay in the body, and names in their quotes', async (t) => {
    const tenant = open(t).documents.current.defaultTenant as Tenant;
    for (const text of hostile) {
      const { sent, srf } = drachtio(() => [200]);
      const messages = makeMessages({ srf, instance: 'pod-1', phones: async () => phones });
      await messages.send(tenant, '101' as Extension, {
        from: { ...from, name: text.slice(0, 80), number: text.slice(0, 60) },
        text,
      });
      for (const { headers, body } of sent) {
        for (const [name, value] of Object.entries(headers)) {
          if (!isOneLine(value)) t.fail(`${name} is broken by ${label(text)}`);
        }
        if (/[\p{Cc}\p{Cs}]/u.test(body)) t.fail(`the body has control characters of ${label(text)}`);
      }
    }
    t.pass(`${hostile.length} of them`);
  });

/** Texts over drachtio. */
export const messageRows = (t: Test): void => {
  for (const rows of [toEachPhone, long, failures, hostileTexts]) rows(t);
};
