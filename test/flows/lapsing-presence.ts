import t from 'tap';
import type { Extension, TenantId } from '../../src/domain/names.js';
import { lapsedAt, type Personals } from '../../src/domain/personal.js';
import { type LapseDeps, makeLapses } from '../../src/flows/lapse-presence.js';
import { officeBook } from '../../src/flows/office-book.js';
import { noting } from './stage.js';

const acme = 'acme' as TenantId;
const [bob, carol] = ['101', '102'] as [Extension, Extension];

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
};

/** What Bob's phone has published, until an hour from now or an hour ago. */
const published = (end: 'over' | 'lasts', presence: 'away' | 'do-not-disturb' = 'do-not-disturb') => ({
  presence,
  ...{ at: 1, until: Date.now() + (end === 'lasts' ? 3_600_000 : -3_600_000) },
});

/** An instance whose store keeps this, as it is read now. */
const stage = (kept: { now: Personals }, lapse: LapseDeps['store']['lapse']) => {
  const book = officeBook(undefined);
  const said: string[] = [];
  const read: number[] = [];
  const readPersonal = async () => {
    read.push(1);
    book.putPersonal(acme, kept.now);
  };
  const lapses = makeLapses({ store: { lapse } as LapseDeps['store'], book, log: noting(said), readPersonal });
  book.onPut(lapses.seen);
  const document = { extensions: { 101: {}, 102: { presence: 'away' as const } } };
  book.put({ id: acme, version: 1, document, personal: kept.now });
  const presence = (extension: Extension) => book.current.tenants.get(acme)?.extensions.get(extension)?.presence;
  return { lapses, presence, said, read };
};

t.test('what is over is forgotten by the store, which is told what counts otherwise', async (t) => {
  const asked: unknown[] = [];
  const kept = { now: { 101: { published: { a: published('over') } }, 102: { published: { b: published('over') } } } };
  const { presence, said, read, lapses } = stage(kept as { now: Personals }, async (id, extension, { otherwise }) => {
    asked.push([id, extension, otherwise]);
    const { [extension]: _, ...others } = kept.now as Personals;
    kept.now = others as typeof kept.now;
    return extension === bob;
  });
  t.same([presence(bob), presence(carol)], ['available', 'away'], 'it counts no more before anybody has done anything');
  await until(() => read.length > 0);
  t.same(asked, [
    [acme, bob, 'available'],
    [acme, carol, 'away'],
  ]);
  t.same(said, ['published presence has lapsed'], 'another instance was quicker with Carol’s');
  lapses.stop();
});

t.test('one that lasts longer by now is read, and counts on', async (t) => {
  const soon = { ...published('over'), until: Date.now() + 30 };
  const kept: { now: Personals } = { now: { 101: { published: { a: soon } } } };
  const { presence, read, lapses } = stage(kept, async () => false);
  kept.now = { 101: { published: { b: published('lasts') } } };
  await until(() => read.length > 0);
  t.equal(presence(bob), 'do-not-disturb');
  t.equal(read.length, 1, 'and nobody asks again before its end');
  lapses.stop();
});

t.test('while the store is away it is over all the same, and what else was said counts', async (t) => {
  const soon = { ...published('over'), until: Date.now() + 30 };
  const mixed = { presence: 'away', published: { a: soon, b: { ...published('lasts', 'away'), at: 0 } } } as const;
  const { presence, said, lapses } = stage({ now: { 101: mixed } }, async () => {
    throw new Error('away');
  });
  await until(() => said.length > 0);
  t.equal(presence(bob), 'away');
  t.same(said, ['store away, published presence has lapsed here']);
  lapses.stop();
});

t.test('who has stopped asks nobody', async (t) => {
  const asked: unknown[] = [];
  const { lapses } = stage({ now: { 101: { published: { a: published('over') } } } }, async () => asked.push(1) > 0);
  lapses.stop();
  lapses.seen({
    id: acme,
    version: 1,
    document: { extensions: {} },
    personal: { 101: { published: { a: published('over') } } },
  });
  await new Promise((resolve) => setImmediate(resolve));
  t.same(asked, []);
});

t.test('an extension’s own word that lasts is not touched', async (t) => {
  const personals: Personals = { 101: { presence: 'away' }, 102: { published: { a: published('lasts') } } };
  t.same(lapsedAt(personals, Date.now()), []);
});
