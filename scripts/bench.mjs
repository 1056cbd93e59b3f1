// npm run bench: how long a pickup takes and what it costs, beside a bare drachtio-srf program on the same SIP stack.
// Ends with 1 if an exchange failed, never because one was slow.
import { ensureBuilt, ensureModules, ensurePackages } from './setup.mjs';

ensureModules();
ensurePackages(['redis-server']);
ensureBuilt();

const { readOptions } = await import('../bench/options.mjs');
let options;
try {
  options = readOptions(process.argv.slice(2), process.env);
} catch (error) {
  console.error(`bench: ${error.message}; --help tells what there is`);
  process.exit(2);
}
if (options.help) console.log(options.help);
else {
  const { run } = await import('../bench/run.mjs');
  process.exitCode = (await run(options)) > 0 ? 1 : 0;
}
