// Compiles src/ to dist/ with the Lua scripts beside it; with --support the test phones to dist-support/ too.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';

const compile = (project, folder) => {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    stdio: 'inherit',
  });
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
