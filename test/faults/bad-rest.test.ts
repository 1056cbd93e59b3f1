import t from 'tap';
import { office, ringing } from '../support/office.js';
import { otherBodies, tooLarge } from './bad-rest-bodies.js';
import { doors, rightTokens, wrongMatches, wrongTokens } from './bad-rest-doors.js';
import { leaks, readError } from './bad-rest-judge.js';
import { judge } from './bad-rest-judged.js';
import { callControl, officeYaml } from './bad-rest-office.js';
import { type Operation, operationsOf } from './bad-rest-operations.js';
import { rightRequest, throwsAt } from './bad-rest-spoil-run.js';
import { changedPrototypes, spyEnvironment } from './bad-rest-spy.js';
import { openPrograms, type Role } from './bad-rest-stage.js';
import { isThorough, seed } from './bad-rest-strings.js';
import { validRequests } from './bad-rest-valid.js';
import { stateOf, strangeKeys, watchLife } from './bad-rest-watch.js';
import { beginsAndWaits, hardlyHttp, sendRaw } from './bad-rest-wire.js';
import { limits, wrapped } from './bad-rest-wrapped.js';

t.comment(
  `seed ${seed}${isThorough ? ', every naughty string' : ''}; BAD_SEED=… repeats it, BAD_ALL=1 takes the whole list`,
);

const acme = await office(t, { office: officeYaml, env: spyEnvironment });
const programs = await openPrograms(acme);
const life = watchLife(acme.http);
t.teardown(async () => {
  programs.close();
  await life.stop();
});
const [alice, bob, carol] = await Promise.all([acme.phone('100'), acme.phone('101'), acme.phone('102')]);
const rung = await ringing(alice, bob);

const asks = async (role: Role, url: string) => {
  const { text } = await programs.ask({ method: 'GET', url, headers: { authorization: programs.authorization(role) } });
  return JSON.parse(text);
};

/** The store hears of a call a little later than the phones. */
const callOf = async (): Promise<string> => {
  for (;;) {
    const { calls } = await asks('viewer', '/v1/calls?state=ringing');
    if (calls.length > 0) return calls[0].id;
  }
};

const call = await callOf();
const relations = (await asks('owner', '/ivoz/pick_up_rel_users')) as { id: number; pickUpGroup: { id: number } }[];
const [first = '', second = ''] = relations.filter((each) => each.pickUpGroup.id === 4).map(({ id }) => String(id));
const operations = await operationsOf(acme.http);
const table = validRequests({ call, relations: [first, second] });

/** Requests that never end; they are looked for when all else is done. */
const unfinished = beginsAndWaits(acme.http, programs.authorization('viewer'));

const rightOf = (operation: Operation) => {
  const valid = table[operation.key];
  if (!valid) throw new Error(`there is no right request for ${operation.key}`);
  return { valid, right: rightRequest(operation, valid, programs) };
};

const scene = { programs, redis: acme.redis };

t.test('every operation has a right request', async (t) => {
  t.same(Object.keys(table).sort(), operations.map(({ key }) => key).sort());
});

/** What takes things away comes last: the others need them. */
const ordered = [...operations].sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));

for (const operation of ordered) {
  t.test(`${operation.key}, every field`, async (t) => {
    const { valid, right } = rightOf(operation);
    const demandRight = async () => {
      const { status, text } = await programs.ask(right);
      t.equal(status, valid.status, 'as it should be', { text });
    };
    const isLast = operation.method === 'DELETE';
    if (!isLast) await demandRight();
    const throws = throwsAt(operation, valid, right);
    const { wrong, count, statuses } = await judge(throws, scene);
    t.same(wrong.slice(0, 8), [], `${count} spoiled requests: ${JSON.stringify(statuses)}`);
    if (isLast) await demandRight();
  });
}

const writes = operations.filter(({ body }) => body !== undefined);

