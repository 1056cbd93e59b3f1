import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import t from 'tap';
import { parse } from 'yaml';
import { soundNames } from '../../src/adapters/media/sounds.js';
import { loadOffice } from '../../src/adapters/office/office-file.js';
import { mediaMeter } from '../../src/adapters/prometheus/media-meter.js';
import { makeMetrics } from '../../src/adapters/prometheus/meter.js';
import { readConfig } from '../../src/config.js';
import { checkConfiguration, edgeConfiguration } from '../support/kamailio.js';
import { isKnownName, names } from './environment.js';
import { root } from './manifests.js';

const text = (file: string) => readFileSync(join(root, file), 'utf8');

t.test('the Dockerfiles are sound, copy what exists, and run as nobody special', (t) => {
  for (const file of ['Dockerfile', 'sip-config/kamailio/Dockerfile']) {
    t.same(
      validate(text(file)).map(({ message }) => message),
      [],
      file,
    );
  }
  const lines = text('Dockerfile').split('\n');
  const copied = lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1));
  const kept = text('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  for (const name of copied) {
    t.ok(existsSync(join(root, name)), `${name} exists`);
    t.ok(
      kept.some((entry) => name === entry || name.startsWith(`${entry}/`)),
      `${name} reaches the builder`,
    );
  }
  const last = lines.slice(lines.lastIndexOf(lines.filter((line) => line.startsWith('FROM')).at(-1) ?? ''));
  t.ok(last.includes('USER 1000'));
  t.ok(last.includes('CMD ["node", "--enable-source-maps", "dist/main.js"]'));
  t.match(last.join('\n'), /HEALTHCHECK/);
  t.end();
});

t.test('compose.yaml: every file exists, every address and name is known', async (t) => {
  const { services, networks } = parse(text('compose.yaml'));
  t.same(Object.keys(services).sort(), ['drachtio', 'edge', 'freeswitch', 'prometheus', 'redis', 'service']);
  for (const [name, service] of Object.entries<Service>(services)) {
    t.ok(service.build ? existsSync(join(root, service.build, 'Dockerfile')) : /:v?\d/.test(service.image ?? ''), name);
    for (const volume of service.volumes ?? []) {
      const [from = ''] = volume.split(':');
      if (from.startsWith('.')) t.ok(existsSync(join(root, from)), `${name}: ${from}`);
    }
  }
  const subnet = networks.sip.ipam.config[0].subnet.replace('0/24', '');
  const addresses = Object.values<Service>(services).flatMap(({ networks }) => networks?.sip.ipv4_address ?? []);
  t.equal(new Set(addresses).size, addresses.length, 'no address twice');
  for (const address of addresses) t.ok(address.startsWith(subnet), address);
  const contact = services.drachtio.command.find((word: string) => word.startsWith('sip:'));
  t.match(contact, `sip:${services.drachtio.networks.sip.ipv4_address}:5060;`);
  t.match(text('deploy/compose/dispatcher.list'), `1 sip:${services.drachtio.networks.sip.ipv4_address}:5060 `);
  t.match(services.service.environment.REDIS_URL, services.redis.networks.sip.ipv4_address);
  t.equal(services.service.network_mode, 'service:drachtio', 'one network, as in a pod');
});

/** As compose does it: a variable, or what stands after `:-`, in which a `$` begins another one. */
const fill = (value: string, given: Record<string, string>): string =>
  value.replace(
    /\$\{(\w+)(?::-([^}]*))?[^}]*\}/g,
    (_all, name: string, otherwise = '') =>
      given[name] ?? otherwise.replace(/\$(\w+)/g, (_: string, other: string) => given[other] ?? ''),
  );

t.test('FreeSWITCH of compose.yaml is where the service looks for it, and serves the service alone', async (t) => {
  const { services, networks } = parse(text('compose.yaml'));
  const { freeswitch, service } = services;
  t.equal(freeswitch.network_mode, 'host', 'phones reach its voice');
  t.equal(freeswitch.environment.MRF_IP, service.environment.FREESWITCH_HOST);
  t.equal(freeswitch.environment.MRF_ESL_PASS, service.environment.FREESWITCH_SECRET);
  t.equal(freeswitch.environment.MRF_CLIENTS, networks.sip.ipam.config[0].subnet);
  t.match(text('compose.yaml'), `COMPOSE_PROFILES=${freeswitch.profiles[0]}`);
});

t.test('the service would start with the environment of compose.yaml', (t) => {
  const written = parse(text('compose.yaml')).services.service.environment as Record<string, string>;
  for (const name of Object.keys(written)) t.ok(isKnownName(name), name);
  const asked = { EDGE_ADDRESS: '192.0.2.5', DRACHTIO_SECRET: 'd3adb33f' };
  const started = (given: Record<string, string>) =>
    readConfig([], Object.fromEntries(Object.entries(written).map(([name, value]) => [name, fill(value, given)])));
  const plain = started(asked);
  t.same(plain.ok ? plain.config.media.use : plain.problems, 'never', 'without the media server none is used');
  const media = started({ ...asked, MEDIA: 'auto' });
  t.match(media.ok ? media.config.media : media.problems, { use: 'auto', servers: [{ host: '192.0.2.5' }] });
  t.ok(loadOffice(join(root, 'deploy/compose/office.yaml')).ok);
  t.end();
});

