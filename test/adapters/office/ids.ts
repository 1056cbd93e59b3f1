import t from 'tap';
import { documentReader } from '../../../src/adapters/office/document-reader.js';
import type { TenantId } from '../../../src/domain/names.js';
import type { TenantDocument } from '../../../src/domain/tenant-document.js';

const acme = 'acme' as TenantId;

const written = (): TenantDocument => ({
  customer: 'ABCDEF0123456789ABCDEF01',
  extensions: { 100: {}, 101: { id: 'FEDCBA9876543210FEDCBA98' } },
  pickupGroups: { sales: ['100'], support: { members: ['101'] }, night: { id: 7, members: [] } },
  groups: { ['AB'.repeat(12)]: { name: 'Support', timeoutGoto: 'CD'.repeat(12), startAudio: 'EF'.repeat(12) } },
  outsideNumbers: { ['CD'.repeat(12)]: { number: '+45' } },
});

t.test('ids that are missing are given, ids that are there keep, in lower case', async (t) => {
  const document = documentReader.withIds(acme, written());
  t.equal(document.customer, 'abcdef0123456789abcdef01');
  t.match(document.extensions['100']?.id, /^[0-9a-f]{24}$/);
  t.equal(document.extensions['101']?.id, 'fedcba9876543210fedcba98');
  t.match(document.pickupGroups, {
    sales: { id: Number, members: ['100'] },
    support: { id: Number, members: ['101'] },
    night: { id: 7, members: [] },
  });
  t.same(Object.keys(document.groups ?? {}), ['ab'.repeat(12)]);
  t.match(document.groups?.['ab'.repeat(12)], { timeoutGoto: 'cd'.repeat(12), startAudio: 'ef'.repeat(12) });
  t.same(Object.keys(document.outsideNumbers ?? {}), ['cd'.repeat(12)]);
  t.same(documentReader.withIds(acme, document), document, 'a second time nothing changes');
  t.same(documentReader.withIds(acme, written()), document, 'the same file gives the same ids');
});

t.test('ids differ from company to company and from name to name', async (t) => {
  const [one, other] = ['acme', 'beta'].map((id) =>
    documentReader.withIds(id as TenantId, { extensions: { 1: {}, 2: {} }, pickupGroups: { a: [], b: [] } }),
  );
  const ids = [one, other].flatMap((document) => [
    document?.customer,
    ...Object.values(document?.extensions ?? {}).map(({ id }) => id),
  ]);
  t.equal(new Set(ids).size, 6);
  const numbers = [one, other].flatMap((document) =>
    Object.values(document?.pickupGroups ?? {}).map((group) => (Array.isArray(group) ? 0 : (group.id ?? 0))),
  );
  t.equal(new Set(numbers).size, 4);
  for (const id of numbers) t.ok(Number.isInteger(id) && id > 0 && id < 2 ** 31, String(id));
});

t.test('an id that was given by hand is not given to something else as well', async (t) => {
  const given = documentReader.withIds(acme, { extensions: { 100: {} }, pickupGroups: { sales: [] } });
  const id = given.extensions['100']?.id ?? '';
  const group = given.pickupGroups?.sales;
  const taken = Array.isArray(group) ? 0 : (group?.id ?? 0);
  const again = documentReader.withIds(acme, {
    extensions: { 100: {}, 101: { id } },
    pickupGroups: { sales: [], night: { id: taken, members: [] } },
  });
  t.not(again.extensions['100']?.id, id);
  t.notMatch(again.pickupGroups?.sales, { id: taken });
  t.match(again.pickupGroups?.night, { id: taken });
});

t.test('a fingerprint sees what is written, not in which order', async (t) => {
  const one = documentReader.fingerprint({ a: 1, b: { c: [1, 2], d: null } });
  t.equal(documentReader.fingerprint({ b: { d: null, c: [1, 2] }, a: 1 }), one);
  t.not(documentReader.fingerprint({ a: 1, b: { c: [2, 1], d: null } }), one);
});

t.test('a company of ten thousand extensions is read, one more is not', async (t) => {
  const extensions = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}`, {}]));
  t.match(documentReader.tenant({ extensions: extensions(10_000) }), { ok: true });
  t.same(documentReader.tenant({ extensions: extensions(10_001) }), {
    ok: false,
    faults: [{ path: ['extensions'], why: 'must not have more than 10000 properties' }],
  });
  for (const value of [undefined, null, [], 'x', 42]) t.match(documentReader.tenant(value), { ok: false });
  t.match(documentReader.installation({ brands: { plain: { codes: {} } } }), { ok: true });
  t.match(documentReader.installation({ tenants: {} }), {
    ok: false,
    faults: [{ path: ['tenants'], why: 'is not known' }],
  });
});
