import t from 'tap';
import { ringing } from '../support/office.js';
import { otherBodies, tooLarge, tooLong } from './bad-rest-bodies.js';
import { doors, rightTokens, wrongMatches, wrongTokens } from './bad-rest-doors.js';
import { leaks, readError } from './bad-rest-judge.js';
import { judge } from './bad-rest-judged.js';
import { limits } from './bad-rest-limits.js';
import { callControl, ids } from './bad-rest-office.js';
import { openPlaces } from './bad-rest-open.js';
import type { Operation } from './bad-rest-operations.js';
import { callerIdOf, displayName, headerNames, invitedBy, passesAsCaller, passingNames } from './bad-rest-phones.js';
import { openScene, refusal } from './bad-rest-scene.js';
import { fits } from './bad-rest-schema.js';
import { throwsAt } from './bad-rest-spoil-run.js';
import { changedPrototypes } from './bad-rest-spy.js';
import type { Role } from './bad-rest-stage.js';
import { isThorough, seed } from './bad-rest-strings.js';
import { stateOf, strangeKeys } from './bad-rest-watch.js';
import { beginsAndWaits, hardlyHttp, sendRaw } from './bad-rest-wire.js';
import { wrapped } from './bad-rest-wrapped.js';

t.comment(
  `seed ${seed}${isThorough ? ', every naughty string' : ''}; BAD_SEED=… repeats it, BAD_ALL=1 takes the whole list`,
);

const { acme, programs, life, phones, operations, call, table, rightOf } = await openScene(t);
const { alice, bob, carol, dave } = phones;

/** Requests that never end; they are looked for when all else is done. */
const unfinished = beginsAndWaits(acme.http, programs.authorization('viewer'));

const scene = { programs, redis: acme.redis };

t.test('every operation has a right request', async (t) => {
  t.same(Object.keys(await table()).sort(), operations.map(({ key }) => key).sort());
});

t.test('no field takes text, lists or names without end', async (t) => {
  t.same(operations.flatMap(openPlaces), []);
});

const everyField = (operation: Operation): void => {
  t.test(`${operation.key}, every field`, async (t) => {
    const { valid, right } = await rightOf(operation);
    const demandRight = async () => {
      const { status, text } = await programs.ask(right);
      t.equal(status, valid.status, 'as it should be', { text });
    };
    // What takes something away is done last: there would be nothing left to be wrong about.
    const isLast = operation.method === 'DELETE';
    if (!isLast) await demandRight();
    const { wrong, count, statuses } = await judge(throwsAt(operation, valid, right), scene);
    t.same(wrong.slice(0, 8), [], `${count} spoiled requests: ${JSON.stringify(statuses)}`);
    if (isLast) await demandRight();
  });
};

for (const operation of operations) if (operation.method !== 'DELETE') everyField(operation);

const writes = operations.filter(({ body }) => body !== undefined);

