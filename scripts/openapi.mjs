// node scripts/openapi.mjs: writes openapi.json anew from the routes; a test holds it to what the service answers.
import { writeFileSync } from 'node:fs';
import { ensureBuilt, ensureModules } from './setup.mjs';

ensureModules();
ensureBuilt();
const { describeRest } = await import('../dist/rest.js');
writeFileSync('openapi.json', `${JSON.stringify(await describeRest(), undefined, 2)}\n`);
console.log('openapi.json is written');
