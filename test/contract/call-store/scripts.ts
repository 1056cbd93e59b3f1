import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { redisCallDirectory } from '../../../src/adapters/redis/call-directory.js';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import type { RedisClient } from '../../../src/adapters/redis/client.js';
import { redisDialogDirectory } from '../../../src/adapters/redis/dialog-directory.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { redisLostCalls } from '../../../src/adapters/redis/lost-calls.js';
import { redisOfficeStore } from '../../../src/adapters/redis/office-store.js';
import { redisOrders } from '../../../src/adapters/redis/orders.js';
import { redisPhoneChanges } from '../../../src/adapters/redis/phone-changes.js';
import { redisPinTries } from '../../../src/adapters/redis/pin-tries.js';
import { redisPublications } from '../../../src/adapters/redis/publications.js';
import { redisRegistrar } from '../../../src/adapters/redis/registrar.js';
import { redisSupervisions } from '../../../src/adapters/redis/supervisions.js';
import { redisWatchedDialogs } from '../../../src/adapters/redis/watched-dialogs.js';
import type { CallId } from '../../../src/domain/names.js';
import type { CallRecord } from '../../../src/flows/ports.js';
import { acme, alice, bob, carol } from '../../domain/acme.js';
import {
  askOf,
  byCarol,
  callOf,
  deaf,
  dialogOf,
  emptyStore,
  orderOf,
  overOf,
  redis,
  ring,
  silent,
  stateOf,
  token,
  uuid,
} from './office.js';

const folder = new URL('../../../src/adapters/redis/scripts/', import.meta.url);

/** Which elements of KEYS and ARGV there are: so many by number, and perhaps any number more. */
interface Arity {
  readonly fixed: number;
  readonly open: boolean;
}

/** What a header promises; so many of the last elements may be left out. */
interface Promised extends Arity {
  readonly optional: number;
}

const scripts = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.lua') && !file.endsWith('.part.lua'))
    .map((file) => {
      const [, header = '', body = ''] =
        /^--\[\[([\s\S]*?)\]\]([\s\S]*)$/.exec(readFileSync(new URL(file, folder), 'utf8')) ?? [];
      return [file.replace('.lua', ''), { header, body }];
    }),
);

/**
 * What the header promises: `KEYS[1]  call hash`, `ARGV[2…] leg ids`, `KEYS     sorted sets`. An element may be left out
 * that is `absent if` something, or is there `only with` another.
 */
const documented = (header: string, table: string): Promised => {
  const rows = [...header.matchAll(new RegExp(`^ {2}${table}(?:\\[(\\d+)(…?)\\])? (.*)$`, 'gm'))];
  const numbers = rows.filter(([, , more]) => more === '').map(([, index]) => Number(index));
  const open = rows.find(([, index, more]) => index === undefined || more === '…');
  const fixed = open ? Number(open[1] ?? 1) - 1 : numbers.length;
  if (numbers.length !== fixed || numbers.some((number, i) => number !== i + 1)) throw new Error(`${table}: ${header}`);
  const optional = rows.filter(([, , , text = '']) => /absent if|only with/.test(text)).length;
  return { fixed, open: open !== undefined, optional };
};

/** What the body takes: numbered elements, and a loop (or all that is left) to the end. */
const used = (body: string, table: string): Arity => {
  const code = body.replace(/--.*$/gm, '');
  const numbers = [...code.matchAll(new RegExp(`${table}\\[(\\d+)\\]`, 'g'))].map(([, index]) => Number(index));
  const loop = new RegExp(`for i = (\\d+), #${table}|ipairs\\(${table}\\)|unpack\\(${table}, (\\d+)\\)`).exec(code);
  return { fixed: loop ? Number(loop[1] ?? loop[2] ?? 1) - 1 : Math.max(0, ...numbers), open: loop !== null };
};

/** A client that notes with how many keys and arguments each script was called. */
const noting = (seen: Map<string, { keys: number; args: number }[]>): RedisClient =>
  new Proxy(redis, {
    get: (client, name) => {
      const member = Reflect.get(client, name);
      if (typeof member !== 'function') return member;
      if (typeof name !== 'string' || !/^cp[A-Z]/.test(name)) return member.bind(client);
      const script = name
        .slice(2)
        .replace(/(?<!^)[A-Z]/g, '-$&')
        .toLowerCase();
      return (keys: number, ...rest: unknown[]) => {
        seen.set(script, [...(seen.get(script) ?? []), { keys, args: rest.length - keys }]);
        return member.call(client, keys, ...rest);
      };
    },
  });

