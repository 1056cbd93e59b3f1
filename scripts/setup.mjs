// What every command needs before it can run: the packages of package-lock.json and a few of Debian's programs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const run = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', ...options });

const holds = (test) => spawnSync('sh', ['-c', test], { stdio: 'ignore' }).status === 0;

/** True if a program is on the PATH. */
const has = (command) => holds(`command -v ${command}`);

/** Installs what package-lock.json names, if nothing is installed yet or the lock is newer. */
export const ensureModules = () => {
  const mark = 'node_modules/.package-lock.json';
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync('package-lock.json').mtimeMs) return;
  const { status } = run('npm', ['ci', '--no-audit', '--no-fund']);
  if (status !== 0) process.exit(status ?? 1);
};

/** Which Debian package has what we need, and how to see that it is there already. */
const programs = {
  'redis-server': 'command -v redis-server',
  'sip-tester': 'command -v sipp',
  'linphone-cli': 'command -v linphonec',
  kamailio: 'command -v kamailio',
  'kamailio-tls-modules': 'ls /usr/lib/*/kamailio/modules/tls.so',
  'libxml2-utils': 'command -v xmllint',
  openssl: 'command -v openssl',
  'util-linux': 'command -v setpriv',
  'baresip-core': 'command -v baresip',
};

/** Every package that the tests need. */
export const testPackages = Object.keys(programs);

/** Installs Debian packages that are missing where we may; otherwise says how and ends with 2. */
export const ensurePackages = (wanted) => {
  const packages = wanted.filter((name) => !holds(programs[name]));
  if (packages.length === 0) return;
  const sudo = process.getuid?.() === 0 ? [] : has('sudo') ? ['sudo', '-n'] : undefined;
  if (has('apt-get') && sudo) {
    console.log(`installing ${packages.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => {
      const [command, ...rest] = [...sudo, 'apt-get', '-q', ...args];
      // What apt says is of interest only if it fails; services that packages would start are not wanted.
      return spawnSync(command, rest, { env, encoding: 'utf8' });
    };
    apt('update');
    const done = apt('install', '-y', '--no-install-recommends', ...packages);
    if (done.status === 0) return;
    console.error(done.stdout, done.stderr);
  }
  console.error(`Run: apt-get install ${packages.join(' ')}`);
  process.exit(2);
};

const newest = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).reduce(
    (latest, entry) =>
      entry.isFile() ? Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs) : latest,
    0,
  );

const marksOf = ({ support }) => (support ? ['dist/.built', 'dist-support/.built'] : ['dist/.built']);

/**
 * Builds dist/ (and the test phones, where asked) unless it is newer than what it is made of. Types are checked, unless
 * somebody else does that meanwhile: who finds a mistake there says {@link forgetBuilt}.
 */
export const ensureBuilt = ({ support = false, typesAreChecked = false } = {}) => {
  const marks = marksOf({ support });
  const sources = support ? ['src', 'test/support'] : ['src'];
  const since = Math.max(...sources.map(newest), statSync('tsconfig.build.json').mtimeMs);
  if (marks.every((mark) => existsSync(mark) && statSync(mark).mtimeMs > since)) return;
  const args = [...(support ? ['--support'] : []), ...(typesAreChecked ? ['--no-check'] : [])];
  const { status } = run(process.execPath, ['scripts/build.mjs', ...args]);
  if (status !== 0) process.exit(status ?? 1);
};

/** What was built is built anew the next time. */
export const forgetBuilt = () => {
  for (const mark of marksOf({ support: true })) rmSync(mark, { force: true });
};