t.test('the edge of compose.yaml passes kamailio -c', async (t) => {
  const command: string[] = parse(text('compose.yaml')).services.edge.command;
  const defines = Object.fromEntries(command.filter((word) => word !== '-A').map((word) => word.split('=', 2)));
  const here = { EDGE_ADDRESS: '127.0.0.1', EDGE_METRICS_ADDRESS: '127.0.0.1' };
  const folders = { EDGE_USERS_URL: `"text://${join(root, 'deploy/compose/users')}"` };
  const { code, output } = await checkConfiguration(edgeConfiguration, { ...defines, ...here, ...folders });
  t.equal(code, 0, output);
});

t.test('Prometheus asks where there is something, and its rules use what is measured', async (t) => {
  const { scrape_configs: jobs, rule_files: files } = parse(text('deploy/prometheus/prometheus.yml'));
  const compose = text('compose.yaml');
  for (const {
    job_name: job,
    static_configs: [{ targets }],
  } of jobs) {
    for (const target of targets) t.match(compose, target.split(':')[0], `${job}: ${target}`);
  }
  for (const file of files) t.match(compose, `:${file}:ro`);
  const { registry } = makeMetrics({ version: '0.0.0' });
  mediaMeter(registry);
  const measured = (await registry.getMetricsAsJSON()).map(({ name }) => name);
  const rules = parse(text('deploy/prometheus/rules.yaml')).groups.flatMap(
    ({ rules }: { rules: Rule[] }) => rules,
  ) as Rule[];
  const recorded = rules.flatMap(({ record }) => record ?? []);
  for (const { expr } of rules) {
    for (const name of expr.match(/\b(callpickup|nodejs|process)_\w+(?=[{[) ]|$)/g) ?? []) {
      t.ok(measured.includes(name.replace(/_(bucket|sum|count)$/, '')), name);
    }
    for (const name of expr.match(/\bcallpickup:[\w:]+/g) ?? []) t.ok(recorded.includes(name), name);
  }
  const operations = text('docs/operations.md');
  for (const { alert } of rules)
    if (alert) t.match(operations, `### ${alert}`, `docs/operations.md says what to do about ${alert}`);
});

t.test('README.md has every setting in its table, and no other', async (t) => {
  const [, table = ''] = /\n## Configuration\n([\s\S]*?)\n\n`INSTANCE_ID`/.exec(text('README.md')) ?? [];
  const told = table.split('\n').flatMap((row) => row.split('|')[1]?.match(/(?<=`)[A-Z_]{4,}(?=`)/g) ?? []);
  t.same(told.sort(), [...names].sort());
});

t.test('docs/operations.md names every sound that an operator can put a file in the place of', async (t) => {
  const operations = text('docs/operations.md');
  for (const name of soundNames.filter((each) => !/^digit-[1-8]$/.test(each))) t.match(operations, `\`${name}\``, name);
  for (const [, name = ''] of operations.matchAll(/`(refused-[\w-]+|digit-\w)`/g))
    t.ok((soundNames as readonly string[]).includes(name), name);
});

t.test('the XML files are XML and hold no secret', async (t) => {
  for (const file of ['sip-config/drachtio/drachtio.conf.xml', 'sip-config/freeswitch/freeswitch.xml']) {
    t.doesNotThrow(() => execFileSync('xmllint', ['--noout', '--nonet', join(root, file)], { stdio: 'pipe' }), file);
    t.notMatch(text(file), /cymru|ClueCon|secret="/, `${file}: no password, least of all a known one`);
  }
  t.match(text('sip-config/drachtio/drachtio.conf.xml'), '<cdrs>false</cdrs>');
  const media = text('sip-config/freeswitch/freeswitch.xml');
  t.match(media, '<profile name="drachtio_mrf">', 'the name that drachtio-fsmrf asks for');
  t.match(media, /exec-set" data="mrf_esl_pass=test \$\{#MRF_ESL_PASS\} -gt 0 \|\| /, 'an empty password is none');
  const lists = [...media.matchAll(/apply-inbound-acl" value="(\w+)"/g)].map(([, list]) => list);
  t.same(lists, ['commanders', 'clients'], 'event socket and SIP are for the instances');
  for (const list of lists) t.match(media, `<list name="${list}" default="deny">`);
});

interface Service {
  build?: string;
  image?: string;
  volumes?: string[];
  networks?: { sip: { ipv4_address: string } };
}

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
}
