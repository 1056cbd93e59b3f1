// What every command needs before it can run: the packages of package-lock.json and a few of Debian's programs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const run = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', ...options });

/** True if a program is on the PATH. */
export const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;

/** Installs what package-lock.json names, if nothing is installed yet or the lock is newer. */
export const ensureModules = () => {
  const mark = 'node_modules/.package-lock.json';
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync('package-lock.json').mtimeMs) return;
  const { status } = run('npm', ['ci', '--no-audit', '--no-fund']);
  if (status !== 0) process.exit(status ?? 1);
};

/** Installs missing Debian packages where we may; otherwise says how and ends with 2. `wanted`: [program, package]. */
export const ensurePrograms = (wanted) => {
  const missing = wanted.filter(([command]) => !has(command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
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
  console.error(
    `missing: ${missing.map(([command]) => command).join(', ')}. Run: apt-get install ${packages.join(' ')}`,
  );
  process.exit(2);
};

const newest = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).reduce(
    (latest, entry) =>
      entry.isFile() ? Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs) : latest,
    0,
  );

/** Builds dist/ (and the test phones, where asked) unless it is newer than what it is made of. */
export const ensureBuilt = ({ support = false } = {}) => {
  const marks = support ? ['dist/.built', 'dist-support/.built'] : ['dist/.built'];
  const sources = support ? ['src', 'test/support'] : ['src'];
  const since = Math.max(...sources.map(newest), statSync('tsconfig.build.json').mtimeMs);
  if (marks.every((mark) => existsSync(mark) && statSync(mark).mtimeMs > since)) return;
  const { status } = run(process.execPath, ['scripts/build.mjs', ...(support ? ['--support'] : [])]);
  if (status !== 0) process.exit(status ?? 1);
};
