import { readFileSync } from 'node:fs';
import t from 'tap';
import { dialects } from '../../src/adapters/http/dialects.js';
import { makeHttpServer } from '../../src/adapters/http/server.js';
import { makeMetrics } from '../../src/adapters/prometheus/meter.js';
import { pickupOutcomes } from '../../src/domain/outcome.js';
import { describeRest } from '../../src/rest.js';

const open = (checks: Record<string, boolean> = {}) => {
  const metrics = makeMetrics({ version: '1.2.3' });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => log };
  const app = makeHttpServer({
    registry: metrics.registry,
    health: { checks: () => checks },
    meter: metrics.adapters,
    dialects: [],
    version: '1.2.3',
    log,
  });
  t.teardown(() => app.close());
  return { app, metrics };
};

/** The lines of a scrape that say a value, as `name{labels}` to number. */
const scrape = async (app: ReturnType<typeof open>['app']): Promise<Map<string, number>> => {
  const { body } = await app.inject('/metrics');
  const lines = body.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
};

t.test('alive is not ready', async (t) => {
  const checks: Record<string, boolean> = { drachtio: true, redis: true, takingCalls: true };
  const { app } = open(checks);
  t.match(await app.inject('/readyz'), { statusCode: 200 });
  for (const name of Object.keys(checks)) {
    checks[name] = false;
    const ready = await app.inject('/readyz');
    t.equal(ready.statusCode, 503, name);
    t.same(ready.json(), { status: 'not ready', checks }, 'it says what is missing');
    t.match(
      await app.inject('/livez'),
      { statusCode: 200, body: '{"status":"ok"}' },
      'and must not be restarted for it',
    );
    checks[name] = true;
  }
});

t.test('what is not there, and what is too much', async (t) => {
  const { app } = open();
  for (const url of ['/', '/metrics/', '/%2e%2e/etc/passwd', '/__proto__', '//', '/livez%00']) {
    t.ok([400, 404].includes((await app.inject(url)).statusCode), url);
  }
  for (const method of ['POST', 'PUT', 'DELETE'] as const) {
    const { statusCode, headers } = await app.inject({ method, url: '/metrics', payload: 'x'.repeat(70_000) });
    t.match({ statusCode, headers }, { statusCode: 405, headers: { allow: 'GET, HEAD' } }, method);
    t.equal((await app.inject({ method, url: '/elsewhere' })).statusCode, 404, method);
  }
});

/** ecosystem.md 5: type and labels of everything this service counts. */
const table: Record<string, readonly [type: string, labels: string]> = {
  build_info: ['gauge', 'version node'],
  sip_requests_total: ['counter', 'method direction'],
  pickups_total: ['counter', 'kind outcome'],
  pickup_duration_seconds: ['histogram', 'kind outcome'],
  pickup_ring_seconds: ['histogram', 'kind'],
  ringing_calls: ['gauge', ''],
  active_calls: ['gauge', ''],
  early_dialogs: ['gauge', ''],
  calls_total: ['counter', 'result'],
  claim_duration_seconds: ['histogram', 'outcome'],
  redis_up: ['gauge', ''],
  drachtio_up: ['gauge', ''],
  auth_failures_total: ['counter', 'reason'],
  rejected_requests_total: ['counter', 'reason'],
  draining: ['gauge', ''],
  http_request_duration_seconds: ['histogram', 'method route status_code'],
  replaces_lenient_total: ['counter', 'how outcome'],
  phone_changes_total: ['counter', 'outcome'],
  watchers: ['gauge', ''],
  notifies_total: ['counter', 'outcome'],
  notify_delay_seconds: ['histogram', ''],
};

const countEverything = ({ flows, adapters, replaced }: ReturnType<typeof makeMetrics>): void => {
  flows.ringing(1);
  replaced('wrong-pin');
  flows.earlyDialog(2);
  flows.connected(1);
  flows.callEnded('picked_up');
  flows.claimed('claimed', 0.002);
  flows.pickupEnded('directed', 'answered', 0.02);
  flows.pickedUpAfter('directed', 5);
  adapters.sipRequest('INVITE');
  adapters.sipRequest('BREW');
  adapters.sipRequest('CONSTRUCTOR');
  adapters.rejected('identity');
  adapters.authFailed('credentials');
  adapters.drachtioUp(true);
  adapters.redisUp(true);
  adapters.draining();
  adapters.httpAnswered({ method: 'GET', route: '/livez', status: 200 }, 0.004);
};

