import t from 'tap';
import { type Replaces, readCallIdOnly, readReplaces } from '../../../src/adapters/sip/replaces.js';
import { readWanted } from '../../../src/adapters/sip/replaces-wanted.js';
import { hostile, label } from './hostile.js';
import './replaces-door-rows.js';

const meant: Replaces = { callId: 'id@here', toTag: 'ours', fromTag: 'phone', earlyOnly: false };

t.test('RFC 3891 6.1: what a Replaces says', async (t) => {
  const same = [
    'id@here;to-tag=ours;from-tag=phone',
    'id@here;from-tag=phone;to-tag=ours',
    'id@here;TO-TAG=ours;From-Tag=phone',
    ' id@here ; to-tag = ours ;\tfrom-tag =phone ',
    'id@here;x;to-tag=ours;y=z;from-tag=phone;cause=200',
    'id@here;to-tag=ours;from-tag=phone;note="a;to-tag=evil"',
    'id@here;to-tag=ours;from-tag=phone;note="a, b\\";from-tag=evil"',
    'id@here;to-tag=ours;from-tag=phone;',
    'id@here;to-tag=ours;from-tag=phone;early-only-not',
    'id@here;to-tag=ours;from-tag=phone;early_only',
    'id@here;to-tag=ours;from-tag=phone;x=early-only',
  ];
  for (const value of same) t.same(readReplaces(value), meant, value);
  for (const flag of ['early-only', 'Early-Only', ' early-only ', 'early-only=x', 'early-only;early-only']) {
    t.same(readReplaces(`id@here;to-tag=ours;${flag};from-tag=phone`), { ...meant, earlyOnly: true }, flag);
  }
  const ids = [
    'a(b)c{d}?"x"/y@h[1]',
    'a"b@h',
    "<x>:\\/[]?{}'`~!%*_+",
    '1',
    'a',
    '0@0',
    'x%40y',
    `${'x'.repeat(250)}@h`,
  ];
  for (const callId of ids) {
    const read = readReplaces(`${callId};to-tag=ours;from-tag=phone`);
    t.same(read, { ...meant, callId }, `${label(callId)} stays as it is`);
  }
  for (const tag of ['0', 'a.b-c', "!%*_+`'~", 'AbC', 'x']) {
    t.same(readReplaces(`id@here;to-tag=${tag};from-tag=${tag}`), { ...meant, toTag: tag, fromTag: tag }, tag);
  }
});

t.test('what is no Replaces, or more than one', async (t) => {
  const rows = [
    '',
    ' ',
    ';',
    'id@here',
    'id@here;early-only',
    ';to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours',
    'id@here;from-tag=phone',
    'id@here;to-tag;from-tag=phone',
    'id@here;to-tag=;from-tag=phone',
    'id@here;to-tag=ours;from-tag= ',
    'id@here;to-tag=ours;to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours;To-Tag=other;from-tag=phone',
    'id@here;to-tag=ours;from-tag=phone;from-tag=phone',
    'id@here;to-tag=ours;from-tag=phone,id@here;to-tag=ours;from-tag=phone',
    'other@here;to-tag=1;from-tag=2, id@here;to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours;from-tag=phone,',
    'id@here,other@here;to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours=x;from-tag=phone',
    'id@here;to-tag="ours";from-tag=phone',
    'id@here;to-tag=ou rs;from-tag=phone',
    'id@here;to_tag=ours;from_tag=phone',
    'id here;to-tag=ours;from-tag=phone',
    'id@a@b;to-tag=ours;from-tag=phone',
    '@here;to-tag=ours;from-tag=phone',
    'id@;to-tag=ours;from-tag=phone',
    'id%40here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone',
    'id\u0000@here;to-tag=ours;from-tag=phone',
    'id@he\u007fre;to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours;from-tag=phone;note="open, ',
    `id@here;to-tag=ours;from-tag=phone;x=${'y'.repeat(1_000)}`,
  ];
  for (const value of rows) t.equal(readReplaces(value), undefined, label(value));
  for (const text of hostile) {
    for (const value of [text, `${text};to-tag=ours;from-tag=phone`, `id@here;to-tag=${text};from-tag=phone`]) {
      const read = readReplaces(value);
      if (read) t.match(`${read.callId} ${read.toTag} ${read.fromTag}`, /^[^\s;,]+ [^\s;,]+ [^\s;,]+$/, label(value));
    }
  }
  const patience = '"\\"'.repeat(20_000);
  t.equal(readReplaces(`id@here;to-tag=ours;from-tag=phone;x=${patience}`), undefined, 'and none takes long to read');
});

