import type { Test } from 'tap';
import { twoCompanies, type Who } from '../http-stage.js';
import { idOf, mobile, night, nowhere, office, open, sales, strangerOf, support } from './stage.js';

/** The group of TelecomX's page, ids in lower case. Its timeoutGoto has 23 digits, as an outside number's id may. */
const seed = {
  _id: '12345678901234567890abcd',
  type: 'GROUP',
  customer: '12345678901234567890aaaa',
  name: 'Support',
  number: '800',
  startAudio: null,
  redirect: null,
  notes: 'Primary support ring group',
  members: ['123456789012345678900001', '123456789012345678900002'],
  controllers: ['12345678901234567890aaaa'],
  pickup: true,
  steal: true,
  spy: false,
  setPresence: false,
  queueMember: true,
  viewOtherParty: false,
  sms: false,
  readCalendar: true,
  writeCalendar: false,
  readPhonebook: true,
  writePhonebook: false,
  strategy: 'RANDOM',
  ringTime: 20,
  timeoutGoto: '1234567890123456890bbbb',
};

const seedOffice = () => ({
  tenants: {
    acme: {
      customer: seed.customer,
      extensions: {
        '201': { id: seed.members[0] },
        '202': { id: seed.members[1] },
        // The page's controller has the customer's own id.
        '203': { id: seed.controllers[0] },
      },
      outsideNumbers: { [seed.timeoutGoto]: { number: '+4570305050' } },
      groups: {
        [seed._id]: {
          name: 'Support',
          number: '800',
          notes: seed.notes,
          members: ['201', '202'],
          controllers: ['203'],
          ...{ pickup: true, steal: true, queueMember: true, readCalendar: true, readPhonebook: true },
          strategy: 'RANDOM' as const,
          ringTime: 20,
          timeoutGoto: seed.timeoutGoto,
        },
      },
    },
    globex: twoCompanies().tenants.globex,
  },
});

const seedIsAnswered = (t: Test) =>
  t.test("the page's own example", async (t) => {
    const { ask } = open(t, seedOffice() as never);
    const answer = await ask('viewer', 'GET /pbx/group/12345678901234567890ABCD');
    t.equal(answer.status, 200);
    t.equal(answer.text, JSON.stringify(seed), 'every field, in the order of the page');
    const expanded = await ask('viewer', `GET /pbx/group/${seed._id}?expandExtension=true&expandGoto=true`);
    t.same(expanded.json.controllers, [{ _id: seed.controllers[0], number: '203', name: '203' }]);
    t.same(expanded.json.timeoutGoto, {
      _id: seed.timeoutGoto,
      type: 'EXTERNAL',
      number: '+4570305050',
      name: '+4570305050',
    });
  });

const expansions = (t: Test) =>
  t.test('extensions and gotos with numbers and names, where they are asked for', async (t) => {
    const { ask, documents } = open(t);
    const plain = (await ask('viewer', `GET /pbx/group/${support}?expandExtension=false`)).json;
    t.same(plain.members, [idOf(100), idOf(101)]);
    t.equal(plain.timeoutGoto, sales);
    const { json } = await ask('viewer', `GET /pbx/group/${support}?expandExtension=true`);
    t.same(json.members, [
      { _id: idOf(100), number: '100', name: 'Phone 100' },
      { _id: idOf(101), number: '101', name: 'Phone 101' },
    ]);
    t.same(json.controllers, [{ _id: idOf(102), number: '102', name: 'Phone 102' }]);
    t.equal(json.timeoutGoto, sales, 'the other is not expanded');
    const gotos = [
      [support, { _id: sales, type: 'GROUP', number: '90', name: 'Sales' }],
      [night, { _id: mobile, type: 'EXTERNAL', number: '+4570305050', name: 'Mobile' }],
      [sales, null],
    ] as const;
    for (const [id, goto] of gotos) {
      t.same((await ask('viewer', `GET /pbx/group/${id}?expandGoto=true`)).json.timeoutGoto, goto);
    }
    documents.set(({ tenants }) => {
      Object.assign(tenants.acme?.groups?.[sales] ?? {}, { timeoutGoto: idOf(103) });
    });
    t.same((await ask('viewer', `GET /pbx/group/${sales}?expandGoto=true`)).json.timeoutGoto, {
      ...{ _id: idOf(103), type: 'EXTENSION', number: '103', name: 'Phone 103' },
    });
  });

