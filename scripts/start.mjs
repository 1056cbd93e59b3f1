// npm start: installs what is missing, builds, and runs the service until it is stopped.
import { spawn } from 'node:child_process';
import { ensureBuilt, ensureModules, ensurePackages } from './setup.mjs';

ensureModules();
const ownRedis = !['REDIS_URL', 'REDIS_URL_FILE', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'].some(
  (name) => process.env[name],
);
if (ownRedis) ensurePackages(['redis-server']);
ensureBuilt();

const service = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// A terminal sends its interrupt to both of us; a supervisor's signal reaches only this process and is passed on.
process.on('SIGTERM', () => service.kill('SIGTERM'));
process.on('SIGINT', () => undefined);
service.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
