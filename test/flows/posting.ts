import t from 'tap';
import type { CallId, ClaimToken, InstanceId, TenantId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import { type WebhookDocument, webhookOf } from '../../src/domain/tenant-webhook.js';
import type { NumberedNews } from '../../src/flows/news.js';
import type { CallRecord, CallStore } from '../../src/flows/ports.js';
import type { Letter } from '../../src/flows/webhooks/post-letter.js';
import type { PostOutcome } from '../../src/flows/webhooks/webhook-meter.js';
import { makeWebhooks } from '../../src/flows/webhooks.js';
import { tellWebhook } from '../../src/flows/witnesses/tell-webhook.js';
import { acme, alice, bob, carol, dave, number, tenant } from '../domain/acme.js';
import { memoryStore } from './memory-store.js';
import { quiet } from './parties.js';
import { fakeClock } from './watch-stage.js';

const hook = { url: 'https://hooks.acme.example/calls', secret: 'sixteen letters!' };
const company = (document: Partial<WebhookDocument> = {}) =>
  tenant('acme', { webhook: webhookOf({ ...hook, ...document }) });

/** Lines to a receiver that answers as it is told to, on a clock that passes when it is told to. */
const posting = (now: () => Tenant | undefined = company) => {
  const { clock, passes, timers } = fakeClock();
  const tries: string[] = [];
  const said: string[] = [];
  const counted: Record<PostOutcome, number> & { queued: number } = {
    ...{ delivered: 0, retried: 0, lost: 0, dropped: 0, queued: 0 },
  };
  const answers: (string | undefined)[] = [];
  let hold: Promise<void> | undefined;
  const webhooks = makeWebhooks({
    post: async ({ url }, { id }) => {
      tries.push(`${id} to ${url}`);
      await hold;
      return answers.length > 0 ? answers.shift() : undefined;
    },
    tenant: now,
    clock,
    chance: () => 0.5,
    meter: {
      posted: (outcome, events = 1) => {
        counted[outcome] += events;
      },
      queued: (change) => {
        counted.queued += change;
      },
    },
    log: {
      info: (facts, event) => void said.push(`${event} ${JSON.stringify(facts)}`),
      warn: (facts, event) => void said.push(`${event} ${JSON.stringify(facts)}`),
    },
  });
  const send = (...ids: string[]) => {
    for (const id of ids) webhooks.send(acme.id, { id, body: '{}' });
    return quiet();
  };
  const holds = () => {
    let open = (): void => undefined;
    hold = new Promise<void>((resolve) => {
      open = resolve;
    });
    return () => {
      hold = undefined;
      open();
      return quiet();
    };
  };
  return { send, stop: webhooks.stop, tries, said, counted, answers, holds, passes, timers };
};

t.test('events go out in their order, each once, to the webhook as it is by then', async (t) => {
  let now: Tenant | undefined = company();
  const p = posting(() => now);
  const opens = p.holds();
  await p.send('a', 'b', 'c');
  t.same(p.tries, ['a to https://hooks.acme.example/calls'], 'the next one waits for the first');
  t.equal(p.counted.queued, 3);
  now = company({ url: 'https://other.example/' });
  await opens();
  t.same(p.tries.slice(1), ['b to https://other.example/', 'c to https://other.example/']);
  t.match(p.counted, { delivered: 3, retried: 0, lost: 0, dropped: 0, queued: 0 });
  for (const gone of [undefined, acme, tenant('acme', { webhook: webhookOf({ url: hook.url }) })]) {
    now = gone;
    await p.send('d');
  }
  t.equal(p.tries.length, 3, 'nothing is posted where there is no webhook any more, or no secret to sign with');
  t.match(p.counted, { lost: 3, queued: 0 });
});

t.test(
  'what fails is tried again after 1, 2, 4, 8 and 16 seconds, then it is lost and the next one goes',
  async (t) => {
    const p = posting();
    p.answers.push(...Array<string>(6).fill('status 500'));
    await p.send('a', 'b');
    for (const [tries, pause] of [1_000, 2_000, 4_000, 8_000, 16_000].entries()) {
      t.equal(p.tries.length, tries + 1);
      await p.passes(pause - 1);
      t.equal(p.tries.length, tries + 1, `not before ${pause} ms`);
      await p.passes(1);
    }
    const a = 'a to https://hooks.acme.example/calls';
    t.same(p.tries, [...Array(6).fill(a), 'b to https://hooks.acme.example/calls']);
    t.match(p.counted, { delivered: 1, retried: 5, lost: 1, queued: 0 });
    t.same(p.said, [
      'webhook takes no events {"tenant":"acme","receiver":"hooks.acme.example","why":"status 500"}',
      'webhook event lost {"tenant":"acme","event":"a"}',
      'webhook takes events again {"tenant":"acme","receiver":"hooks.acme.example"}',
    ]);
    t.equal(p.timers.size, 0);
  },
);

t.test('a dead receiver costs its queue: a thousand events, the oldest make room, and it is said once', async (t) => {
  const p = posting();
  const opens = p.holds();
  await p.send(...Array.from({ length: 1_010 }, (_, index) => String(index)));
  t.match(p.counted, { dropped: 9, queued: 1_001 });
  t.equal(p.said.length, 1, 'said once');
  t.match(p.said[0], /^webhook queue full, oldest dropped/);
  await opens();
  t.match(p.tries.slice(0, 2), [/^0 to/, /^10 to/]);
  t.match(p.counted, { delivered: 1_001, queued: 0 });
});

t.test('a service that stops tries what is left once, and tells what it could not bring', async (t) => {
  const p = posting();
  p.answers.push('ECONNREFUSED');
  await p.send('a', 'b');
  t.equal(p.timers.size, 1, 'a rests');
  p.answers.push('ECONNREFUSED', 'ECONNREFUSED');
  await p.stop();
  t.equal(p.tries.length, 3, 'each once more, without a rest');
  t.match(p.counted, { lost: 2, queued: 0 });
  t.equal(p.timers.size, 0);
  t.same(p.said.slice(1), ['webhook events lost {"tenant":"acme","events":2}'], 'in one line');

  const slow = posting();
  const opens = slow.holds();
  await slow.send('a', 'b', 'c');
  const stopped = slow.stop();
  await slow.passes(3_000);
  await stopped;
  t.match(slow.said, ['webhook events lost {"tenant":"acme","events":3}']);
  await opens();
  t.match(slow.counted, { lost: 3, delivered: 0, queued: 0 }, 'each is counted once');

  const idle = posting();
  await idle.send('a');
  await idle.stop();
  t.same(idle.said, []);
});

/** A call of Alice's for Bob, and one for the group 800 that rings at Dave and at Bob. */
const ofBob: CallRecord = {
  ...{ id: 'c' as CallId, tenant: 'acme' as TenantId, owner: 'here' as InstanceId, caller: alice, target: bob },
  ...{ callerName: 'Alice Adams', callerNumber: alice, isAnonymous: false, isPrivate: false },
};

/** What is sent of a call's life. */
const told = (company: Tenant, calls: CallStore = memoryStore()) => {
  const sent: Letter[] = [];
  const news: NumberedNews[] = [];
  let serial = 0;
  const witness = tellWebhook({
    ...{ calls, tenant: () => company, newId: () => `id-${++serial}`, now: () => 1_000 },
    webhooks: { send: (_company, letter) => void sent.push(letter) },
    write: (_company, each) => {
      news.push(each);
      return each.news.event;
    },
  });
  return { witness, sent, news, bodies: () => sent.map(({ body }) => body) };
};

const all = company({ events: ['waiting', 'ringing', 'picked-up', 'answered', 'ended'] });

t.test('what a webhook is told of a call, and when', async (t) => {
  const { witness, bodies, news } = told(all);
  await witness.begin(ofBob, []);
  await witness.ring(ofBob, 1, []);
  await witness.ring(ofBob, 2, []);
  t.same(bodies(), ['ringing'], 'once, however many phones ring');
  t.equal(await witness.waits(ofBob, { group: 'sales', seconds: 5 }), true);
  t.equal(await witness.answer(ofBob, carol), true);
  t.equal(await witness.waits(ofBob, { group: 'sales', seconds: 6 }), false);
  t.equal(await witness.answer(ofBob, dave), false, 'somebody was quicker: nothing is told');
  await witness.stolen(ofBob, { picker: carol, method: 'steal', from: bob }, []);
  await witness.end(ofBob, 'answered', []);
  t.same(bodies(), ['ringing', 'waiting', 'answered', 'picked-up', 'ended']);
  t.match(news[1], {
    id: 'id-2',
    at: 1_000,
    news: { event: 'waiting', group: 'sales', seconds: 5, callerNumber: alice },
  });
  t.match(news[2], { news: { event: 'answered', target: carol } });
  t.match(news[3], { news: { event: 'picked-up', picker: carol, method: 'steal', from: bob } });
  await witness.confirm(ofBob, { picker: carol, method: 'group', token: 't' as ClaimToken }, []);
  t.match(news.at(-1), { news: { event: 'picked-up', picker: carol, method: 'group', from: undefined } });
});

t.test('of a group’s call it is told where it begins to ring', async (t) => {
  const { witness, news } = told(all);
  const groupCall = { ...ofBob, target: number('800'), group: number('800') };
  for (const ringsAt of [[bob], [bob], [bob, dave], [dave], [bob]])
    await witness.ring({ ...groupCall, ringsAt }, 1, []);
  const places = news.map(({ news: each }) => 'ringsAt' in each && each.ringsAt);
  t.same(places, [[bob], [bob, dave], [bob]]);
});

t.test('only what the company names; waiting where it names nothing; nothing where it has no webhook', async (t) => {
  for (const [who, wanted] of [
    [company(), ['waiting']],
    [company({ events: ['ended'] }), ['ended']],
    [acme, []],
  ] as const) {
    const { witness, bodies } = told(who);
    await witness.begin(ofBob, []);
    await witness.ring(ofBob, 1, []);
    await witness.waits(ofBob, { group: 'sales', seconds: 5 });
    await witness.end(ofBob, 'cancelled', []);
    t.same(bodies(), wanted);
  }
});

t.test('a store that is away keeps nothing from a webhook, and what it says is passed on', async (t) => {
  const store = memoryStore();
  const { witness, bodies } = told(all, store);
  store.away = true;
  await t.rejects(witness.begin(ofBob, []));
  await t.rejects(witness.ring(ofBob, 1, []));
  await t.rejects(witness.waits(ofBob, { group: 'sales', seconds: 5 }));
  await t.rejects(witness.answer(ofBob, bob));
  await t.rejects(witness.end(ofBob, 'answered', []));
  t.same(bodies(), ['ringing', 'waiting', 'answered', 'ended']);
  await t.rejects(witness.end(ofBob, 'error', []));
  t.equal(bodies().length, 4, 'a call that is not ours any more has no second end');
});