t.test('bodies that are none', async (t) => {
  for (const operation of writes) {
    const { count, wrong } = await judge(otherBodies((await rightOf(operation)).right), scene);
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
  const { valid, right } = await rightOf(operation);
  const all = wrapped(throwsAt(operation, valid, right));
  const some = isThorough ? all : all.filter((_, index) => index % 3 === seed % 3);
  const { count, wrong } = await judge(some, scene);
  t.same(wrong.slice(0, 8), [], `${count} bodies`);
});

/** UIS's document of acme as the office file has it. */
const putBack = async (): Promise<number> => {
  const url = '/client/acme/call_control_group/';
  const put = { method: 'PUT', url, headers: authorized('owner'), body: JSON.stringify(callControl) };
  return (await programs.ask(put)).status;
};

t.test('limits', async (t) => {
  for (const { what, method, url, body, field } of limits) {
    const before = await stateOf(acme.redis);
    const got = await programs.ask({ method, url, headers: authorized('owner'), body: JSON.stringify(body) });
    if (field === undefined) t.equal(got.status, 200, `${what} go`);
    else {
      const { fault, fields } = readError(url, got);
      const isNamed = fields.some((each) => each === field || each.startsWith(`${field}.`));
      t.same([got.status, fault, isNamed], [400, undefined, true], `${what} do not go`, {
        text: got.text.slice(0, 300),
      });
      t.equal(await stateOf(acme.redis), before, 'and nothing was changed');
    }
  }
  t.equal(await putBack(), 200);
});

t.test('three megabytes', async (t) => {
  for (const operation of writes) {
    const { method, url, headers } = (await rightOf(operation)).right;
    // Their announcement is enough: who goes on talking after the answer may not hear it any more.
    const got = await programs.ask({ method, url, headers: { ...headers, 'content-length': tooLong }, body: '{' });
    t.match([got.status, readError(url, got)], [413, { fields: ['body'], fault: undefined }], operation.key);
  }
  const unannounced = await sendRaw(acme.http, tooLarge(programs.authorization('owner')), { from: '127.0.8.2' });
  t.ok([0, 413].includes(unannounced.statuses[0] ?? 0), 'in one chunk without a length', { text: unannounced.text });
});

t.test('wrong methods, and paths that lead nowhere', async (t) => {
  const headers = { authorization: programs.authorization('owner') };
  const wrong: string[] = [];
  for (const operation of operations) {
    const { path } = operation;
    const { right } = await rightOf(operation);
    const url = right.url.split('?')[0] ?? '';
    const methods = operations.filter((each) => each.path === path).map(({ method }) => method);
    for (const method of ['PUT', 'PATCH', 'DELETE'].filter((each) => !methods.includes(each))) {
      wrong.push(...(await refusal(programs, { method, url, headers }, 405)));
      const allow = String((await programs.ask({ method, url, headers })).headers.allow).split(', ');
      if (!methods.every((each) => allow.includes(each))) wrong.push(`${method} ${path}: Allow has ${allow}`);
    }
  }
  for (const url of ['/client', '/ivoz/', '/pbx/groups', '/uapi/phoneCalls', '/v1/Calls', '/v1']) {
    wrong.push(...(await refusal(programs, { method: 'GET', url, headers }, 404)));
  }
  t.same(wrong.slice(0, 8), []);
});

t.test('tokens', async (t) => {
  const good = programs.authorization('viewer');
  for (const [index, { url }] of doors.entries()) {
    const wrong: string[] = [];
    for (const [place, authorization] of wrongTokens(good).entries()) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      // Each from an address of its own, or they would soon be too many.
      wrong.push(
        ...(await refusal(programs, { method: 'GET', url, headers, from: `127.0.${index + 1}.${place + 1}` }, 401)),
      );
    }
    for (const authorization of rightTokens(good)) {
      const { status } = await programs.ask({ method: 'GET', url, headers: { authorization } });
      if (status !== 200 && status !== 204) wrong.push(`${authorization.slice(0, 12)}… is ${status}`);
    }
    t.same(wrong, [], url);
  }
  const alone = await programs.ask({ method: 'GET', url: '/v1/calls', from: '127.0.7.7' });
  t.match(alone.headers['www-authenticate'], /^Bearer/, 'who has none is told what is wanted');
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
  const forms =
    /^PUT .(client|ivoz.*id}$)|^(POST|PUT|PATCH) .pbx.group.{groupId}$|^DELETE .(ivoz|pbx.group.{groupId}$)/;
  for (const operation of operations.filter(({ key }) => forms.test(key))) {
    const { right } = await rightOf(operation);
    const before = await stateOf(acme.redis);
    const wrong: string[] = [];
    for (const value of wrongMatches) {
      wrong.push(...(await refusal(programs, { ...right, headers: { ...right.headers, 'if-match': value } }, 412)));
    }
    t.same(wrong.slice(0, 4), [], operation.key);
    t.equal(await stateOf(acme.redis), before, 'has changed nothing');
  }
  const before = await stateOf(acme.redis);
  const put = { method: 'PUT', url: '/client/globex/call_control_group/', headers: authorized('globex') };
  t.same(await refusal(programs, { ...put, body: JSON.stringify(callControl) }, 428), [], 'globex wants If-Match');
  t.equal(await stateOf(acme.redis), before, 'and is not changed without');
});

t.test('JSON that says a thing twice means the last', async (t) => {
  const body = '{"picker":"102","act":"nonsense","target":"101","act":"pickup"}';
  const { status, text } = await programs.ask({
    method: 'POST',
    url: '/v1/explain',
    headers: authorized('owner'),
    body,
  });
  t.match([status, JSON.parse(text)], [200, { allowed: true }]);
});

