import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { elsewhere, reasons } from '../support/office.js';
import { type Phone, phone } from '../support/phone.js';
import { startRedis } from '../support/redis.js';
import { type RunningService, service } from '../support/service.js';

t.comment('two instances over one Redis, each on an embedded SIP engine of its own');

const folder = mkdtempSync(join(tmpdir(), 'cp-office-'));
const shared = await startRedis('shared');
t.teardown(async () => {
  await shared.stop();
  rmSync(folder, { recursive: true, force: true });
});

const REDIS_URL = `redis://127.0.0.1:${shared.port}`;

/** The office of these tests, with some of it said otherwise. */
const officeFile = ({ sales = "'100', '101', '102'", name = 'Acme' } = {}): string => `sipAuth: none
tenants:
  acme:
    name: ${name}
    domains: [acme.example]
    default: true
    extensions:
      '100': { name: Alice Adams, password: geheim }
      '101': { name: Bob Brown }
      '102': { name: Carol Clark }
      '103': { name: Dave Davis }
    pickupGroups:
      sales: [${sales}]
`;

const instance = (INSTANCE_ID: string, office = officeFile()): Promise<RunningService> =>
  service(t, { office, env: { REDIS_URL, DRACHTIO_HOST: '', INSTANCE_ID } });

/** Runs the program beside the service, as an administrator does. */
const office = (args: readonly string[], env: Record<string, string> = { REDIS_URL }) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, ['dist/office.js', ...args], { env: { ...process.env, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const [one, other] = await Promise.all([instance('one'), instance('other')]);
// The first heartbeats.
while ((await one.redis.keys('cp:instance:*')).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));

const alice = await phone(t, { number: '100', server: one.sip });
const bob = await phone(t, { number: '101', server: one.sip });
const carol = await phone(t, { number: '102', server: other.sip });
const dave = await phone(t, { number: '103', server: other.sip });
for (const each of [alice, bob, carol, dave]) await each.registers();

const ringing = async () => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  return { call, leg };
};

/** Dials until the answer is this one: a change reaches the other instance a moment later. */
const untilDialled = async (who: Phone, dialled: string, wanted: number): Promise<{ status: number; text: string }> => {
  for (;;) {
    const answer = await who.calls(dialled).fails();
    if (answer.status === wanted) return answer;
  }
};

/** Bob's phone rings, and who dials this has the call. */
const takes = async (who: Phone, dialled: string) => {
  const { call, leg } = await ringing();
  const pickup = who.calls(dialled);
  await Promise.all([pickup.answered(), call.answered()]);
  t.same(reasons(await leg.stopsRinging()), elsewhere);
  await Promise.all([pickup.hangsUp(), call.isHungUp()]);
};

