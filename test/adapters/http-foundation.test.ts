import t from 'tap';
import { Type } from 'typebox';
import type { Dialect } from '../../src/adapters/http/api.js';
import { changeCompany, no } from '../../src/adapters/http/change.js';
import { companyOf } from '../../src/adapters/http/company.js';
import { mismatch, sendTagged } from '../../src/adapters/http/etag.js';
import { closed, line } from '../../src/adapters/http/schema.js';
import { openStage } from './http-stage.js';

const trial: Dialect = {
  name: 'Trial',
  description: 'For these tests',
  prefix: '/trial',
  errorSchema: closed({ no: Type.String() }),
  errorAnswer: ({ code, message, faults, requestId }) => ({ body: { no: code, message, faults, requestId } }),
  routes: (api) => async (app) => {
    app.get('/name', { schema: { querystring: closed({ count: Type.Optional(Type.Integer()) }) } }, async (request, reply) => {
      const { name } = companyOf(api, request);
      return sendTagged(request, reply, { name, ...request.query });
    });
    app.put('/name', { config: { right: 'change-groups' }, schema: { body: closed({ name: line(20, 1) }) } }, async (request) => {
      const tenant = companyOf(api, request);
      const changed = await changeCompany(api, tenant, {
        request,
        edit: (document) => {
          const problem = mismatch(request, tenant, { name: document.name });
          return problem ? no(problem) : { ok: true, document: { ...document, name: request.body.name } };
        },
      });
      return { name: changed.name };
    });
    app.get('/company/:id', { schema: { params: closed({ id: line(40) }) } }, async (request) => ({
      name: companyOf(api, request, request.params.id).name,
    }));
    app.get('/calls', async (request) => api.calls.list(companyOf(api, request).id));
    app.get('/surprise', async () => {
      throw new Error('the password of redis is hunter2');
    });
  },
};

t.test('x', async (t) => {
  const { ask, lines, answered, away, app } = openStage(t, { dialects: [trial] });
  for (const [who, line, body, headers] of [
    ['viewer', 'GET /trial/name'],
    ['viewer', 'GET /trial/name?count=3'],
    ['viewer', 'GET /trial/name?count=x&z=1'],
    ['viewer', 'GET /trial/calls?z=1'],
    ['viewer', 'PUT /trial/name', { name: 'x' }],
    ['owner', 'PUT /trial/name', { name: 'x', b: { c: 1 } }],
    ['owner', 'PUT /trial/name', '{"name":'],
    ['owner', 'PUT /trial/name', '{"__proto__": {"a":1}}'],
    ['owner', 'PUT /trial/name', 'x', { 'content-type': 'text/plain' }],
    ['owner', 'PUT /trial/name', 'x'.repeat(3e6)],
    ['owner', 'PUT /trial/name'],
    ['owner', 'PUT /trial/name', null],
    ['owner', 'PUT /trial/name', { name: 'new' }],
    ['owner', 'PUT /trial/name', { name: 'newer' }, { 'if-match': '"nope"' }],
    ['owner', 'DELETE /trial/name'],
    ['owner', 'PROPFIND /trial/name'],
    ['owner', 'TRACE /trial/name'],
    ['owner', 'OPTIONS /trial/name'],
    ['owner', 'GET /trial/nothing'],
    ['owner', 'GET /trial/company/%ff'],
    ['owner', 'GET /trial/company/'],
    ['owner', `GET /trial/company/${'x'.repeat(1000)}`],
    ['owner', `GET /trial/company/${'x'.repeat(3000)}`],
    ['owner', 'GET /trial/company/globex'],
    ['owner', `GET /trial/company/${'A'.repeat(24)}`],
    ['admin', 'GET /trial/company/globex'],
    ['admin', 'GET /trial/name'],
    ['reseller', 'GET /trial/company/globex'],
    ['reseller', 'GET /trial/company/acme'],
    ['owner', 'GET /trial/surprise'],
    [undefined, 'GET /trial/name'],
    [undefined, 'GET /openapi.json'],
    [undefined, 'GET /docs'],
    [undefined, 'GET /docs/'],
    [undefined, 'GET /docs/static/swagger-ui.css'],
    [undefined, 'GET /livez'],
    [undefined, 'GET /x'],
  ] as const) {
    const a = await ask(who as any, line, body, headers as any);
    console.log(who, line.slice(0, 60), '->', a.status, a.text.slice(0, 600), a.headers.etag, a.headers.allow);
  }
  away.isAway = true;
  console.log((await ask('owner', 'GET /trial/calls')).text);
  console.log(lines, answered.slice(-8));
  console.log((await app.inject('/docs/')).headers, (await app.inject('/docs/')).body);
});
