// Compiles src/ to dist/ with the Lua scripts beside it; with --support the test phones to dist-support/ too. With
// --no-check types are only taken off: for who has them checked elsewhere.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';

const noCheck = process.argv.includes('--no-check') ? ['--noCheck'] : [];

const compile = (project, folder) => {
  const args = ['node_modules/typescript/bin/tsc', '-p', project, ...noCheck];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return () => writeFileSync(`${folder}/.built`, '');
};

const built = compile('tsconfig.build.json', 'dist');
const scripts = 'adapters/redis/scripts';
for (const file of readdirSync(`src/${scripts}`)) {
  if (file.endsWith('.lua')) cpSync(`src/${scripts}/${file}`, `dist/${scripts}/${file}`);
}
built();
if (process.argv.includes('--support')) compile('tsconfig.support.json', 'dist-support')();