t.test('A company is changed by a program beside the service, and both instances obey', async (t) => {
  t.match((await dave.calls('*95').fails()).text, /^SIP\/2\.0 403 You Are In No Pickup Group/);
  const file = written(
    'grown.yaml',
    officeFile({ sales: "'100', '101', '102', '103'" }).replace(/, password: geheim/, ''),
  );
  const rehearsed = await office(['import', file, '--dry-run']);
  t.match(rehearsed, { code: 0, out: /^acme: would be version 2 \(4 extensions, 1 pickup group, 0 groups\)$/m });
  t.match((await dave.calls('*95').fails()).text, /403/, 'nothing was changed');
  t.match(await office(['import', file]), { code: 0, out: /^acme: version 2 \(4/m, err: /sipAuth was not imported/ });
  await untilDialled(dave, '*95', 480);
  await takes(dave, '*95');
  t.match(await other.says(({ msg }) => msg === 'tenant read from the store'), { tenant: 'acme' });
  const exported = await office(['export', '--with-passwords']);
  t.match(exported.out, /geheim/, 'a password that the import did not say is still there');
});

t.test('An export is imported again and nothing changes; passwords only if they are asked for', async (t) => {
  const { code, out } = await office(['export']);
  t.equal(code, 0);
  t.notMatch(out, /geheim/);
  const file = written('export.yaml', out);
  t.match(await office(['import', file]), { code: 0, out: /^acme: unchanged, version 2/ });
  t.match(await office(['check', file]), {
    code: 0,
    out: /^acme: 4 extensions, 1 pickup group, 0 groups\nno mistakes/,
  });
  t.equal((await office(['export', 'acme'])).out, out);
  t.match(await office(['export', 'globex']), { code: 2, out: '', err: /there is no tenant globex/ });
});

t.test('A file with mistakes changes nothing, and each mistake is told', async (t) => {
  const file = written('bad.yaml', `${officeFile({ sales: "'100', '999'" })}    ringSeconds: 1\n    colour: red\n`);
  const told = [/bad\.yaml: line 14: tenants\.acme\.ringSeconds: must be >= 5$/m, /line 15: .*colour: is not known$/m];
  for (const verb of ['check', 'import']) {
    const { code, out, err } = await office([verb, file]);
    t.same([code, out], [1, '']);
    for (const line of told) t.match(err, line);
  }
  const collides = written('globex.yaml', 'tenants: { globex: { domains: [ACME.example], extensions: {} } }');
  t.match(await office(['import', collides]), {
    code: 1,
    err: /globex\.domains\.0: is the domain of acme already\nnothing/,
  });
});

t.test('Bob dials *80: nobody picks up his calls, at either instance, until he dials *81', async (t) => {
  const denied = await bob.calls('*80').fails();
  t.match(denied.text, /^SIP\/2\.0 603 Pickup Denied From Now On/);
  t.match(denied.text, /^Reason: SIP;cause=603;text="Pickup Denied From Now On"/im);
  await untilDialled(carol, '*95101', 403);
  const { call, leg } = await ringing();
  t.match((await carol.calls('*95101').fails()).text, /^SIP\/2\.0 403 /);
  t.match((await alice.calls('*95101').fails()).text, /^SIP\/2\.0 403 /);
  t.match(String((await dave.calls('*95').fails()).status), /403|480/);
  await leg.answers();
  await call.answered();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);

  t.match((await bob.calls('*81').fails()).text, /^SIP\/2\.0 603 Pickup Allowed From Now On/);
  await untilDialled(carol, '*95101', 480);
  await takes(carol, '*95101');
});

t.test('What was changed survives a restart; what the office file says anew is taken over', async (t) => {
  t.match((await bob.calls('*80').fails()).status, 603);
  const again = await instance('again');
  const grace = await phone(t, { number: '103', server: again.sip });
  t.equal((await grace.registers()).status, 200);
  t.match((await grace.calls('*95101').fails()).status, 403, 'Bob has said so before this instance was');
  t.match(
    again.log.some(({ msg }) => msg === 'tenant taken over from the office file'),
    false,
  );
  t.match((await bob.calls('*81').fails()).status, 603);
  await untilDialled(grace, '*95', 480);
  await takes(grace, '*95');
  t.equal(await again.stops(), 0);

  const renewed = await instance('renewed', officeFile({ name: 'Acme Limited' }));
  t.ok(renewed.log.some(({ msg, tenant }) => msg === 'tenant taken over from the office file' && tenant === 'acme'));
  await untilDialled(dave, '*95', 403);
  t.match((await office(['export'])).out, /name: Acme Limited/);
  t.equal(await renewed.stops(), 0);
});

t.test('Everything is as before, and nothing is left', async (t) => {
  for (const running of [one, other]) t.same(await running.leftovers(), []);
  t.same(
    [alice, bob, carol, dave].flatMap((each) => each.unfinished()),
    [],
  );
});

t.test('Redis is away: *80 is answered 503, calls go on as the office was last known', async (t) => {
  await shared.kill();
  await one.says(({ msg }) => msg === 'redis lost');
  const { status, text } = await bob.calls('*80').fails();
  t.equal(status, 503);
  t.match(text, /^Retry-After: 1/im);
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  await leg.answers();
  await call.answered();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.match(await office(['export']), { code: 2, out: '', err: /no Redis answers/ });
});

t.test('The program finds the private Redis of a running service by its data directory', async (t) => {
  const own = await service(t, { env: { REDIS_URL: '' } });
  const DATA_DIR = dirname((own.redis.options as { path: string }).path);
  const exported = await office(['export'], { REDIS_URL: '', DATA_DIR });
  t.match(exported, { code: 0, out: /^ {2}acme:$/m });
  t.equal(await own.stops(), 0);
  t.match(await office(['export'], { REDIS_URL: '', DATA_DIR }), { code: 2, err: /start the service first/ });
});
