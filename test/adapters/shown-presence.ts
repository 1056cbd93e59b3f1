import t from 'tap';
import { v1 } from '../../src/adapters/http/v1/dialect.js';
import { eventText, mayHear } from '../../src/adapters/http/v1/event-json.js';
import type { Extension } from '../../src/domain/names.js';
import type { News } from '../../src/flows/news.js';
import { openStage, twoCompanies, type Who } from './http-stage.js';

/** 100 and 101 are of one user; the personal token is 102's, who controls 103, and may watch nobody else. */
const open = (t: Parameters<typeof openStage>[0]) => {
  const { tenants, ...rest } = twoCompanies();
  const { acme, globex } = tenants;
  if (!acme || !globex) throw new Error('no companies');
  const groups = {
    ['1'.repeat(24)]: {
      name: 'Night',
      members: ['103'],
      controllers: ['102'],
      setPresence: true,
      viewOtherParty: true,
    },
  };
  const callControl = { pickup_all: false };
  const stage = openStage(t, {
    dialects: [v1],
    office: { ...rest, tenants: { acme: { ...acme, pickupGroups: {}, callControl, groups }, globex } },
  });
  const ofAlice = stage.issue({ role: 'PERSONAL', tenant: 'acme' as never, extension: '100' as Extension }, 'Alice');
  const asAlice = (line: string, body?: unknown) =>
    stage.ask(undefined, line, body, { authorization: `Bearer ${ofAlice}` });
  return { ...stage, asAlice };
};

const line = (extension: string) => `/v1/extensions/${extension}/presence`;

t.test('presence: an extension says how its people are, and who may watch it reads so', async (t) => {
  const stage = open(t);
  const usual = await stage.ask('viewer', `GET ${line('102')}`);
  t.same(usual.json, { extension: '102', name: 'Phone 102', presence: 'available' });
  const set = await stage.ask('personal', `PUT ${line('102')}`, { presence: 'do-not-disturb' });
  t.match([set.status, set.json], [200, { extension: '102', presence: 'do-not-disturb' }]);
  const read = await stage.ask('personal', `GET ${line('102')}`);
  t.same(read.json, set.json);
  t.equal(read.headers.etag, set.headers.etag);
  const known = { 'if-none-match': String(read.headers.etag) };
  t.equal((await stage.ask('viewer', `GET ${line('102')}`, undefined, known)).status, 304);
  t.equal((await stage.ask('stranger', `GET ${line('102')}`)).json.presence, 'available', 'their own 102');
});

t.test('presence: who may set and see whose', async (t) => {
  const stage = open(t);
  const rows: [who: Who, extension: string, get: number, put: number][] = [
    ['manager', '101', 200, 200],
    ['owner', '101', 200, 200],
    ['viewer', '101', 200, 403],
    ['personal', '103', 200, 200],
    ['personal', '101', 403, 403],
    ['personal', '999', 403, 403],
    ['manager', '999', 404, 404],
    ['admin', '101', 403, 403],
    ['reseller', '101', 403, 403],
  ];
  for (const [who, extension, get, put] of rows) {
    const at = line(extension);
    t.equal((await stage.ask(who, `GET ${at}`)).status, get, `${who} GET ${extension}`);
    t.equal((await stage.ask(who, `PUT ${at}`, { presence: 'away' })).status, put, `${who} PUT ${extension}`);
  }
  t.equal((await stage.asAlice(`PUT ${line('101')}`, { presence: 'away' })).status, 200, 'of the same user');
  t.match((await stage.ask('personal', `PUT ${line('101')}`, { presence: 'away' })).json, { code: 'not-allowed' });
});

t.test('presence: what is wrong is named, and nothing is set', async (t) => {
  const stage = open(t);
  const rows: [body: unknown, field: string][] = [
    [{ presence: 'asleep' }, 'presence'],
    [{ presence: 'AWAY' }, 'presence'],
    [{ presence: null }, 'presence'],
    [{}, 'presence'],
    [{ presence: 'away', until: 5 }, 'until'],
    [[], 'body'],
  ];
  for (const [body, field] of rows) {
    const { status, json } = await stage.ask('manager', `PUT ${line('101')}`, body);
    t.match([status, json.errors], [400, [{ field }]], JSON.stringify(body));
  }
  t.match((await stage.ask('manager', `PUT ${line('a%20b')}`, { presence: 'away' })).json.errors, [
    { field: 'extension' },
  ]);
  stage.away.isAway = true;
  t.equal((await stage.ask('manager', `GET ${line('101')}`)).status, 503, 'nobody can be asked for the token');
  stage.away.isAway = false;
  t.match((await stage.ask('manager', `GET ${line('101')}`)).json, { presence: 'available' });
});

t.test('another presence is an event, for who may watch the extension', async (t) => {
  const { documents } = open(t);
  const tenant = documents.current.tenants.get('acme' as never);
  if (!tenant) throw new Error('no acme');
  const [alice, carol, dave] = ['100', '102', '103'] as [Extension, Extension, Extension];
  const news: News = { event: 'presence', extension: dave, presence: 'away', how: 'publish' };
  const data = (each: News) =>
    JSON.parse(/^data: (.*)$/m.exec(eventText(tenant, { id: '1-0', at: 0, news: each }))?.[1] ?? '');
  t.match(eventText(tenant, { id: '1-0', at: 0, news }), /^id: 1-0\nevent: presence\ndata: \{.*\}\n\n$/);
  const at = '1970-01-01T00:00:00.000Z';
  t.same(data(news), { at, extension: '103', name: 'Phone 103', presence: 'away', how: 'publish' });
  t.match(data({ ...news, how: 'api', by: carol }), { how: 'api', by: { extension: '102', name: 'Phone 102' } });
  t.equal(mayHear({ tenant }, news), true, 'a company hears of everybody');
  for (const [extension, may] of [
    [dave, true],
    [carol, true],
    [alice, false],
  ] as const) {
    t.equal(mayHear({ tenant, extension }, news), may, extension);
  }
});
