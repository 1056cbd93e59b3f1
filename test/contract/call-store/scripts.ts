import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import type { RedisClient } from '../../../src/adapters/redis/client.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { redisRegistrar } from '../../../src/adapters/redis/registrar.js';
import { acme, alice, bob } from '../../domain/acme.js';
import { askOf, callOf, dialogOf, emptyStore, redis, ring, stateOf, token } from './office.js';

const folder = new URL('../../../src/adapters/redis/scripts/', import.meta.url);

/** Which elements of KEYS and ARGV there are: so many by number, and perhaps any number more. */
interface Arity {
  readonly fixed: number;
  readonly open: boolean;
}

const scripts = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.lua'))
    .map((file) => {
      const [, header = '', body = ''] =
        /^--\[\[([\s\S]*?)\]\]([\s\S]*)$/.exec(readFileSync(new URL(file, folder), 'utf8')) ?? [];
      return [file.replace('.lua', ''), { header, body }];
    }),
);

/** What the header promises: `KEYS[1]  call hash`, `ARGV[2…] leg ids`, `KEYS     sorted sets`. */
const documented = (header: string, table: string): Arity => {
  const rows = [...header.matchAll(new RegExp(`^ {2}${table}(?:\\[(\\d+)(…?)\\])? `, 'gm'))];
  const numbers = rows.filter(([, , more]) => more === '').map(([, index]) => Number(index));
  const open = rows.find(([, index, more]) => index === undefined || more === '…');
  const fixed = open ? Number(open[1] ?? 1) - 1 : numbers.length;
  if (numbers.length !== fixed || numbers.some((number, i) => number !== i + 1)) throw new Error(`${table}: ${header}`);
  return { fixed, open: open !== undefined };
};

/** What the body takes: numbered elements, and a loop to the end. */
const used = (body: string, table: string): Arity => {
  const code = body.replace(/--.*$/gm, '');
  const numbers = [...code.matchAll(new RegExp(`${table}\\[(\\d+)\\]`, 'g'))].map(([, index]) => Number(index));
  const loop = new RegExp(`for i = (\\d+), #${table}|ipairs\\(${table}\\)`).exec(code);
  return { fixed: loop ? Number(loop[1] ?? 1) - 1 : Math.max(0, ...numbers), open: loop !== null };
};

/** A client that notes with how many keys and arguments each script was called. */
const noting = (seen: Map<string, { keys: number; args: number }[]>): RedisClient =>
  new Proxy(redis, {
    get: (client, name) => {
      const member = Reflect.get(client, name);
      if (typeof member !== 'function') return member;
      if (typeof name !== 'string' || !/^cp[A-Z]/.test(name)) return member.bind(client);
      const script = name.slice(2).toLowerCase();
      return (keys: number, ...rest: unknown[]) => {
        seen.set(script, [...(seen.get(script) ?? []), { keys, args: rest.length - keys }]);
        return member.call(client, keys, ...rest);
      };
    },
  });

const useEverything = async (client: RedisClient): Promise<void> => {
  const store = redisCallStore(client, makeKnownPhones());
  const call = await ring(store, callOf('c1'));
  await store.claim(askOf('t', { extensions: [bob, alice] }));
  await store.release(acme.id, call.id, token('t'));
  await store.withdraw(askOf('t', { extensions: [bob, alice] }));
  await store.confirm(call, token('t'));
  await store.answer(call);
  await store.end(call, [dialogOf(call), dialogOf(call, 'second')]);
  const registrar = redisRegistrar(client);
  const change = [{ id: 'a', binding: undefined }];
  await registrar.register({ tenant: acme.id, extension: bob, callId: 'r', cseq: 1, change });
  await registrar.register({ tenant: acme.id, extension: bob, callId: 'r', cseq: 2, change: 'all' });
};

t.test('each script is called as its header says', async (t) => {
  await emptyStore();
  const seen = new Map<string, { keys: number; args: number }[]>();
  await useEverything(noting(seen));
  t.same([...seen.keys()].sort(), [...scripts.keys()].sort(), 'every script was called');
  for (const [name, { header, body }] of scripts) {
    const [keys, args] = [documented(header, 'KEYS'), documented(header, 'ARGV')];
    t.same(used(body, 'KEYS'), keys, `${name}: KEYS of the header are those of the body`);
    t.same(used(body, 'ARGV'), args, `${name}: ARGV of the header are those of the body`);
    t.match(header, /^ {2}Returns /m, `${name} says what it returns`);
    for (const call of seen.get(name) ?? []) {
      t.ok(keys.open ? call.keys > keys.fixed : call.keys === keys.fixed, `${name}: ${call.keys} keys`);
      t.ok(args.open ? call.args >= args.fixed : call.args === args.fixed, `${name}: ${call.args} arguments`);
    }
  }
});

t.test('scripts that Redis has forgotten are sent again', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await redis.script('FLUSH');
  t.match(await store.claim(askOf('t')), { ok: true });
  await redis.script('FLUSH');
  await store.release(acme.id, call.id, token('t'));
  t.equal(await stateOf(call), 'ringing');
  await redis.script('FLUSH');
  await useEverything(redis);
  t.equal(await stateOf(call), 'ended');
});