t.test('bodies that are none', async (t) => {
  for (const operation of writes) {
    const { count, wrong } = await judge(otherBodies(rightOf(operation).right), scene);
    t.same(wrong.slice(0, 5), [], `${operation.key}: ${count}`);
  }
  t.same(await changedPrototypes(acme), { more: [], polluted: 'undefined' }, 'no prototype was changed');
});

const authorized = (role: Role) => ({
  authorization: programs.authorization(role),
  'content-type': 'application/json',
});

t.test('UIS: the document in its wrappings', async (t) => {
  const operation = writes.find(({ path }) => path.startsWith('/client/')) as Operation;
  const { valid, right } = rightOf(operation);
  const all = wrapped(throwsAt(operation, valid, right));
  const some = isThorough ? all : all.filter((_, index) => index % 3 === seed % 3);
  const { count, wrong } = await judge(some, scene);
  t.same(wrong.slice(0, 8), [], `${count} bodies`);
});

t.test('limits', async (t) => {
  const requests: Readonly<Record<string, readonly [method: string, url: string]>> = {
    'PUT uis': ['PUT', '/client/acme/call_control_group/'],
    'POST telecomx': ['POST', '/pbx/group'],
    'POST ivoz': ['POST', '/ivoz/pick_up_groups'],
    'POST codes': ['POST', '/ivoz/company_services'],
  };
  for (const [what, request, body, field] of limits) {
    const [method, url] = requests[request] ?? ['', ''];
    const before = await stateOf(acme.redis);
    const got = await programs.ask({ method, url, headers: authorized('owner'), body: JSON.stringify(body) });
    if (field === undefined) t.equal(got.status, 200, `${request}: ${what} go`);
    else {
      t.equal(got.status, 400, `${request}: ${what} do not go`);
      t.ok(
        readError(url, got).fields.some((each) => each === field || each.startsWith(`${field}.`)),
        field,
        { got: got.text.slice(0, 300) },
      );
      t.equal(await stateOf(acme.redis), before);
    }
  }
});

t.test('three megabytes', async (t) => {
  for (const operation of writes) {
    const { method, url, headers = {} } = rightOf(operation).right;
    const got = await programs.ask({ method, url, headers, body: tooLarge });
    t.match([got.status, readError(url, got)], [413, { fields: ['body'], fault: undefined }], operation.key);
  }
});

t.test('wrong methods, and paths that lead nowhere', async (t) => {
  const methodsOf = new Map<string, string[]>();
  for (const { path, method } of operations) methodsOf.set(path, [...(methodsOf.get(path) ?? []), method]);
  for (const [path, methods] of methodsOf) {
    const { right } = rightOf(operations.find((each) => each.path === path) as Operation);
    const url = right.url.split('?')[0] ?? '';
    for (const method of ['PUT', 'PATCH', 'DELETE'].filter((each) => !methods.includes(each))) {
      const got = await programs.ask({ method, url, headers: authorized('owner') });
      t.match([got.status, readError(url, got).fault], [405, undefined], `${method} ${path}`);
      t.ok(
        methods.every((each) => String(got.headers.allow).split(', ').includes(each)),
        'Allow has them all',
      );
    }
  }
  for (const url of ['/client', '/ivoz/', '/pbx/groups', '/uapi/phoneCalls', '/v1/Calls', '/v1/calls/']) {
    const got = await programs.ask({ method: 'GET', url, headers: authorized('owner') });
    t.match([got.status, readError(url, got).fault], [404, undefined], url);
  }
});

t.test('tokens', async (t) => {
  const good = programs.authorization('viewer');
  for (const [index, { url }] of doors.entries()) {
    for (const [place, authorization] of wrongTokens(good).entries()) {
      const headers = authorization === undefined ? {} : { authorization };
      const from = `127.0.${index + 1}.${place + 1}`;
      const got = await programs.ask({ method: 'GET', url, headers, from });
      const shown = authorization?.slice(0, 30);
      t.match([got.status, readError(url, got).fault], [401, undefined], `${url} with ${shown}`);
      t.match(got.headers['www-authenticate'], /^Bearer/);
      t.same(leaks(got), [], 'and tells nothing');
    }
    for (const authorization of rightTokens(good)) {
      const { status } = await programs.ask({ method: 'GET', url, headers: { authorization } });
      t.ok([200, 204].includes(status), `${url} with ${authorization.slice(0, 10)}…`);
    }
  }
});