/** Who, what, and the status. */
const access: readonly (readonly [Who | undefined, string, number])[] = [
  ['viewer', `GET /pbx/group/${support}`, 200],
  ['manager', `GET /pbx/group/${support}`, 200],
  ['owner', `GET /pbx/group/${support.toUpperCase()}`, 200],
  ['personal', `GET /pbx/group/${support}`, 200],
  ['personal', `GET /pbx/group/${sales}`, 403],
  ['reseller', `GET /pbx/group/${support}`, 200],
  ['otherReseller', `GET /pbx/group/${night}`, 404],
  ['admin', `GET /pbx/group/${night}`, 200],
  // Both companies have a group of this id.
  ['admin', `GET /pbx/group/${support}`, 400],
  ['admin', `GET /pbx/group/${support}?customer=${'b'.repeat(24)}`, 200],
  ['admin', `GET /pbx/group/${night}?customer=${'b'.repeat(24)}`, 404],
  ['stranger', `GET /pbx/group/${night}`, 404],
  ['owner', `GET /pbx/group/${support}?customer=${'A'.repeat(24)}`, 200],
  ['owner', `GET /pbx/group/${support}?customer=${'b'.repeat(24)}`, 404],
  ['owner', `GET /pbx/group/${support}?customer=${'c'.repeat(24)}`, 404],
  ['owner', `GET /pbx/group/${nowhere}`, 404],
  ['owner', 'GET /pbx/group/123', 400],
  ['owner', `GET /pbx/group/${support}?expandExtension=1`, 400],
  ['owner', `GET /pbx/group/${support}?full=true`, 400],
  [undefined, `GET /pbx/group/${support}`, 401],
  ['viewer', 'GET /pbx/group', 200],
  ['reseller', 'GET /pbx/group', 400],
  ['reseller', `GET /pbx/group?customer=${'a'.repeat(24)}`, 200],
  ['reseller', `GET /pbx/group?customer=${'b'.repeat(24)}`, 404],
  ['otherReseller', `GET /pbx/group?customer=${'b'.repeat(24)}`, 200],
  ['admin', `GET /pbx/group?customer=${'b'.repeat(24)}`, 200],
  ['stranger', `GET /pbx/group?customer=${'a'.repeat(24)}`, 404],
  ['viewer', `GET /pbx/group/${support}/member/${idOf(100)}`, 200],
  ['viewer', `GET /pbx/group/${support}/member/${idOf(103)}`, 404],
  ['viewer', `GET /pbx/group/${support}/member/${strangerOf(100)}`, 404],
  ['personal', `GET /pbx/group/${sales}/member/${idOf(103)}`, 403],
  ['viewer', 'GET /pbx/nothing', 404],
];

const accessLevels = (t: Test) =>
  t.test('who may see which group', async (t) => {
    const { ask } = open(t);
    for (const [who, line, status] of access) {
      const answer = await ask(who, line);
      t.equal(answer.status, status, `${who} ${line}`);
      if (status >= 400) t.match(answer.json, { error: status, message: String, description: String });
    }
    const theirs = await ask('stranger', `GET /pbx/group/${support}?expandExtension=true`);
    t.equal(theirs.json.name, 'Their support', 'the same id is another group in another company');
    t.notMatch(theirs.text, /a{20}/, 'and nothing of the first company is in it');
    t.same((await ask('owner', `GET /pbx/group/${nowhere}`)).json, {
      error: 404,
      message: 'not_found',
      description: 'there is no such group',
    });
    t.match((await ask('admin', `GET /pbx/group/${support}`)).json, { message: 'bad_request', field: 'customer' });
  });