t.test('a Call-ID alone, which is no Replaces by RFC 3891', async (t) => {
  for (const value of ['id@here', ' id@here ', 'id@here;', 'id@here;x=y', 'id@here;early_only']) {
    t.same(readCallIdOnly(value), { callId: 'id@here', earlyOnly: false }, value);
  }
  t.same(readCallIdOnly('id@here;Early-Only'), { callId: 'id@here', earlyOnly: true });
  const none = [
    '',
    ';',
    'id here',
    'id@a@b',
    'id@here,other@here',
    'id@here;to-tag=1',
    'id@here;from-tag',
    'x'.repeat(1_001),
  ];
  for (const value of none) t.equal(readCallIdOnly(value), undefined, label(value));
});

t.test('protocol.md R25, R27: what has to be overlooked to read a value', async (t) => {
  const tags = { toTag: 'ours', fromTag: 'phone' };
  const whole = { callId: 'id@here', tags, earlyOnly: false };
  const bare = { callId: 'id@here', earlyOnly: false };
  const rows: [value: string, read: ReturnType<typeof readWanted>][] = [
    ['id@here;to-tag=ours;from-tag=phone', { ...whole, by: [] }],
    ['id@here;to-tag=ours;from-tag=phone;early-only', { ...whole, earlyOnly: true, by: [] }],
    ['id%40here;to-tag=ours;from-tag=phone', { ...whole, callId: 'id%40here', by: [] }],
    ['id%40here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone', { ...whole, by: ['escaped'] }],
    ['id%40here%3bto-tag=ours%3bfrom-tag=phone%3Bearly-only', { ...whole, earlyOnly: true, by: ['escaped'] }],
    ['id@here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone', { ...whole, by: ['escaped'] }],
    ['id@here', { ...bare, by: ['call-id-only'] }],
    ['id@here;early-only', { ...bare, earlyOnly: true, by: ['call-id-only'] }],
    ['id%40here', { ...bare, by: ['escaped', 'call-id-only'] }],
    ['a%2Bb', { ...bare, callId: 'a%2Bb', by: ['call-id-only'] }],
    // What cannot be decoded is no escape.
    ['id%40here%3B%ZZ', { ...bare, callId: 'id%40here%3B%ZZ', by: ['call-id-only'] }],
    ['%C3%28%40here', { ...bare, callId: '%C3%28%40here', by: ['call-id-only'] }],
    // Once is enough: what is still escaped then stays so.
    ['id%2540here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone', { ...whole, callId: 'id%40here', by: ['escaped'] }],
  ];
  for (const [value, read] of rows) t.same(readWanted(value), read, value);
  const none = [
    '',
    'id%40here%3Bto-tag%3Dours',
    'id%40here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone%3Bto-tag%3Dours',
    'id%40here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone%2C id',
    'id%00%40here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone',
    'id%0D%0AX: y%40here',
  ];
  for (const value of none) t.equal(readWanted(value), undefined, label(value));
  for (const text of hostile) {
    const bytes = [...Buffer.from(`${text}@h;to-tag=1;from-tag=2`)].map(
      (byte) => `%${byte.toString(16).padStart(2, '0')}`,
    );
    const read = readWanted(bytes.join(''));
    if (read) t.match(read.callId, /^[^\s;,]+$/, label(text));
  }
});
