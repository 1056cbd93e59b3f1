import t from 'tap';
import type { Messages, Relays } from '../../src/flows/texts/messages.js';
import { makePace } from '../../src/flows/texts/pace.js';
import { makeRelayText } from '../../src/flows/texts/relay-text.js';
import { acme, alice, bob, carol, companyOf, dave, number } from '../domain/acme.js';
import { quiet } from './parties.js';
import { noting } from './stage.js';

const from = { name: 'Alice Adams', number: alice, domain: 'acme.example', private: false };

/** Nobody is too fast, and no group reports. */
const usual = { pace: () => 0, send: async () => [] };

/** What becomes of Alice's text to Bob whose phones answer so, and what the log says. */
const relayed = async (statuses: readonly number[] | Error, to = bob) => {
  const said: string[] = [];
  const asked: Parameters<Relays['relay']>[] = [];
  const messages: Messages & Relays = {
    send: usual.send,
    relay: async (...args) => {
      asked.push(args);
      if (statuses instanceof Error) throw statuses;
      return statuses.map((status, index) => ({ extension: bob, phone: `phone-${index}`, status }));
    },
  };
  const relayText = makeRelayText({ messages, pace: usual.pace, log: noting(said) });
  const end = await relayText({
    tenant: acme,
    sender: alice,
    from,
    to,
    text: 'lunch?',
    passed: { 'Max-Forwards': '69' },
  });
  return { end, said, asked };
};

t.test('M2: a text has arrived when one phone took it', async (t) => {
  const { end, asked, said } = await relayed([486, 200]);
  t.same(end, { kind: 'delivered', isStored: false });
  t.match(asked, [[acme, bob, { from, text: 'lunch?', passed: { 'Max-Forwards': '69' } }]]);
  t.same(said, ['text relayed']);
  t.same((await relayed([202, 480])).end, { kind: 'delivered', isStored: true }, 'somebody keeps it for the phone');
  t.same((await relayed([202, 200])).end, { kind: 'delivered', isStored: false });
});

t.test('M2: a text that nobody took comes back as what the phones said', async (t) => {
  t.same((await relayed([0, 415])).end, { kind: 'failed', failure: { status: 415 } });
  t.same((await relayed([0])).end, { kind: 'failed', failure: { status: 480 } }, 'no answer');
  t.same(
    (await relayed([401])).end,
    { kind: 'failed', failure: { status: 480 } },
    'a challenge is nobody else’s business',
  );
  t.same((await relayed([])).end, { kind: 'refused', refusal: 'not-registered' });
  const nobody = await relayed([200], '999' as typeof bob);
  t.same(nobody.end, { kind: 'refused', refusal: 'unknown-extension' });
  t.same(nobody.asked, []);
  const away = await relayed(new Error('store away'));
  t.same(away.end, { kind: 'refused', refusal: 'store-unreachable' });
  t.same(away.said, ['store away, no text']);
});

const company = companyOf({
  extensions: { '100': { name: 'Alice Adams' }, '101': {}, '102': {}, '103': {} },
  groups: {
    a00000000000000000000001: {
      ...{ name: 'Support', number: '800', sms: true },
      ...{ members: ['100', '101', '102', '103'], controllers: ['100'] },
    },
  },
});

/** A text to the group from somebody; Bob's second phone and Carol's do not take it, Dave has none. */
const toGroup = async (sender = alice, away = false) => {
  const [asked, told, said]: [string[], string[], string[]] = [[], [], []];
  const statuses: Readonly<Record<string, readonly number[]>> = { [bob]: [200, 0], [carol]: [480], [dave]: [] };
  const messages: Messages & Relays = {
    relay: async (_tenant, to, { text }) => {
      asked.push(`${to} ${text}`);
      if (away) throw new Error('store away');
      return (statuses[to] ?? []).map((status, phone) => ({ extension: to, phone: `${phone}`, status }));
    },
    send: async (_tenant, to, { from: { name, number: own }, text }) => {
      told.push(`${to} ${name} ${own}: ${text}`);
      return [];
    },
  };
  const relayText = makeRelayText({ messages, pace: usual.pace, log: noting(said) });
  const end = await relayText({ tenant: company, sender, from, to: number('800'), text: 'lunch?', passed: {} });
  await quiet();
  return { end, asked, told, said };
};

t.test('M5: a text to a group goes to all others, and the sender is told who has it', async (t) => {
  const { end, asked, told, said } = await toGroup();
  t.same(end, { kind: 'delivered', isStored: true }, 'it is on its way');
  t.same(asked.sort(), ['101 lunch?', '102 lunch?', '103 lunch?']);
  t.same(told, ['100 Support 800: 1 of 3 phones have your text. Not taken: 102. No phone: 103.']);
  t.same(said, ['text relayed to a group']);
  const member = await toGroup(bob);
  t.match(member, { end: { kind: 'refused', refusal: 'not-allowed' }, asked: [], told: [] }, 'only controllers may');
  t.match(await toGroup(alice, true), { end: { kind: 'delivered' }, told: [], said: ['store away, no text'] });
});

t.test('M6: who writes without end is slowed down, and nobody else', async (t) => {
  let now = 5_000;
  const pace = makePace({ burst: 3, every: 1_000 }, () => now);
  const many = (who: string) => Array.from({ length: 5 }, () => pace(who));
  t.same(many('a'), [0, 0, 0, 1_000, 1_000]);
  t.same(many('b'), [0, 0, 0, 1_000, 1_000], 'each by himself');
  now += 400;
  t.equal(pace('a'), 600, 'a no is not counted');
  now += 600;
  t.same(many('a'), [0, 1_000, 1_000, 1_000, 1_000], 'one more each second');
  now += 60_000;
  t.same(many('a'), [0, 0, 0, 1_000, 1_000], 'who has rested may do as much as before');
  t.ok(Array.from({ length: 3_000 }, (_, who) => pace(`stranger ${who}`)).every((wait) => wait === 0));
  t.equal(pace('a'), 1_000, 'who has not rested is remembered among however many');

  const messages: Messages & Relays = { send: usual.send, relay: async () => [] };
  const relayText = makeRelayText({ messages, pace: () => 1_500, log: noting([]) });
  const hurried = await relayText({ tenant: acme, sender: alice, from, to: bob, text: '', passed: {} });
  t.same(hurried, { kind: 'hurried', seconds: 2 });
});
