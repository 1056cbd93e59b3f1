import { createSocket } from 'node:dgram';
import t, { type Test } from 'tap';
import { office, ringing } from '../support/office.js';
import { phone as plugIn, type ShownDocument, type Watcher, type Watching } from '../support/phone.js';
import { ground, type RunningService, service } from '../support/service.js';

t.comment(`by phones, on ${ground}`);

const env = { SIP_BIND: await freeAddress() };
const acme = await office(t, { env });
const alice = await acme.phone('100');
const bob = await acme.phone('101');
const carol = await acme.phone('102');

/** Carol's phone watches Bob. */
const watches = (watching: Watching = {}): Watcher => carol.watches('101', watching);

/** A watcher that has seen its first document. */
const begun = async (watching: Watching = {}) => {
  const watcher = watches(watching);
  const answer = await watcher.accepted();
  return { watcher, answer, first: await watcher.next() };
};

const ends = async (...watchers: readonly Watcher[]): Promise<void> => {
  for (const watcher of watchers) {
    await watcher.unsubscribes();
    await watcher.isOver();
  }
};

const has = (state: string) => (document: ShownDocument) => document.dialogs.some((dialog) => dialog.state === state);

const isIdle = ({ dialogs }: ShownDocument): boolean => dialogs.every(({ state }) => state === 'terminated');

/** Bob's phone rings until he declines. */
const rings = async (meanwhile: () => Promise<void>): Promise<void> => {
  const { call, leg } = await ringing(alice, bob);
  try {
    await meanwhile();
  } finally {
    leg.declines();
    await call.fails();
  }
};

