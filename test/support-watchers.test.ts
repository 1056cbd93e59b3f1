import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { phone, type Watching } from './support/phone.js';
import { Message, writeMessage } from './support/phone-message.js';
import { readDocument } from './support/watcher-document.js';

interface Said {
  readonly headers?: Record<string, string | undefined>;
  readonly body?: string;
}

const dialog = (id: string, state: string): string =>
  `<dialog id="${id}" call-id="c&amp;1" local-tag="l" remote-tag="r" direction="recipient"><state event="replaced" code="200">${state}</state>
  <replaces call-id="old" local-tag="ol" remote-tag="or"/>
  <local><identity display="Bob &lt;&quot;B&quot;&gt;">sip:101@acme.example</identity><target uri="sip:101@127.0.0.1"><param pname="+sip.rendering" pval="no"/></target></local>
  <remote><identity>sip:100@acme.example</identity><target uri="sip:*95101@acme.example"/></remote></dialog>`;

const documentOf = (version: number, ...dialogs: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="full" entity="sip:101@acme.example">${dialogs.join('')}</dialog-info>`;

/** A notifier that says exactly what it is told to. */
const notifier = async (t: Test) => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  const { address: host, port } = socket.address();
  const heard: Message[] = [];
  let sequence = 0;
  let subscribe = new Message('');
  let isEarly = false;
  const say = (text: string) => {
    const { port } = new URL((/<sip:(.*)>/.exec(subscribe.get('contact') ?? '')?.[1] ?? '').replace(/^.*@/, 'http://'));
    socket.send(text, Number(port), host);
  };
  const accepts = (request: Message) => {
    const fields = {
      Via: request.get('via'),
      From: request.get('from'),
      To: request.toTag ? request.get('to') : `${request.get('to')};tag=n`,
      'Call-ID': request.callId,
      CSeq: request.get('cseq'),
      Expires: request.get('expires'),
      Contact: `<sip:n@${host}:${port}>`,
    };
    say(writeMessage('SIP/2.0 200 OK', fields));
  };
  socket.on('message', (bytes) => {
    const message = new Message(bytes.toString());
    heard.push(message);
    if (message.method !== 'SUBSCRIBE' || message.status > 0) return;
    subscribe = message;
    if (!isEarly) accepts(message);
  });
  return {
    peer: { host, port },
    heard,
    holdsBack: () => {
      isEarly = true;
      return () => accepts(subscribe);
    },
    notifies: ({ headers = {}, body = '' }: Said) => {
      sequence += 1;
      const fields = {
        Via: `SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${sequence}${Math.random()}`,
        From: `<sip:101@x>;tag=n`,
        To: subscribe.get('from'),
        'Call-ID': subscribe.callId,
        CSeq: `${sequence} NOTIFY`,
        Event: subscribe.get('event'),
        Contact: `<sip:n@${host}:${port}>`,
        'Subscription-State': 'active;expires=60',
      };
      say(
        writeMessage(`NOTIFY sip:100@${host} SIP/2.0`, fields, {
          body,
          extra: { 'Content-Type': body ? 'application/dialog-info+xml' : undefined, ...headers },
        }),
      );
    },
  };
};

const watched = async (t: Test, watching: Watching = {}) => {
  const server = await notifier(t);
  const alice = await phone(t, { number: '100', server: server.peer });
  const watcher = alice.watches('101', { expires: 60, ...watching });
  await watcher.accepted();
  const says = async (...all: readonly Said[]) => {
    for (const said of all) {
      const due = watcher.notifies + 1;
      server.notifies(said);
      while (watcher.notifies < due) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  return { server, alice, watcher, says };
};

t.test('a watcher reads what it is shown', async (t) => {
  const { server, alice, watcher, says } = await watched(t, { userAgent: 'Phone 1', event: 'dialog;id=7' });
  const [subscribe] = server.heard;
  t.match(
    [subscribe?.get('user-agent'), subscribe?.get('event'), subscribe?.get('expires')],
    ['Phone 1', 'dialog;id=7', '60'],
  );
  await says({ body: documentOf(0) }, { body: documentOf(1, dialog('a', 'early')) });
  const early = await watcher.sees(({ dialogs }) => dialogs.length === 1);
  t.match(early, { version: 1, state: 'full', entity: 'sip:101@acme.example' });
  t.same(early.dialogs[0], {
    id: 'a',
    callId: 'c&1',
    localTag: 'l',
    remoteTag: 'r',
    direction: 'recipient',
    state: 'early',
    event: 'replaced',
    code: '200',
    replaces: { callId: 'old', localTag: 'ol', remoteTag: 'or' },
    local: {
      identity: 'sip:101@acme.example',
      display: 'Bob <"B">',
      target: 'sip:101@127.0.0.1',
      params: { '+sip.rendering': 'no' },
    },
    remote: { identity: 'sip:100@acme.example', target: 'sip:*95101@acme.example', params: {} },
  });
  t.equal((await watcher.next()).version, 0, 'one after the other');
  t.equal((await watcher.next()).version, 1);
  await says({ body: documentOf(2, dialog('a', 'terminated')) });
  await watcher.sees(({ dialogs }) => dialogs[0]?.state === 'terminated');
  await t.rejects(
    watcher.sees(({ version }) => version === 0, 50),
    /did not see it/,
    'what was before is not seen again',
  );
  t.equal((await watcher.refreshes({ expires: 30 })).status, 200);
  await says({ body: documentOf(3), headers: { 'Subscription-State': 'active;expires=30' } });
  t.equal((await watcher.unsubscribes()).status, 200);
  await says({ headers: { 'Subscription-State': 'terminated;reason=timeout' } });
  await watcher.isOver();
  t.same([watcher.faults, watcher.state, alice.unfinished()], [[], 'ended', []]);
});

const wrongs: readonly (readonly [what: string, fault: RegExp, ...said: readonly Said[]])[] = [
  ['a first version of 1', /version 1 instead of 0/, { body: documentOf(1) }],
  ['a gap', /version 2 instead of 1/, { body: documentOf(0) }, { body: documentOf(2) }],
  ['a version twice', /version 0 instead of 1/, { body: documentOf(0) }, { body: documentOf(0) }],
  [
    'early after terminated',
    /dialog a is early after terminated/,
    { body: documentOf(0, dialog('a', 'terminated')) },
    { body: documentOf(1) },
    { body: documentOf(2, dialog('a', 'early')) },
  ],
  [
    'a dialog that vanishes',
    /dialog a has vanished/,
    { body: documentOf(0, dialog('a', 'early')) },
    { body: documentOf(1) },
  ],
  ['an unknown state', /dialog a is "ringing"/, { body: documentOf(0, dialog('a', 'ringing')) }],
  ['an id twice', /an id twice/, { body: documentOf(0, dialog('a', 'early'), dialog('a', 'early')) }],
  ['another entity', /entity sip:102/, { body: documentOf(0) }, { body: documentOf(1).replace('101@', '102@') }],
  ['no XML', /root element/, { body: '<dialog-info' }],
  ['another namespace', /is of the namespace/, { body: documentOf(0).replace('urn:ietf', 'urn:etf') }],
  ['another Event', /Event is "presence"/, { body: documentOf(0), headers: { Event: 'presence' } }],
  ['no Contact', /without Contact/, { body: documentOf(0), headers: { Contact: undefined } }],
  [
    'another Content-Type',
    /Content-Type is "text\/xml"/,
    { body: documentOf(0), headers: { 'Content-Type': 'text/xml' } },
  ],
  ['a long document', /a document of \d{4} bytes/, { body: documentOf(0, `<!-- ${'x'.repeat(3_500)} -->`) }],
  ['no document', /without a document/, {}],
  ['no expires', /expires is 0/, { body: documentOf(0), headers: { 'Subscription-State': 'active' } }],
  [
    'more than was granted',
    /expires 66 /,
    { body: documentOf(0), headers: { 'Subscription-State': 'active;expires=66' } },
  ],
  [
    'more than before',
    /expires 60 after 50/,
    { body: documentOf(0), headers: { 'Subscription-State': 'active;expires=50' } },
    { body: documentOf(1) },
  ],
  ['no reason', /terminated without a reason/, { headers: { 'Subscription-State': 'terminated' } }],
];

for (const [what, fault, ...said] of wrongs) {
  t.test(`a watcher notices ${what}`, async (t) => {
    const { watcher, says } = await watched(t);
    await says(...said);
    t.match(watcher.faults.join('\n'), fault);
    t.equal(watcher.faults.length, 1, 'and nothing else');
  });
}

t.test('a watcher notices a NOTIFY before the answer, and two at once', async (t) => {
  const server = await notifier(t);
  const accept = server.holdsBack();
  const alice = await phone(t, { number: '100', server: server.peer });
  let later: (status: number) => void = () => undefined;
  const answers = () =>
    new Promise<number>((resolve) => {
      later = resolve;
    });
  const watcher = alice.watches('101', { expires: 60, answers });
  while (server.heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  server.notifies({ body: documentOf(0) });
  await watcher.next();
  accept();
  await watcher.accepted();
  t.match(watcher.faults, [/before the answer to the SUBSCRIBE/]);
  server.notifies({ body: documentOf(1) });
  await watcher.next();
  t.match(watcher.faults, [/before the answer/, /a second NOTIFY before the first answer/]);
  later(481);
  while (!server.heard.some(({ status }) => status === 481)) await new Promise((resolve) => setTimeout(resolve, 2));
});

t.throws(() => readDocument(new Message('NOTIFY sip:a SIP/2.0\r\n\r\n<a/>'), 0), /namespace/);
