// Compiles src/ to dist/ and puts the Lua scripts beside it.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';

const run = (project) => {
  const { status } = spawnSync('npx', ['--no-install', 'tsc', '-p', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

run('tsconfig.build.json');
if (process.argv.includes('--support')) run('tsconfig.support.json');

const scripts = 'adapters/redis/scripts';
for (const file of readdirSync(`src/${scripts}`)) {
  if (file.endsWith('.lua')) cpSync(`src/${scripts}/${file}`, `dist/${scripts}/${file}`);
}