const useEverything = async (client: RedisClient): Promise<void> => {
  const store = redisCallStore(client, makeKnownPhones());
  const call = await ring(store, callOf('c1'));
  await store.waits(call, { group: 'desk', seconds: 5 });
  await store.claim(askOf('t', { extensions: [bob, alice] }));
  await store.release(acme.id, call.id, token('t'));
  await store.withdraw(askOf('t', { extensions: [bob, alice] }));
  await store.confirm(call, byCarol('t'), []);
  await store.answer(call);
  await store.stolen(call, byCarol('t'), [dialogOf(call)]);
  await store.note(call, [dialogOf(call)]);
  await redisLostCalls(client).end(call);
  await store.end(call, 'cancelled', [overOf(call), overOf(call, 'second')]);
  await store.claim(askOf('t', { call: call.id }));
  await useTheRest(client, call);
  const registrar = redisRegistrar(client);
  const change = [{ id: 'a', binding: undefined }];
  await registrar.register({ tenant: acme.id, extension: bob, callId: 'r', cseq: 1, change });
  await registrar.register({ tenant: acme.id, extension: bob, callId: 'r', cseq: 2, change: 'all' });
};

const useTheRest = async (client: RedisClient, call: CallRecord): Promise<void> => {
  await redisCallDirectory(client).list(acme.id);
  await redisCallDirectory(client).find(acme.id, uuid(1) as CallId);
  await redisDialogDirectory(client).find(acme.id, `${uuid(1)}@here`);
  const watched = redisWatchedDialogs(client, deaf, silent);
  await new Promise<void>((resolve) => {
    watched.follow(acme.id, bob, { known: () => resolve(), changed: () => undefined });
  });
  watched.stop();
  const offices = redisOfficeStore(client, silent);
  await offices.save({ id: acme.id, version: 0, document: { extensions: {} } });
  await offices.setPersonal(acme.id, bob, { refusesPickup: true });
  await offices.lapse(acme.id, bob, { at: 1, otherwise: 'available' });
  const saying = { how: 'publish', otherwise: 'available' } as const;
  await redisPublications(client).put(acme.id, bob, { newTag: 'a', presence: 'away', seconds: 60, saying });
  await useChanges(client);
  const supervisions = redisSupervisions(client);
  const listens = { call: call.id, supervisor: carol, colleague: bob, mode: 'listen', since: 1 } as const;
  for (const what of ['began', 'ended'] as const) await supervisions.tell(call, what, { id: 's1', ...listens });
  await supervisions.list(acme.id);
  const orders = redisOrders(client, call.owner, deaf);
  await orders.place(orderOf(1), call.owner);
  await orders.place(orderOf(2), call.owner, { name: 'key', fingerprint: 'request' });
};

const useChanges = async (client: RedisClient): Promise<void> => {
  const [changes, tries] = [redisPhoneChanges(client), redisPinTries(client)];
  const made = { tenant: acme.id, picker: carol, target: bob };
  await tries.begin(made);
  await tries.forgive(made);
  await changes.change(acme.id, carol, bob);
  await changes.changeBack(acme.id, bob);
};

t.test('each script is called as its header says', async (t) => {
  await emptyStore();
  const seen = new Map<string, { keys: number; args: number }[]>();
  await useEverything(noting(seen));
  t.same([...seen.keys()].sort(), [...scripts.keys()].sort(), 'every script was called');
  for (const [name, { header, body }] of scripts) {
    const [keys, args] = [documented(header, 'KEYS'), documented(header, 'ARGV')];
    t.match(keys, used(body, 'KEYS'), `${name}: KEYS of the header are those of the body`);
    t.match(args, used(body, 'ARGV'), `${name}: ARGV of the header are those of the body`);
    t.match(header, /^ {2}Returns /m, `${name} says what it returns`);
    const calls = seen.get(name) ?? [];
    for (const call of calls) {
      t.ok(call.keys >= keys.fixed - keys.optional + (keys.open ? 1 : 0), `${name}: ${call.keys} keys`);
      t.ok(call.args >= args.fixed - args.optional, `${name}: ${call.args} arguments`);
      if (!keys.open) t.ok(call.keys <= keys.fixed, `${name}: no more than ${keys.fixed} keys`);
      if (!args.open) t.ok(call.args <= args.fixed, `${name}: no more than ${args.fixed} arguments`);
    }
    const sizes = new Set(calls.map(({ keys: own, args: all }) => `${own} ${all}`));
    t.ok(keys.optional === 0 || sizes.size > 1, `${name}: with what may be left out, and without`);
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