const lists = (t: Test) =>
  t.test('lists: pages, order, filter, fields', async (t) => {
    const { ask } = open(t);
    const names = async (query: string, who: Who = 'viewer') =>
      (await ask(who, `GET /pbx/group${query}`)).json.groups.map(({ name }: { name: string }) => name);
    const all = await ask('viewer', 'GET /pbx/group');
    const short = (_id: string, name: string, number: string | null) => {
      return { _id, type: 'GROUP', customer: 'a'.repeat(24), name, number };
    };
    t.same(all.json, {
      ...{ offset: 0, limit: 50, total: 3 },
      groups: [short(sales, 'Sales', '90'), short(support, 'Support', '800'), short(night, 'Night', null)],
    });
    t.same(await names('?sort=name'), ['Night', 'Sales', 'Support']);
    t.same(await names('?sort=direct'), ['Sales', 'Support', 'Night']);
    t.same(await names('?filter=SUPPORT%20ring'), ['Support'], 'in the notes, in any case');
    t.same(await names('?filter=80'), ['Support'], 'in the number');
    t.same(await names('?filter=x'), []);
    t.same(await names('', 'personal'), ['Support', 'Night'], 'what the extension controls');
    const page = (await ask('viewer', 'GET /pbx/group?offset=1&limit=1')).json;
    t.match(page, { offset: 1, limit: 1, total: 3, groups: [{ name: 'Support' }] });
    t.equal(page.groups.length, 1);
    t.same((await ask('viewer', 'GET /pbx/group?offset=7')).json.groups, []);
    for (const query of ['full=true', 'expandExtension=true', 'expandGoto=true']) {
      const [group] = (await ask('viewer', `GET /pbx/group?${query}`)).json.groups;
      t.equal(Object.keys(group).length, 24, `${query}: all fields`);
    }
    const wrong = [
      'limit=0',
      'limit=1001',
      'limit=x',
      'offset=-1',
      'sort=colour',
      'full=yes',
      'colour=red',
      'customer=1',
    ];
    for (const query of wrong) {
      const { status, json } = await ask('viewer', `GET /pbx/group?${query}`);
      t.match(
        { status, ...json },
        { status: 400, error: 400, message: 'bad_request', field: query.split('=')[0] },
        query,
      );
    }
  });

const extensions = (t: Test) =>
  t.test('extensions: the ids by which groups name them', async (t) => {
    const { ask } = open(t);
    const shown = (number: number) => {
      return {
        _id: idOf(number),
        type: 'EXTENSION',
        customer: 'a'.repeat(24),
        name: `Phone ${number}`,
        number: `${number}`,
      };
    };
    t.same((await ask('viewer', 'GET /pbx/extension?limit=2&offset=1&sort=number')).json, {
      ...{ offset: 1, limit: 2, total: 4 },
      extensions: [shown(101), shown(102)],
    });
    const numbers = async (line: string, who: Who = 'viewer') =>
      (await ask(who, `GET /pbx/extension${line}`)).json.extensions.map(({ number }: { number: string }) => number);
    t.same(await numbers(''), ['100', '101', '102', '103']);
    t.same(await numbers('?filter=PHONE%20103'), ['103'], 'by name, in any case');
    t.same(await numbers('', 'personal'), ['100', '101', '102'], 'its own, and the members of what it controls');
    t.same((await ask('personal', `GET /pbx/extension/${idOf(103).toUpperCase()}`)).json, shown(103));
    const rows: readonly (readonly [Who | undefined, string, number, string?])[] = [
      ['viewer', `/${strangerOf(100)}`, 404],
      ['viewer', `/${idOf(100)}?customer=${'b'.repeat(24)}`, 404],
      ['viewer', '/100', 400, 'extensionId'],
      ['viewer', '?sort=direct', 400, 'sort'],
      ['admin', '', 400, 'customer'],
      ['admin', `?customer=${'b'.repeat(24)}`, 200],
      ['admin', `/${idOf(100)}`, 200],
      ['stranger', `/${idOf(100)}`, 404],
      [undefined, '', 401],
    ];
    for (const [who, line, status, field] of rows) {
      const answer = await ask(who, `GET /pbx/extension${line}`);
      t.match(answer, { status, ...(field && { json: { field } }) }, `${who} ${line}`);
    }
  });

const tags = (t: Test) =>
  t.test('a reader who has the newest version is told so', async (t) => {
    const { ask, away } = open(t, office());
    const line = `GET /pbx/group/${support}`;
    const { headers } = await ask('viewer', line);
    t.equal((await ask('viewer', line, undefined, { 'if-none-match': String(headers.etag) })).status, 304);
    away.isAway = true;
    t.match((await ask('viewer', line)).json, { error: 503, message: 'unavailable' }, 'no store, no answer');
  });

/** Reading groups. */
export const readRows = (t: Test): void => {
  for (const rows of [seedIsAnswered, expansions, accessLevels, lists, extensions, tags]) rows(t);
};
