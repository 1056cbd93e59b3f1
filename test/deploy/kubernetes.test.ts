import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { loadOffice } from '../../src/adapters/office/office-file.js';
import { readConfig } from '../../src/config.js';
import { isKnownName } from './environment.js';
import { type Manifest, moduleOf, readKustomizations, readManifests, root, typeErrors } from './manifests.js';

const manifests = readManifests();
const of = (kind: string, name?: string) =>
  manifests.filter((manifest) => manifest.kind === kind && (!name || manifest.metadata.name === name));
const one = (kind: string, name: string): Manifest => {
  const [found] = of(kind, name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const service = one('StatefulSet', 'callpickup');
const workloads = [...of('StatefulSet'), ...of('Deployment')];
const containersOf = (workload: Manifest) => {
  const { initContainers = [], containers } = workload.spec.template.spec;
  return [...initContainers, ...containers];
};
const containers = workloads.flatMap(containersOf);
const [main] = service.spec.template.spec.containers;
const [drachtio] = service.spec.template.spec.initContainers;
const patch = parse(readFileSync(join(root, 'k8s/components/freeswitch/use-freeswitch.yaml'), 'utf8'));
const [mediaPatch] = patch.spec.template.spec.containers;

t.test(
  'every manifest is what the schemas of Kubernetes ask for, and has no field that they do not know',
  async (t) => {
    t.ok(manifests.length > 20, `${manifests.length} objects`);
    for (const manifest of manifests) {
      const { file, ...object } = manifest;
      const models = (await import(moduleOf(manifest))) as Record<string, new (o: object) => { validate(): void }>;
      const Model = models[manifest.kind];
      t.doesNotThrow(
        () => Model && new Model(object).validate(),
        `${file}: ${manifest.kind} ${manifest.metadata.name}`,
      );
      t.ok(Model, moduleOf(manifest));
    }
    t.same(typeErrors(manifests), []);
    const misspelt: Manifest = structuredClone(service);
    misspelt.spec.template.spec.terminationGracePeriodSecond = 1;
    t.match(typeErrors([misspelt]).join(), /terminationGracePeriodSecond/, 'a misspelt field would be found');
  },
);

t.test('kustomizations name every file there is, and no other', async (t) => {
  const kustomizations = readKustomizations();
  t.equal(kustomizations.length, 5);
  for (const { folder, content } of kustomizations) {
    const generated = ((content.configMapGenerator ?? []) as { files?: string[] }[]).flatMap(({ files = [] }) => files);
    const patches = ((content.patches ?? []) as { path: string }[]).map(({ path }) => path);
    const named = [content.resources ?? [], content.components ?? [], generated, patches].flat() as string[];
    for (const name of named) t.ok(existsSync(join(folder, name)), `${relative(root, folder)}/${name}`);
    const used = new Set(named.map((name) => join(folder, name)));
    const unnamed = manifests
      .map(({ file }) => join(root, file))
      .filter((file) => join(file, '..') === folder && !used.has(file));
    t.same(unnamed, [], `${relative(root, folder)}: all are named`);
  }
});

t.test('every container is confined, limited, probed and pinned', async (t) => {
  t.equal(containers.length, 4);
  for (const container of containers) {
    t.match(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    t.match(container.image, /:\d[\w.-]*$/, `${container.image} is pinned`);
    t.ok(container.resources.requests.cpu && container.resources.requests.memory && container.resources.limits.memory);
    t.ok(container.startupProbe && container.livenessProbe, `${container.name} is probed`);
    const ports = container.ports.map(({ name }: { name: string }) => name);
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe].filter(Boolean);
    for (const probe of probes.map((probe) => probe.httpGet ?? probe.tcpSocket).filter(Boolean)) {
      t.ok(ports.includes(probe.port), `${container.name} has the port ${probe.port} that is probed`);
    }
  }
  for (const workload of workloads) {
    const { spec } = workload.spec.template;
    t.match(spec, {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    const volumes = [
      ...(spec.volumes ?? []).map(({ name }: { name: string }) => name),
      ...(workload.spec.volumeClaimTemplates ?? []).map((claim: Manifest) => claim.metadata.name),
    ];
    for (const { name } of containersOf(workload).flatMap(({ volumeMounts = [] }) => volumeMounts))
      t.ok(volumes.includes(name), name);
  }
});

t.test('drachtio-server outlives the service in its pod, and only its pod can command it', async (t) => {
  t.equal(drachtio.restartPolicy, 'Always', 'a native sidecar');
  const conf = one('ConfigMap', 'callpickup-drachtio').data['drachtio.conf.xml'];
  t.equal(conf, readFileSync(join(root, 'sip-config/drachtio/drachtio.conf.xml'), 'utf8'));
  const [, port, address] = /<admin port="(\d+)">([^<]+)</.exec(conf) ?? [];
  const settings = one('ConfigMap', 'callpickup').data;
  t.same([address, port], [settings.DRACHTIO_HOST, settings.DRACHTIO_PORT]);
  t.ok(drachtio.args.includes('--disable-nat-detection'));
  t.ok(drachtio.args.includes(`sip:$(POD_IP):${drachtio.ports[0].containerPort};transport=udp,tcp`));
  const open = JSON.stringify([
    of('Service').map(({ spec }) => spec.ports),
    of('NetworkPolicy').map(({ spec }) => spec),
  ]);
  t.notMatch(open, '9022', 'no service and no policy opens the admin port');
});

t.test('a pod has time to drain, and is asked the right questions', async (t) => {
  const drain = Number(one('ConfigMap', 'callpickup').data.DRAIN_TIMEOUT_SECONDS);
  const sleep = main.lifecycle.preStop.sleep.seconds;
  t.ok(service.spec.template.spec.terminationGracePeriodSeconds > drain + sleep);
  t.equal(main.readinessProbe.httpGet.path, '/readyz');
  t.equal(main.livenessProbe.httpGet.path, '/livez');
  t.equal(main.startupProbe.httpGet.path, '/livez');
  const http = main.ports.find(({ name }: { name: string }) => name === 'http').containerPort;
  t.equal(one('ConfigMap', 'callpickup').data.HTTP_BIND, `0.0.0.0:${http}`);
});

t.test('selectors select: services, budget, monitor, policies', async (t) => {
  const labels = service.spec.template.metadata.labels;
  t.match(labels, service.spec.selector.matchLabels);
  for (const budget of of('PodDisruptionBudget'))
    t.ok(
      workloads.some(({ spec }) => matches(spec.template.metadata.labels, budget.spec.selector.matchLabels)),
      budget.metadata.name,
    );
  for (const { spec } of workloads.filter(({ spec }) => spec.template.spec.priorityClassName))
    t.ok(one('PriorityClass', spec.template.spec.priorityClassName));
  t.equal(service.spec.serviceName, one('Service', 'callpickup-sip').metadata.name);
  t.equal(one('Service', 'callpickup-sip').spec.clusterIP, 'None');
  for (const { spec, metadata } of of('Service')) {
    const target = workloads.find((workload) => matches(workload.spec.template.metadata.labels, spec.selector));
    const ports = target
      ? containersOf(target).flatMap((container) => container.ports.map(({ name }: { name: string }) => name))
      : [];
    for (const { targetPort } of spec.ports) t.ok(ports.includes(targetPort), `${metadata.name} ${targetPort}`);
  }
  const { spec } = one('ServiceMonitor', 'callpickup');
  const watched = of('Service').filter(({ metadata }) => matches(metadata.labels ?? {}, spec.selector.matchLabels));
  t.same(
    watched.map(({ metadata }) => metadata.name),
    ['callpickup'],
  );
  for (const { port } of spec.endpoints)
    t.ok(
      watched[0]?.spec.ports.some(({ name }: { name: string }) => name === port),
      port,
    );
  for (const policy of of('NetworkPolicy')) {
    const selected = policy.spec.podSelector.matchLabels ?? {};
    t.ok(
      workloads.some((workload) => matches(workload.spec.template.metadata.labels, selected)),
      policy.metadata.name,
    );
  }
  t.same(one('NetworkPolicy', 'nobody').spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
});

t.test('secrets are named, never written down', async (t) => {
  t.same(of('Secret'), []);
  const used = JSON.stringify(workloads.map(({ spec }) => spec.template.spec));
  const names = new Set(
    [...used.matchAll(/"secretKeyRef":\{"name":"([^"]+)"|"secretName":"([^"]+)"/g)].map(
      (match) => match[1] ?? match[2],
    ),
  );
  t.same([...names], ['callpickup-secrets']);
});

t.test('the service would start with the environment of each overlay', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'callpickup-env-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const secrets: Record<string, string> = {
    'drachtio-secret': 'd3adb33f',
    'freeswitch-secret': 'd3adb33f',
    'redis-url': 'redis://callpickup-redis:6379',
  };
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder, name), value);
  for (const overlay of ['development', 'production']) {
    const path = join(root, 'k8s/overlays', overlay);
    const { configMapGenerator, components = [] } = parse(readFileSync(join(path, 'kustomization.yaml'), 'utf8'));
    const literals: string[] = configMapGenerator.find(({ name }: { name: string }) => name === 'callpickup').literals;
    const own = Object.fromEntries(literals.map((literal) => literal.split('=', 2)));
    const hasMedia = components.includes('../../components/freeswitch');
    const env = { ...environment(folder), ...own, ...(hasMedia && given(mediaPatch.env, folder)) };
    for (const name of Object.keys(env)) t.ok(isKnownName(name), name);
    const result = readConfig([], env);
    t.same(result.ok ? [] : result.problems, [], overlay);
    t.ok(result.ok && result.config.trustedEdges.length, 'some edge is trusted');
    t.equal(result.ok && result.config.media.use, hasMedia ? 'auto' : 'never', 'never the embedded media server');
    const office = loadOffice(join(path, 'office.yaml'));
    t.ok(office.ok && Object.keys(office.document.tenants).length > 0, JSON.stringify(office));
  }
});

t.test('the service and the media servers find each other, both ways, and nobody else finds them', async (t) => {
  const freeswitch = one('StatefulSet', 'callpickup-freeswitch');
  const [server] = freeswitch.spec.template.spec.containers;
  const env = given(mediaPatch.env, '');
  const result = readConfig([], { ...env, FREESWITCH_SECRET_FILE: '', FREESWITCH_SECRET: 'd3adb33f' });
  if (!result.ok) throw new Error(result.problems.join());
  const { servers = [], listen, advertise } = result.config.media;
  const all = Array.from({ length: freeswitch.spec.replicas }, (_, at) => `callpickup-freeswitch-${at}`);
  t.same(
    servers.map(({ name }) => name),
    all.map((pod) => `${pod}.${freeswitch.spec.serviceName}`),
    'each is named',
  );
  t.equal(one('Service', freeswitch.spec.serviceName).spec.clusterIP, 'None');
  const back = { port: listen?.port, endPort: (listen?.port ?? 0) + all.length - 1, protocol: 'TCP' };
  t.equal(advertise?.port, listen?.port);
  const voice = rtpRange(readFileSync(join(root, 'sip-config/freeswitch/freeswitch.xml'), 'utf8'));
  const [inward, outward] = ['freeswitch', 'to-freeswitch'].map((name) => one('NetworkPolicy', name).spec);
  const commands = server.ports.map(({ containerPort, protocol }: Port) => ({ port: containerPort, protocol }));
  t.same(inward.ingress[0].ports, commands);
  t.same(inward.ingress[1], { ports: [{ ...voice, protocol: 'UDP' }] }, 'voice comes from anywhere');
  t.same(inward.egress[0].ports, [back], 'event sockets come back to where the service listens');
  t.ok(
    inward.egress.slice(1).every(({ ports }: { ports: Port[] }) => ports.every(({ protocol }) => protocol === 'UDP')),
    'no other TCP: whoever gets an event socket commands the server',
  );
  t.same(outward.egress[0].ports, commands);
  t.same(outward.ingress[0].ports, [back, { port: 5060, protocol: 'UDP' }]);
  t.ok(server.env.some(({ name }: { name: string }) => name === 'MRF_CLIENTS'));
  t.same(
    server.args.filter((word: string) => word.startsWith('-')),
    ['-nf', '-nc', '-nonat', '-conf', '-log', '-run', '-db', '-certs'],
    'all that it writes goes to /tmp',
  );
});

t.test('what stands in two places is the same in both', async (t) => {
  const pairs = [['sip-config/freeswitch/freeswitch.xml', 'k8s/components/freeswitch/freeswitch.xml']];
  for (const [left = '', right = ''] of pairs)
    t.equal(readFileSync(join(root, left), 'utf8'), readFileSync(join(root, right), 'utf8'));
  const rules = parse(readFileSync(join(root, 'deploy/prometheus/rules.yaml'), 'utf8'));
  t.same(one('PrometheusRule', 'callpickup').spec.groups, rules.groups);
});

/** What the container of the service is given, its secret files at places that exist here. */
function environment(folder: string): Record<string, string> {
  return { ...(one('ConfigMap', 'callpickup').data as Record<string, string>), ...given(main.env, folder) };
}

/** The variables of a container as its service reads them; POD_IP is only there for others to name. */
function given(env: { name: string; value?: string }[], folder: string): Record<string, string> {
  const values = env.map(({ name, value }) => [
    name,
    value?.replace('/run/secrets/callpickup', folder).replace('$(POD_IP)', '192.0.2.7') ?? 'callpickup-0',
  ]);
  const { POD_IP: _, ...read } = Object.fromEntries(values) as Record<string, string>;
  return read;
}

/** The ports of voice that FreeSWITCH uses unless it is told others, as a policy says them. */
function rtpRange(xml: string): { port: number; endPort: number } {
  const [port = 0, endPort = 0] = [...xml.matchAll(/mrf_rtp_(?:start|end)=(\d+)/g)].map(([, value]) => Number(value));
  return { port, endPort };
}

interface Port {
  port?: number;
  containerPort?: number;
  protocol: string;
}

function matches(labels: Record<string, string>, selector: Record<string, string>): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
