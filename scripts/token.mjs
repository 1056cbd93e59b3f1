// npm run token: makes, lists and takes back the tokens of the APIs; `npm run token -- --help` says how.
import { spawnSync } from 'node:child_process';
import { ensureBuilt, ensureModules } from './setup.mjs';

ensureModules();
ensureBuilt();
const args = ['--enable-source-maps', 'dist/token.js', ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
