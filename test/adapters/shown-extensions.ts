import t from 'tap';
import { v1 } from '../../src/adapters/http/v1/dialect.js';
import { eventText, mayHear } from '../../src/adapters/http/v1/event-json.js';
import { isPin } from '../../src/adapters/office/pin-hash.js';
import type { Extension } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { News } from '../../src/flows/news.js';
import type { Personal } from '../../src/flows/office-store.js';
import { openStage, type Who } from './http-stage.js';

const [alice, bob, carol, dave] = ['100', '101', '102', '103'] as Extension[] as [
  Extension,
  Extension,
  Extension,
  Extension,
];

/** The two companies of every test; the personal token is Carol's, 100 and 101 are of one user. */
const open = (t: Parameters<typeof openStage>[0]) => {
  const stage = openStage(t, { dialects: [v1] });
  const offices = stage.documents.offices(stage.away);
  const says = (extension: Extension, personal: Personal) =>
    offices.setPersonal(offices.current.tenants.get('acme' as never) as Tenant, extension, personal);
  const ofAlice = stage.issue({ role: 'PERSONAL', tenant: 'acme' as never, extension: alice }, 'Alice');
  const asAlice = (line: string, body?: unknown) =>
    stage.ask(undefined, line, body, { authorization: `Bearer ${ofAlice}` });
  const pinOf = (number: string) => stage.documents.now.tenants.acme?.extensions[number]?.replacePin;
  return { ...stage, says, asAlice, pinOf };
};

t.test('extensions: what their people say, and who has changed phones with whom', async (t) => {
  const stage = open(t);
  await stage.says(bob, { changedWith: carol, presence: 'away' });
  await stage.says(carol, { changedWith: bob });
  const { json, headers } = await stage.ask('viewer', 'GET /v1/extensions');
  t.equal(json.total, 4);
  t.same(json.extensions[1], {
    extension: '101',
    name: 'Phone 101',
    presence: 'away',
    refusesPickup: false,
    hasReplacePin: false,
    changedWith: { extension: '102', name: 'Phone 102' },
  });
  const known = { 'if-none-match': String(headers.etag) };
  t.equal((await stage.ask('viewer', 'GET /v1/extensions', undefined, known)).status, 304);
  const numbers = async (who: Who, query: string) => {
    const answer = await stage.ask(who, `GET /v1/extensions${query}`);
    return answer.json.extensions.map(({ extension }: { extension: string }) => extension);
  };
  t.same(await numbers('manager', '?changed=true'), ['101', '102']);
  t.same(await numbers('manager', '?changed=false&limit=1'), ['100']);
  t.same(await numbers('personal', ''), ['102'], 'a PERSONAL token sees its own');
  t.match((await stage.ask('personal', 'GET /v1/extensions/102')).json, { changedWith: { extension: '101' } });
  t.equal((await stage.ask('personal', 'GET /v1/extensions/101')).status, 403);
  t.equal((await stage.ask('personal', 'GET /v1/extensions/999')).status, 403, 'which numbers there are is not told');
  t.equal((await stage.asAlice('GET /v1/extensions/101')).status, 200, 'of the same user');
  t.equal((await stage.ask('viewer', 'GET /v1/extensions/999')).status, 404);
  t.equal((await stage.ask('admin', 'GET /v1/extensions')).status, 403, 'no company, no extensions');
  t.same((await stage.ask('stranger', 'GET /v1/extensions?changed=true')).json.extensions, [], 'another company');
  t.match((await stage.ask('viewer', 'GET /v1/extensions?limit=0')).json.errors, [{ field: 'limit' }]);
});

