import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { office, ringing } from '../support/office.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const acme = await office(t);
const url = '/client/acme/call_control_group/';

/** What `npm run token` does once everything is built. */
const token = async (...args: string[]) => {
  const env = {
    ...process.env,
    DATA_DIR: dirname(String(acme.redis.options.path)),
    OFFICE_FILE: resolve('config/office.example.yaml'),
  };
  const run = promisify(execFile)(process.execPath, ['dist/token.js', ...args], { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
};

const get = (authorization?: string, path = url) =>
  fetch(`${acme.http}${path}`, authorization === undefined ? {} : { headers: { authorization } });

t.test('a PUT is felt by the phones at once, and a second one takes it back', async (t) => {
  const program = await restClient(acme);
  const [alice, carol, dave] = [await acme.phone('100'), await acme.phone('102'), await acme.phone('103')];
  const picksDave = async () => {
    const { call, leg } = await ringing(alice, dave);
    const pickup = carol.calls('*95103');
    const { status } = await pickup.ends();
    await (status === 200
      ? Promise.all([call.answered().then(() => call.hangsUp()), pickup.isHungUp(), leg.stopsRinging()])
      : Promise.all([call.cancels(), leg.stopsRinging()]));
    return status;
  };
  t.equal(await picksDave(), 200, 'no document: pickup in the whole PBX');

  const { json: before, headers } = await program.ask(`GET ${url}`);
  const put = await program.ask(
    `PUT ${url}`,
    { ...before, pickup_all: false },
    { 'if-match': String(headers.get('etag')) },
  );
  t.match(put, { status: 200, json: { pickup_all: false } });
  t.equal(await picksDave(), 403, 'pickup_all: false');

  const groups = { night: ['102', '103'] };
  const shared = { call_control_groups: JSON.stringify({ pickup_all: false, groups, pickup_share_groups: ['night'] }) };
  t.equal((await program.ask(`PUT ${url}`, shared)).status, 200);
  t.equal(await picksDave(), 200, 'inside a share group');

  t.match(await program.ask(`PUT ${url}`, { pickup_all: 'no' }), {
    status: 400,
    json: { error: { field: 'pickup_all' } },
  });
  t.same((await program.ask(`GET ${url}`)).json.groups, groups, 'a mistake changes nothing');
  t.equal((await program.ask(`PUT ${url}`, {})).status, 200);
  t.equal(await picksDave(), 200, 'the defaults again');
  t.same(await acme.everythingLeft(), []);
});

t.test('npm run token: once, more, listed, taken back', async (t) => {
  const first = await token();
  t.match(first, { code: 0, stderr: /^OWNER of acme, id [0-9a-f]{12}\. Its text is shown this once:\n$/ });
  t.match(first.stdout, /^cp_[0-9a-f]{12}_[\w-]{43}\n$/, 'the token alone, for a program to read');
  t.equal((await get(`Bearer ${first.stdout.trim()}`)).status, 200);

  const again = await token();
  const id = first.stdout.slice(3, 15);
  t.match(again, { code: 0, stdout: '', stderr: new RegExp(`made and shown on .*: id ${id}\\.`) });
  t.match(again.stderr, /create --tenant acme --role OWNER\n.*revoke/);

  const personal = await token(
    'create',
    '--tenant',
    'acme',
    '--role',
    'PERSONAL',
    '--extension',
    '101',
    '--name',
    "Bob's",
  );
  t.match(personal, { code: 0, stderr: /^PERSONAL of acme 101, id/ });
  const bob = `Bearer ${personal.stdout.trim()}`;
  t.equal((await get(bob)).status, 200);
  const write = await fetch(`${acme.http}${url}`, { method: 'PUT', headers: { authorization: bob } });
  t.equal(write.status, 403);

  const list = await token('list');
  t.match(list.stdout, new RegExp(`^${id}  OWNER     acme  .*npm run token$`, 'm'));
  t.match(list.stdout, /PERSONAL {2}acme 101 .*Bob's$/m);
  t.notMatch(list.stdout, /cp_|[0-9a-f]{32}/, 'no secret and no hash');

  t.match(await token('revoke', personal.stdout.slice(3, 15)), { code: 0, stderr: /is taken back/ });
  for (let tries = 0; (await get(bob)).status === 200 && tries < 60; tries++) {
    await new Promise((later) => setTimeout(later, 50));
  }
  t.equal((await get(bob)).status, 401);
});

t.test('npm run token: what it will not do, and why', async (t) => {
  for (const [args, why] of [
    [['create', '--role', 'OWNER', '--tenant', 'nobody'], /^callpickup: there is no tenant "nobody"\n$/],
    [['revoke', '0'.repeat(12)], /^callpickup: there is no token 000000000000\n$/],
    [['destroy'], /^callpickup: there is no command destroy\n\nnpm run token/],
  ] as const) {
    t.match(await token(...args), { code: 2, stdout: '', stderr: why }, args.join(' '));
  }
});

t.test('the pages and the documents of the running service', async (t) => {
  const document = await (await get(undefined, '/openapi.json')).json();
  t.match(document, { openapi: '3.1.0', paths: { '/client/{client_id}/call_control_group/': { put: {} } } });
  t.match(await (await get(undefined, '/docs/')).text(), /swagger-ui-bundle\.js/);
  t.equal((await get(undefined, '/docs/static/swagger-ui-bundle.js')).status, 200);
  t.ok(
    (await acme.metric('callpickup_http_request_duration_seconds_count', { method: 'PUT', status_code: '200' })) >= 3,
  );
  t.ok((await acme.metric('callpickup_auth_failures_total', { reason: 'token' })) >= 1);
});

t.test('the log says who wrote what, and no secret', async (t) => {
  const program = await restClient(acme);
  await program.ask(`PUT ${url}`, { allow_all: true });
  const line = await acme.says(({ msg, token: id }) => msg === 'http write' && id === program.token.slice(3, 15));
  t.match(line, {
    method: 'PUT',
    route: '/client/:client_id/call_control_group/',
    params: { client_id: 'acme' },
    status: 200,
    role: 'OWNER',
  });
  t.ok(Number(line.version) > 1);
  t.notMatch(JSON.stringify(acme.log), /cp_[0-9a-f]{12}_/);
});

t.test('a stopping service ends what goes on', async (t) => {
  const program = await restClient(acme, { role: 'VIEWER' });
  const { signal } = new AbortController();
  const events = await program.open('/v1/events', { signal });
  t.equal(events.status, 200);
  const over = events.text();
  t.equal(await acme.stops(), 0);
  await t.resolves(over, 'the stream came to its end');
});
