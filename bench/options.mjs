// What the command line asks of the bench: counts, rates, and which server.
import { parseArgs } from 'node:util';

/** Every option with its default; all are whole numbers. */
const numbers = {
  warmup: [150, 'pickups and calls that are not counted, of each program, after each of its starts'],
  count: [500, 'pickups and calls one at a time, of each program'],
  ring: [60, 'milliseconds that a phone rings before the picker dials, one at a time'],
  'cpu-count': [300, 'pickups and calls for the CPU figures, of each program'],
  'cpu-rate': [25, 'of those a second'],
  'load-count': [1000, 'pickups beside other calls, of each program'],
  'load-rate': [20, 'of those a second (10 to 50)'],
  background: [20, 'calls a second beside them'],
  trips: [40, 'pickups and calls with a slow Redis, to count the round trips that are waited for'],
  questions: [160_000, 'questions of the policy, for each way that groups can lie'],
  changes: [60, 'changes of a rule, for each size of document'],
  'watched-count': [300, 'pickups with two hundred watchers, and as many without'],
  'watched-rate': [8, 'of those a second'],
  'webhook-count': [400, 'pickups for each kind of receiver that a company may have its calls told to'],
  'webhook-rate': [20, 'of those a second'],
  'media-count': [300, 'pickups crossed, and as many through each media server'],
  turns: [5, 'parts into which the counts are cut; the programs take turns in shuffled order'],
  seed: [1, 'of the shuffled order'],
};

const usage = () => {
  const lines = Object.entries(numbers).map(([name, [value, words]]) => `  --${name.padEnd(12)} ${words} (${value})`);
  return [
    'npm run bench -- [options]',
    ...lines,
    '  --quick        a tenth of every count that is not given',
    '  --only NAMES   of latency, cpu, load, trips, policy, rules, watchers, webhook, media; with commas between',
    '  --json FILE    writes every sample',
    '  --profile DIR  writes a CPU profile of the service, the bare program and the embedded engines',
    'FREESWITCH_HOST, FREESWITCH_PORT, FREESWITCH_SECRET name FreeSWITCHes that media is measured with besides.',
    'DRACHTIO_HOST, DRACHTIO_PORT, DRACHTIO_SECRET name a drachtio-server instead of the embedded engine. The programs',
    'use it by turns, and start anew for each; with BARE_DRACHTIO_PORT, a second one for the bare program, they stay.',
  ].join('\n');
};

const parts = ['latency', 'cpu', 'load', 'trips', 'policy', 'rules', 'watchers', 'webhook', 'media'];

const wholeNumber = (name, text) => {
  if (!/^\d{1,6}$/.test(text)) throw new Error(`--${name}: "${text}" is not a whole number`);
  return Number(text);
};

const partsOf = (only) => {
  const wanted = only === undefined ? parts : only.split(',');
  const unknown = wanted.filter((part) => !parts.includes(part));
  if (unknown.length > 0) throw new Error(`--only: ${unknown.join(', ')} is none of ${parts.join(', ')}`);
  return new Set(wanted);
};

const serverOf = (env) => {
  const {
    DRACHTIO_HOST: host,
    DRACHTIO_PORT: port = '9022',
    DRACHTIO_SECRET: secret,
    BARE_DRACHTIO_PORT: second,
  } = env;
  if (!host) return undefined;
  if (!secret) throw new Error('DRACHTIO_SECRET is needed with DRACHTIO_HOST');
  return { host, port: Number(port), secret, ...(second && { second: Number(second) }) };
};

const freeswitchOf = ({ FREESWITCH_HOST, FREESWITCH_PORT, FREESWITCH_SECRET }) => {
  if (!FREESWITCH_HOST) return undefined;
  if (!FREESWITCH_SECRET) throw new Error('FREESWITCH_SECRET is needed with FREESWITCH_HOST');
  return { FREESWITCH_HOST, FREESWITCH_SECRET, ...(FREESWITCH_PORT && { FREESWITCH_PORT }) };
};

/** Reads the command line; throws an error whose message is for the user. */
export const readOptions = (args, env) => {
  const texts = ['only', 'json', 'profile', ...Object.keys(numbers)];
  const options = Object.fromEntries(texts.map((name) => [name, { type: 'string' }]));
  for (const name of ['quick', 'help']) options[name] = { type: 'boolean' };
  const { values } = parseArgs({ args, options });
  if (values.help) return { help: usage() };

  const read = {};
  for (const [name, [otherwise]] of Object.entries(numbers)) {
    const usual = values.quick && /count|trips|questions|changes/.test(name) ? otherwise / 10 : otherwise;
    read[name] = values[name] === undefined ? usual : wholeNumber(name, values[name]);
  }
  if (read.turns < 1) throw new Error('--turns: at least one');
  const { json, profile } = values;
  const servers = { server: serverOf(env), freeswitch: freeswitchOf(env) };
  return { ...read, ...servers, parts: partsOf(values.only), json, profile };
};