t.test('a PIN is set by who may, kept hashed, and never shown', async (t) => {
  const stage = open(t);
  const line = 'PUT /v1/extensions/102/replace-pin';
  t.equal((await stage.ask('personal', line, { pin: '24680' })).status, 204, 'one’s own');
  const first = stage.pinOf('102');
  t.ok(await isPin('24680', first));
  t.equal((await stage.ask('manager', line, { pin: '24680' })).status, 204, 'a manager’s is anybody’s');
  t.not(stage.pinOf('102'), first, 'with a salt of its own');
  t.equal((await stage.ask('manager', 'PUT /v1/extensions/103/replace-pin', { pin: '135791357913' })).status, 204);
  t.equal((await stage.asAlice('PUT /v1/extensions/101/replace-pin', { pin: '1357' })).status, 204);
  for (const [who, path] of [
    ['viewer', '102'],
    ['personal', '103'],
  ] as const) {
    t.equal((await stage.ask(who, `PUT /v1/extensions/${path}/replace-pin`, { pin: '1111' })).status, 403, who);
    t.equal((await stage.ask(who, `DELETE /v1/extensions/${path}/replace-pin`)).status, 403, who);
  }
  t.equal((await stage.ask('manager', 'PUT /v1/extensions/999/replace-pin', { pin: '1111' })).status, 404);
  t.equal((await stage.ask('manager', 'PUT /v1/extensions/constructor/replace-pin', { pin: '1111' })).status, 404);
  t.not(await isPin('1111', stage.pinOf('102')), true);

  for (const pin of ['123', '1234567890123', '12a4', '12 4', '', '１２３４', 4711, null, undefined]) {
    const { status, json, text } = await stage.ask('manager', line, { pin });
    t.match([status, json.errors?.[0]?.field], [400, 'pin'], String(pin));
    t.notMatch(text, /1234567890123|12a4/, 'what was sent is not told again');
  }
  const beside = await stage.ask('manager', line, { pin: '4711', old: '1' });
  t.match(beside.json.errors, [{ field: 'old' }]);

  const seen = await stage.ask('manager', 'GET /v1/extensions');
  t.same(
    seen.json.extensions.map(({ hasReplacePin }: { hasReplacePin: boolean }) => hasReplacePin),
    [false, true, true, true],
  );
  t.notMatch(seen.text, /scrypt|24680/);
  t.equal((await stage.ask('personal', 'DELETE /v1/extensions/102/replace-pin')).status, 204);
  t.equal((await stage.ask('personal', 'DELETE /v1/extensions/102/replace-pin')).status, 204, 'it has none');
  t.equal(stage.pinOf('102'), undefined);
  t.match(stage.documents.now.tenants.acme?.extensions['102'], { name: 'Phone 102' }, 'nothing else is gone');
  stage.away.isAway = true;
  t.equal((await stage.ask('admin', line, { pin: '24680' })).status, 503);
  t.notMatch(JSON.stringify(stage.lines), /24680|135791357913/, 'no PIN is written down');
});

t.test('phones are changed back by who has them, or who looks after the company', async (t) => {
  const stage = open(t);
  const line = 'DELETE /v1/extensions/102/changed-phones';
  t.equal((await stage.ask('personal', line)).status, 204);
  t.equal((await stage.ask('manager', line)).status, 204);
  const asked = { tenant: { id: 'acme' }, picker: carol, wish: { kind: 'change-back' } };
  t.match(stage.replacing.asked, [asked, asked]);
  t.equal((await stage.ask('viewer', line)).status, 403);
  t.equal((await stage.ask('personal', 'DELETE /v1/extensions/101/changed-phones')).status, 403);
  t.equal((await stage.ask('manager', 'DELETE /v1/extensions/999/changed-phones')).status, 404);
  t.equal(stage.replacing.asked.length, 2);
  stage.replacing.answer = { ok: false, refusal: 'not-changed' };
  t.equal((await stage.ask('manager', line)).status, 204, 'each has the own phones already');
  stage.replacing.answer = { ok: false, refusal: 'store-unreachable' };
  t.match(await stage.ask('manager', line), { status: 503, headers: { 'retry-after': '1' } });
});

t.test('the event of changed phones: for the company, and for the two', async (t) => {
  const tenant = open(t).documents.current.tenants.get('acme' as never) as Tenant;
  const news: News = { event: 'phones-changed', extension: alice, other: bob, became: 'changed' };
  t.same(
    [undefined, alice, bob, dave].map((extension) => mayHear({ tenant, ...(extension && { extension }) }, news)),
    [true, true, true, false],
  );
  t.equal(
    eventText(tenant, { id: '7-0', at: 0, news }),
    'id: 7-0\nevent: phones-changed\ndata: {"at":"1970-01-01T00:00:00.000Z",' +
      '"by":{"extension":"100","name":"Phone 100"},"other":{"extension":"101","name":"Phone 101"},"became":"changed"}\n\n',
  );
});
