// npm run office: checks office files, imports and exports them; `npm run office -- --help` says how.
import { spawnSync } from 'node:child_process';
import { ensureBuilt, ensureModules } from './setup.mjs';

ensureModules();
ensureBuilt();
const args = ['--enable-source-maps', 'dist/office.js', ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
