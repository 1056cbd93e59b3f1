// What happens first in every process of tap's that runs a test file (package.json, tap.node-arg).
import { register } from 'node:module';
import processOnSpawn from 'process-on-spawn';

// Tests are run as they are written; tap's own way compiles every file anew in every process.
register('./typescript-hooks.mjs', import.meta.url);

// Tap has every program that a test starts load a module of its own (by NODE_OPTIONS), which sees each file that is
// loaded: a service then needs twice its time to start. What we start is to run as it does everywhere else.
processOnSpawn.removeAllListeners();