t.test('the eleventh wrong token in a minute', async (t) => {
  const good = programs.authorization('viewer');
  const from = '127.0.9.9';
  const wrong = (url: string, more: Readonly<Record<string, string>> = {}) =>
    programs.ask({ method: 'GET', url, from, headers: { authorization: 'Bearer wrong', ...more } });
  const first = await Promise.all(Array.from({ length: 10 }, (_, index) => wrong(doors[index % 5]?.url ?? '')));
  t.same(
    first.map(({ status }) => status),
    Array(10).fill(401),
    'ten are told that they are wrong',
  );
  for (const { url } of doors) {
    const got = await wrong(url);
    t.match([got.status, readError(url, got).fault], [429, undefined], `${url}: the address is to wait`);
    t.match(got.headers['retry-after'], /^[1-9]\d?$/);
  }
  t.equal((await wrong('/v1/calls', { 'x-forwarded-for': '10.1.2.3', forwarded: 'for=10.1.2.3' })).status, 429);
  const right = await programs.ask({ method: 'GET', url: '/v1/calls', from, headers: { authorization: good } });
  t.equal(right.status, 200, 'a right token from there is not hindered');
  const other = { method: 'GET', url: '/v1/calls', from: '127.0.9.10', headers: { authorization: 'Bearer wrong' } };
  t.equal((await programs.ask(other)).status, 401, 'another address has its own ten');
});

t.test('If-Match', async (t) => {
  const tagged = writes.filter(
    ({ method, path }) => method === 'PUT' && /^.(client|ivoz)|^.pbx.group.{groupId}$/.test(path),
  );
  for (const operation of tagged) {
    const { valid, right } = rightOf(operation);
    const before = await stateOf(acme.redis);
    for (const value of wrongMatches) {
      const got = await programs.ask({ ...right, headers: { ...right.headers, 'if-match': value } });
      t.match(
        [got.status, readError(right.url, got).fault],
        [412, undefined],
        `${operation.key}: ${value.slice(0, 20)}`,
      );
    }
    t.equal(await stateOf(acme.redis), before, `${valid.as} has changed nothing`);
  }
  const url = '/client/globex/call_control_group/';
  const before = await stateOf(acme.redis);
  const got = await programs.ask({
    method: 'PUT',
    url,
    headers: authorized('globex'),
    body: JSON.stringify(callControl),
  });
  t.match([got.status, readError(url, got).fault], [428, undefined], 'globex wants If-Match');
  t.equal(await stateOf(acme.redis), before);
});

t.test('hardly HTTP', async (t) => {
  for (const { what, text, statuses, answers = 1 } of hardlyHttp(programs.authorization('viewer'))) {
    const heard = await sendRaw(acme.http, text, { answers, from: '127.0.8.1' });
    const isRight = answers > 1 ? heard.statuses.join() === statuses.join() : statuses.includes(heard.statuses[0] ?? 0);
    t.ok(isRight, `${what}: ${heard.statuses}`, { text: heard.text.slice(0, 400) });
    t.same(leaks({ status: 0, headers: {}, text: heard.text }), [], 'and tells nothing');
  }
});

t.test('the end', async (t) => {
  t.same(await strangeKeys(acme.redis), []);
  await rung.call.cancels();
  const { asked, missing } = await life.stop();
  t.same(missing, [], `livez answered ${asked} times`);
  for (const each of await Promise.all(unfinished)) t.comment(each.statuses, each.text.slice(0, 200));
});