t.test('metrics have the names, types and labels of the paper', async (t) => {
  const { app, metrics } = open();
  countEverything(metrics);
  const { body, headers } = await app.inject('/metrics');
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  for (const [name, [type, labels]] of Object.entries(table)) {
    t.ok(body.includes(`# TYPE callpickup_${name} ${type}\n`), `${name} is a ${type}`);
    const line = new RegExp(`^callpickup_${name}(?:_bucket)?(?:\\{([^}]*)\\})? `, 'm').exec(body);
    const given = [...(line?.[1] ?? '').matchAll(/(\w+)="/g)]
      .map(([, label]) => label)
      .filter((label) => label !== 'le');
    t.same(given.sort(), labels.split(' ').filter(Boolean).sort(), `${name} has its labels`);
  }
  for (const [, name = '', type] of body.matchAll(/^# TYPE callpickup_(\w+) (\w+)$/gm)) {
    t.equal(name.endsWith('_total'), type === 'counter', `${name}: counters and only counters end in _total`);
    t.match(body, new RegExp(`^# HELP callpickup_${name} \\S`, 'm'), `${name} says what it is`);
  }
  t.match(body, /^process_cpu_seconds_total /m, 'and the process tells of itself');
});

t.test('what was counted is what is shown', async (t) => {
  const { app, metrics } = open();
  const before = await scrape(app);
  countEverything(metrics);
  metrics.flows.ringing(-1);
  const after = await scrape(app);
  const grown = (name: string) => (after.get(`callpickup_${name}`) ?? 0) - (before.get(`callpickup_${name}`) ?? 0);
  t.equal(grown('ringing_calls'), 0);
  t.equal(grown('early_dialogs'), 2);
  t.equal(grown('active_calls'), 1);
  t.equal(grown('calls_total{result="picked_up"}'), 1);
  t.equal(grown('phone_changes_total{outcome="wrong_pin"}'), 1);
  t.equal(grown('pickups_total{kind="directed",outcome="answered"}'), 1);
  t.equal(grown('pickup_duration_seconds_bucket{le="0.01",kind="directed",outcome="answered"}'), 0);
  t.equal(grown('pickup_duration_seconds_bucket{le="0.025",kind="directed",outcome="answered"}'), 1);
  t.equal(grown('claim_duration_seconds_sum{outcome="claimed"}'), 0.002);
  t.equal(grown('pickup_ring_seconds_count{kind="directed"}'), 1);
  t.equal(grown('sip_requests_total{method="other",direction="in"}'), 2, 'a closed set of methods');
  t.equal(
    grown('http_request_duration_seconds_bucket{le="0.005",method="GET",route="/livez",status_code="200"}'),
    1,
    'requests by the pattern of their route',
  );
  t.ok(grown('http_request_duration_seconds_count{method="GET",route="/metrics",status_code="200"}') >= 1);
  t.equal(grown('redis_up'), 1);
  t.equal(grown('draining'), 1);
  metrics.adapters.redisUp(false);
  t.equal((await scrape(app)).get('callpickup_redis_up'), 0);
});

t.test('everything known stands at zero from the first scrape, and no label is a name', async (t) => {
  const { app, metrics } = open();
  const first = await scrape(app);
  for (const kind of ['directed', 'group']) {
    for (const outcome of pickupOutcomes) {
      t.equal(first.get(`callpickup_pickups_total{kind="${kind}",outcome="${outcome}"}`), 0, `${kind} ${outcome}`);
    }
  }
  for (const result of ['answered', 'picked_up', 'cancelled', 'busy', 'timeout', 'rejected', 'error']) {
    t.equal(first.get(`callpickup_calls_total{result="${result}"}`), 0, result);
  }
  for (const name of ['redis_up', 'drachtio_up', 'draining', 'ringing_calls']) {
    t.equal(first.get(`callpickup_${name}`), 0, name);
  }
  t.equal(first.get(`callpickup_build_info{version="1.2.3",node="${process.version}"}`), 1);
  metrics.watch(() => ({ legs: 3, pending: 2, dialogs: 1 }));
  const watched = await scrape(app);
  t.same(
    ['legs', 'drachtio_pending_requests', 'drachtio_dialogs'].map((name) => watched.get(`callpickup_${name}`)),
    [3, 2, 1],
  );
  const labels = [...watched.keys()].filter((key) => key.startsWith('callpickup_')).join('\n');
  t.notMatch(labels, /(caller|picker|tenant|extension|user|call_?id|uri)=/i);
});

t.test('the OpenAPI document that is checked in is the one that the service answers', async (t) => {
  const generated = JSON.parse(JSON.stringify(await describeRest()));
  const checkedIn = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
  t.same(checkedIn, generated, 'node scripts/openapi.mjs writes it');
  t.equal(generated.openapi, '3.1.0');
  t.same(
    generated.tags.map(({ name }: { name: string }) => name),
    dialects.map(({ name }) => name),
  );
  for (const { prefix } of dialects) {
    t.ok(
      Object.keys(generated.paths).some((path) => path.startsWith(`${prefix}/`)),
      prefix,
    );
  }
  for (const [path, methods] of Object.entries<Record<string, { summary?: string; tags?: string[] }>>(
    generated.paths,
  )) {
    for (const [method, { summary, tags }] of Object.entries(methods)) {
      t.ok(summary && tags?.length === 1, `${method} ${path} says what it is for, and whose it is`);
    }
  }
});