/** Waits for the number of watchers that the service counts. */
const areWatching = async (wanted: number, of: RunningService = acme, patience = 5_000): Promise<void> => {
  const until = Date.now() + patience;
  while ((await of.metric('callpickup_watchers')) !== wanted) {
    if (Date.now() > until) throw new Error(`${await of.metric('callpickup_watchers')} watchers, not ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Nothing is wrong with what the watchers were sent. */
const good = (t: Test, ...watchers: readonly Watcher[]): void => {
  for (const { faults } of watchers) t.strictSame(faults, []);
};

t.test('S1: packages that nobody knows, no package, and the short form of one', async (t) => {
  for (const event of ['presence.winfo', 'dialog.winfo', 'message-summary;id=1']) {
    const refusal = await watches({ event }).refused();
    t.equal(refusal.status, 489, event);
    t.equal(refusal.get('allow-events'), 'dialog, presence');
  }
  const nothing = await watches({ headers: { Event: [] } }).refused();
  t.equal(nothing.status, 400);
  const { watcher } = await begun({ headers: { Event: [], o: 'dialog' } });
  const options = await watcher.sends('OPTIONS');
  t.equal(options.get('allow-events'), 'dialog, presence', 'and so say the options, inside a subscription too');
  await ends(watcher);
  good(t, watcher);
});

t.test('S2: a time that is too short is refused with the shortest, unless it is an hour', async (t) => {
  for (const expires of [1, 59]) {
    const refusal = await watches({ expires }).refused();
    t.equal(refusal.status, 423);
    t.equal(refusal.get('min-expires'), '60');
  }
  const { watcher, answer } = await begun({ expires: 60 });
  t.equal(answer.get('expires'), '60');
  t.equal((await watcher.refreshes({ expires: 30 })).status, 423, 'nor may a refresh be shorter');
  t.equal((await watcher.refreshes({ expires: 3600 })).status, 200, 'and the subscription is still there');
  await ends(watcher);
  good(t, watcher);
});

t.test('S3, D4: the time is shortened and never lengthened, and an hour where none is said', async (t) => {
  for (const [expires, granted] of [
    [100, '100'],
    [86_400, '3600'],
    [null, '3600'],
  ] as const) {
    const { watcher, answer } = await begun({ expires });
    t.equal(answer.get('expires'), granted);
    t.ok(answer.get('contact'));
    await ends(watcher);
    good(t, watcher);
  }
  t.equal((await watches({ headers: { Expires: 'soon' } }).refused()).status, 400);
});

t.test('S4, S5, S7, S8, S9: 200 to everything, and after each a NOTIFY with the full state', async (t) => {
  const { watcher, answer, first } = await begun();
  t.equal(answer.status, 200);
  t.equal(answer.get('allow-events'), 'dialog, presence');
  t.equal(first.state, 'full');
  const again = await watcher.refreshes();
  t.match({ status: again.status, expires: again.get('expires') }, { status: 200, expires: '3600' });
  t.match(await watcher.next(), { version: 1, state: 'full' });
  const over = await watcher.unsubscribes();
  t.match({ status: over.status, expires: over.get('expires') }, { status: 200, expires: '0' });
  const last = await watcher.isOver();
  t.equal(last.get('subscription-state'), 'terminated;reason=timeout');
  t.match(await watcher.next(), { version: 2, state: 'full' });
  t.equal((await watcher.refreshes()).status, 481, 'a subscription that is over is not known any more');
  good(t, watcher);
});

t.test('S6: a NOTIFY says how much is left of the time', async (t) => {
  const { watcher } = await begun({ expires: 61 });
  t.equal(watcher.subscription.expires, 61);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await rings(async () => void (await watcher.sees(has('early'))));
  t.ok((watcher.subscription.expires ?? 99) <= 60, `${watcher.subscription.expires} s are left`);
  const { version } = await watcher.sees(has('terminated'));
  await watcher.refreshes({ expires: 90 });
  await watcher.sees((document) => document.version > version);
  t.equal(watcher.subscription.expires, 90);
  await ends(watcher);
  good(t, watcher);
});

t.test('S10: who asks once is shown everything once', async (t) => {
  await rings(async () => {
    const watcher = watches({ expires: 0 });
    t.equal((await watcher.accepted()).get('expires'), '0');
    t.equal((await watcher.isOver()).get('subscription-state'), 'terminated;reason=timeout');
    t.match(watcher.documents, [{ version: 0, dialogs: [{ state: 'early' }] }]);
    good(t, watcher);
  });
  await areWatching(0);
});

t.test('S12, S15: extensions that are not there, senders that are nobody', async (t) => {
  const unknown = await carol.watches('999').refused();
  t.match(unknown, { status: 404, startLine: /No Such Extension/ });
  const stranger = await plugIn(t, { number: 'stranger', server: acme.sip });
  t.equal((await stranger.watches('101').refused()).status, 403);
});

t.test('S13: a phone that knows nothing of it is dropped, and so is the dialog at the server', async (t) => {
  for (const status of [481, 404, 410, 408]) {
    const answers: number[] = [];
    const watcher = watches({ answers: () => answers[0] ?? 200 });
    await watcher.accepted();
    await watcher.next();
    await areWatching(1);
    answers.push(status);
    const { call, leg } = await ringing(alice, bob);
    await watcher.next();
    await areWatching(0);
    leg.declines();
    await call.fails();
    t.equal((await watcher.refreshes()).status, 481, `after ${status}`);
  }
  t.ok((await acme.metric('callpickup_notifies_total', { outcome: 'dropped' })) >= 4);
});

t.test('S13: a phone that asks for time gets it; what it did not like, it hears with the next change', async (t) => {
  const said: (number | { status: number; headers: Record<string, string> })[] = [];
  const { watcher } = await begun({ answers: () => said.shift() ?? 200 });
  said.push({ status: 503, headers: { 'Retry-After': '1' } }, 500);
  await rings(async () => {
    const [asked, again] = [await watcher.sees(has('early')), await watcher.sees(({ version }) => version === 2)];
    t.ok(again.at - asked.at > 900_000, 'after the pause');
    t.strictSame(said, [], 'which it did not like either');
  });
  await watcher.sees(has('terminated'));
  await ends(watcher);
  t.ok((await acme.metric('callpickup_notifies_total', { outcome: 'failed' })) >= 2);
  good(t, watcher);
});

t.test('S14: while a NOTIFY has no answer no other is sent, and then the newest state', async (t) => {
  let answer: (status: number) => void = () => undefined;
  const slow: Watching['answers'] = (notify) =>
    notify.body.includes('>early<')
      ? new Promise<number>((resolve) => {
          answer = resolve;
        })
      : 200;
  const { watcher } = await begun({ answers: slow });
  const { call, leg } = await ringing(alice, bob);
  await watcher.sees(has('early'));
  const before = watcher.notifies;
  await leg.answers();
  await call.answered();
  await call.hangsUp();
  await leg.isHungUp();
  t.equal(watcher.notifies, before);
  answer(200);
  await watcher.sees(isIdle);
  t.equal(watcher.notifies, before + 1, 'that it was answered is old already');
  await ends(watcher);
  good(t, watcher);
});

t.test('D1: the Event header comes back as it was', async (t) => {
  for (const event of ['dialog;id=7', 'dialog;sla', 'dialog;ma', 'dialog;include-session-description;id="a b"']) {
    const { watcher } = await begun({ event });
    await ends(watcher);
    good(t, watcher);
  }
  const long = await watches({ event: `dialog;id=${'7'.repeat(400)}` }).refused();
  t.match(long, { status: 400, startLine: /Too Long/ });
});

t.test('D2: one dialog may be asked for', async (t) => {
  await rings(async () => {
    const { watcher, first } = await begun();
    const [dialog] = first.dialogs;
    const { callId, localTag, remoteTag } = dialog ?? {};
    const named = `dialog;call-id="${callId}";to-tag="${localTag}";from-tag="${remoteTag}"`;
    const [one, other] = [await begun({ event: named }), await begun({ event: 'dialog;call-id="another@here"' })];
    t.match(one.first.dialogs, [{ state: 'early', callId }]);
    t.match(other.first.dialogs, [{ state: 'terminated' }]);
    await ends(watcher, one.watcher, other.watcher);
    good(t, watcher, one.watcher, other.watcher);
  });
});

t.test('D5: who takes no dialog-info is refused', async (t) => {
  const refusal = await watches({ headers: { Accept: 'application/pidf+xml' } }).refused();
  t.equal(refusal.status, 406);
  t.equal(refusal.get('accept'), 'application/dialog-info+xml');
  for (const accept of [[], 'application/pidf+xml, application/dialog-info+xml', 'application/*', '*/*']) {
    const { watcher } = await begun({ headers: { Accept: accept } });
    await ends(watcher);
    good(t, watcher);
  }
});

t.test('D7, D11, D13: many subscriptions of one phone to one extension, each with its own count', async (t) => {
  await rings(async () => {
    const some = await Promise.all([begun(), begun(), begun({ event: 'dialog;id=2' })]);
    for (const { first } of some) t.match(first, { version: 0, dialogs: [{ state: 'early' }] });
    await ends(...some.map(({ watcher }) => watcher));
    good(t, ...some.map(({ watcher }) => watcher));
  });
});

t.test('D8, D10: a call that rings, is answered and ends is seen so', async (t) => {
  const { watcher } = await begun();
  const { call, leg } = await ringing(alice, bob);
  await watcher.sees(has('early'));
  await leg.answers();
  await call.answered();
  await watcher.sees(has('confirmed'));
  await call.hangsUp();
  await leg.isHungUp();
  const over = await watcher.sees(has('terminated'));
  t.match(over.dialogs, [{ state: 'terminated', event: 'remote-bye' }]);
  await ends(watcher);
  good(t, watcher);
});

t.test('D15: the entity is what the phone wrote', async (t) => {
  const { host, port } = acme.sip;
  for (const uri of ['sip:101@acme.example', 'sip:101@ACME.example', `sip:101@${host}:${port}`]) {
    const watcher = carol.watches(uri);
    await watcher.accepted();
    t.equal((await watcher.next()).entity, uri);
    await ends(watcher);
  }
});

t.test('R1: Replaces means nothing outside an INVITE', async (t) => {
  const Replaces = 'a@b;to-tag=1;from-tag=2';
  t.equal((await watches({ headers: { Replaces } }).refused()).status, 400);
  t.equal((await carol.registers({ headers: { Replaces } })).status, 400);
});

t.test('R9: the dialog of a subscription is not one that can be replaced', async (t) => {
  const { watcher } = await begun();
  const Replaces = `${watcher.callId};to-tag=${watcher.remoteTag};from-tag=${watcher.localTag}`;
  const refusal = await carol.calls('101', { headers: { Replaces } }).fails();
  t.equal(refusal.status, 481);
  const call = await watcher.sends('INVITE', { headers: { Contact: `<${carol.uri}>` } });
  t.equal(call.status, 488, 'nor can a call be made in it');
  await ends(watcher);
});

t.test('a phone that says that it has moved subscribes anew', async (t) => {
  const { watcher } = await begun();
  const moved = await watcher.refreshes({ headers: { Contact: `<${carol.uri};new=1>` } });
  t.equal(moved.status, 481);
  await areWatching(0);
});

t.test('a phone on TCP watches like any other', async (t) => {
  const own = await plugIn(t, { number: '102', server: acme.sip, transport: 'tcp' });
  const watcher = own.watches('101');
  await watcher.accepted();
  await watcher.next();
  await rings(async () => void (await watcher.sees(has('early'))));
  await watcher.sees(has('terminated'));
  await ends(watcher);
  good(t, watcher);
});

t.test('D6: where phones prove who they are, watchers do', async (t) => {
  const strict = await service(t, {
    env: { DRACHTIO_HOST: '' },
    office: `sipAuth: digest
tenants:
  acme: { default: true, domains: [acme.example], extensions: { '101': { password: one }, '102': { password: two } } }
`,
  });
  const of = (password?: string) =>
    plugIn(t, { number: '102', server: strict.sip, domain: 'acme.example', ...(password && { password }) });
  t.equal((await (await of()).watches('101').refused()).status, 401);
  t.equal((await (await of('one')).watches('101').refused()).status, 403);
  const watcher = (await of('two')).watches('101');
  await watcher.accepted();
  await watcher.next();
  t.equal((await watcher.refreshes()).status, 200, 'inside the dialog nobody is asked again');
  await ends(watcher);
  good(t, watcher);
});

t.test('S13: a phone that does not answer is gone after ten seconds', async (t) => {
  const watcher = watches({ answers: ({ body }) => (body.includes('version="0"') ? 200 : 'nothing') });
  await watcher.accepted();
  await watcher.next();
  await areWatching(1);
  await rings(async () => void (await watcher.next()));
  await areWatching(0, acme, 15_000);
  t.equal((await watcher.refreshes()).status, 481);
  t.ok((await acme.metric('callpickup_notifies_total', { outcome: 'dropped' })) >= 5);
});

t.test('at the end nothing is left', async (t) => {
  t.strictSame(await acme.leftovers(), []);
});

t.test('S12: who watches when the service stops is told to subscribe anew', async (t) => {
  const some = [await begun(), await begun({ event: 'dialog;id=2' })];
  t.equal(await acme.stops('SIGTERM'), 0);
  for (const { watcher } of some) {
    t.equal((await watcher.isOver()).get('subscription-state'), 'terminated;reason=deactivated');
    good(t, watcher);
  }
});

t.test('S18: who was not told hears 481 from the service that was started anew, and subscribes there', async (t) => {
  const second = await service(t, { env });
  const { watcher } = await begun();
  await second.stops('SIGKILL');
  const third = await service(t, { env });
  t.equal((await watcher.refreshes()).status, 481);
  const anew = await begun();
  t.equal(anew.first.version, 0);
  await ends(anew.watcher);
  await areWatching(0, third);
});

/** An address that is free, for services that come after one another. */
async function freeAddress(): Promise<string> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return `127.0.0.1:${port}`;
}