t.test('what goes through arrives at a phone as one header line', async (t) => {
  const schema = operations.find(({ key }) => key === 'POST /v1/pickup')?.body?.properties?.callerId ?? {};
  const uapi = await rightOf(operations.find(({ key }) => key.startsWith('PUT /uapi/')) as Operation);
  const offers = [
    { method: 'POST', url: '/v1/pickup', body: { call: await call(), sendTo: '102' } },
    { ...uapi.right, body: { ...(uapi.valid.body as object), sendCallTo: '0003*102' } },
  ];
  for (const offer of offers) {
    const invited = (name: string) => {
      const body = { ...offer.body, callerId: callerIdOf(name) };
      return invitedBy(programs, { role: 'manager', offer: { ...offer, body }, phone: carol });
    };
    const plain = await invited('John Doe');
    const usual = headerNames(plain);
    const names = passingNames(passesAsCaller(schema));
    for (const name of names) {
      const message = await invited(name);
      // Of blanks alone nothing is left to be shown.
      t.equal(
        displayName(message.get('from')),
        name.trimEnd() || undefined,
        `${offer.method} ${JSON.stringify(name.slice(0, 40))}`,
      );
      t.same(headerNames(message), usual);
    }
  }
});

t.test('texts and names of groups arrive as they are, or as spaces', async (t) => {
  const headers = authorized('owner');
  const ask = (method: string, url: string, body: unknown) =>
    programs.ask({ method, url, headers, body: JSON.stringify(body) });
  const made = await ask('POST', '/pbx/group', { name: 'Texts', members: [ids.dave] });
  const url = `/pbx/group/${JSON.parse(made.text)._id}`;
  const schema = operations.find(({ key }) => key === 'POST /pbx/group')?.body?.properties?.name ?? {};
  let usual: string[] | undefined;
  for (const name of passingNames((text) => fits(schema, text) && text.length < 200)) {
    const changed = await ask('POST', url, { name });
    // What every object of JavaScript has is no name.
    if (changed.status !== 200) continue;
    const text = `x\r\nX-Evil: 1\r\n\r\n${name}\u0000`;
    const { status } = await ask('POST', `${url}/sms`, { text });
    t.equal(status, 200, JSON.stringify(name.slice(0, 40)));
    const message = await dave.receives();
    usual ??= headerNames(message);
    t.same(headerNames(message), usual);
    t.equal(displayName(message.get('from')), name, 'the group is shown by its name');
    t.equal(message.body, `x X-Evil: 1 ${name}`.trim(), 'the text is one line');
    t.equal(Buffer.byteLength(message.body), Number(message.get('content-length')));
  }
});

t.test('hardly HTTP', async (t) => {
  for (const { what, text, statuses, answers = 1 } of hardlyHttp(programs.authorization('viewer'))) {
    const heard = await sendRaw(acme.http, text, { answers, from: '127.0.8.1' });
    const isRight = answers > 1 ? `${heard.statuses}` === `${statuses}` : statuses.includes(heard.statuses[0] ?? 0);
    t.ok(isRight, `${what}: ${heard.statuses}`, { text: heard.text.slice(0, 400) });
    t.same(leaks({ status: 0, headers: {}, text: heard.text }), [], 'and tells nothing');
  }
});

for (const operation of operations) if (operation.method === 'DELETE') everyField(operation);

t.test('what was begun and not ended is hung up', async (t) => {
  for (const { statuses } of await Promise.all(unfinished)) t.same(statuses, [408]);
});

t.test('after all that a call rings, and can be picked up', async (t) => {
  t.equal(await putBack(), 200);
  await call.hangUp();
  const { call: again, leg } = await ringing(alice, bob);
  const pickup = carol.calls('*95101');
  t.equal((await pickup.ends()).status, 200);
  await Promise.all([again.answered(), leg.stopsRinging()]);
  await Promise.all([pickup.hangsUp(), again.isHungUp()]);
  t.same(await acme.everythingLeft(), [], 'nothing is left');
  t.same(await strangeKeys(acme.redis), [], 'no key that nobody knows');
  t.same(await changedPrototypes(acme), { more: [], polluted: 'undefined' }, 'no prototype was changed');
  const { asked, missing } = await life.stop();
  t.same(missing, [], `/livez answered all the while, ${asked} times`);
});
