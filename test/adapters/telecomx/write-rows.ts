import type { Test } from 'tap';
import type { Who } from '../http-stage.js';
import { allRights, idOf, night, nowhere, office, open, sales, support } from './stage.js';

const whole = {
  name: 'Weekend',
  number: '801',
  startAudio: 'F'.repeat(24),
  redirect: '+4512345678',
  notes: 'Saturdays',
  members: [idOf(100), idOf(101).toUpperCase()],
  controllers: [idOf(103)],
  ...allRights,
  strategy: 'SEQUENTIAL',
  ringTime: 15,
  timeoutGoto: idOf(102).toUpperCase(),
};

const creates = (t: Test) =>
  t.test('create, and see it', async (t) => {
    const { ask, documents, lines } = open(t);
    const made = await ask('manager', 'POST /pbx/group', { ...whole, customer: 'A'.repeat(24) });
    t.equal(made.status, 201);
    const { _id } = made.json;
    t.match(_id, /^[0-9a-f]{24}$/);
    const ids = { startAudio: 'f'.repeat(24), members: [idOf(100), idOf(101)], timeoutGoto: idOf(102) };
    t.same(made.json, { _id, type: 'GROUP', customer: 'a'.repeat(24), ...whole, ...ids });
    t.equal(made.headers.location, `/pbx/group/${_id}`);
    const seen = await ask('viewer', `GET ${made.headers.location}`);
    t.same(seen.json, made.json);
    t.equal(seen.headers.etag, made.headers.etag);
    const stored = { ...whole, ...ids, members: ['100', '101'], controllers: ['103'] };
    t.same(documents.now.tenants.acme?.groups?.[_id], stored, 'members are kept by number');
    t.match(
      lines.filter(({ event }) => event === 'http write'),
      [{ role: 'MANAGER', status: 201, version: 2 }],
    );

    const bare = (await ask('owner', 'POST /pbx/group', { name: 'Bare' })).json;
    t.match(bare, {
      number: null,
      redirect: null,
      notes: '',
      members: [],
      pickup: false,
      strategy: 'ALL',
      ringTime: 0,
    });
    t.not(bare._id, _id);
    const own = { _id: nowhere.toUpperCase(), type: 'GROUP', name: 'From elsewhere', timeoutGoto: nowhere };
    const kept = await ask('manager', 'POST /pbx/group', own);
    t.match(kept, { status: 201, headers: { location: `/pbx/group/${nowhere}` } }, 'who brings an id keeps it');
    t.match(kept.json, { _id: nowhere, timeoutGoto: nowhere });
    const again = await ask('manager', 'POST /pbx/group', { ...own, name: 'Another' });
    t.match(again.json, { error: 400, field: '_id', description: /the group "From elsewhere" already/ });
    t.equal((await ask('viewer', `GET /pbx/group/${nowhere}`)).json.name, 'From elsewhere', 'which is as it was');
    const theirs = await ask('admin', `POST /pbx/group?customer=${'b'.repeat(24)}`, { name: 'Theirs, too' });
    t.equal(theirs.json.customer, 'b'.repeat(24));
    t.equal((await ask('owner', `GET /pbx/group/${theirs.json._id}`)).status, 404);
  });

const changes = (t: Test) =>
  t.test('change the named fields only', async (t) => {
    const { ask, documents } = open(t);
    const line = `POST /pbx/group/${support}`;
    const before = (await ask('viewer', `GET /pbx/group/${support}`)).json;
    const steps: readonly [Record<string, unknown>, Record<string, unknown>?][] = [
      [{}],
      [{ name: 'Help' }],
      [{ number: null }],
      [{ number: '90000', redirect: '*95', notes: '' }],
      [{ members: [], controllers: [idOf(103), idOf(100)] }],
      [{ steal: false, strategy: 'ALL', ringTime: 0 }],
      [{ writePhoneBook: false }, { writePhonebook: false }],
      [{ writePhonebook: true, writePhoneBook: true }, { writePhonebook: true }],
      [{ timeoutGoto: null, startAudio: null, redirect: null }],
      [
        { _id: support.toUpperCase(), type: 'GROUP', customer: 'a'.repeat(24), name: 'Same place' },
        { name: 'Same place' },
      ],
    ];
    let expected = before;
    for (const [body, seen = body] of steps) {
      expected = { ...expected, ...seen };
      const answer = await ask('manager', line, body);
      t.same(answer.json, expected, JSON.stringify(body));
      t.same((await ask('viewer', `GET /pbx/group/${support}`)).json, expected);
    }
    for (const method of ['PUT', 'PATCH']) {
      t.equal((await ask('owner', `${method} /pbx/group/${support}`, { name: method })).json.name, method);
    }
    const got = (await ask('owner', `GET /pbx/group/${support}`)).json;
    t.same((await ask('owner', line, got)).json, got, 'what a GET shows can be sent back');
    t.same(documents.now.tenants.globex, office().tenants.globex, 'the other company is as it was');
  });

const deletes = (t: Test) =>
  t.test('delete, unless something points there', async (t) => {
    const { ask, documents } = open(t);
    const refused = await ask('owner', `DELETE /pbx/group/${sales}`);
    t.match(refused.json, { error: 400, message: 'bad_request', description: /the timeoutGoto of "Support"/ });
    t.same(documents.now, office());
    t.same((await ask('owner', `DELETE /pbx/group/${support}`)).json, { success: true });
    t.same((await ask('owner', `DELETE /pbx/group/${support}`)).status, 404);
    t.same((await ask('manager', `DELETE /pbx/group/${sales}`)).json, { success: true }, 'nothing points there now');
    t.same(Object.keys(documents.now.tenants.acme?.groups ?? {}), [night]);
    t.equal(Object.keys(documents.now.tenants.globex?.groups ?? {}).length, 2);
  });

const writers: readonly (readonly [Who | undefined, number])[] = [
  [undefined, 401],
  ['viewer', 403],
  ['personal', 403],
  ['manager', 200],
  ['owner', 200],
  ['reseller', 200],
  ['otherReseller', 404],
];

const levels = (t: Test) =>
  t.test('who may change groups', async (t) => {
    for (const [who, status] of writers) {
      const { ask, documents } = open(t);
      const query = who?.endsWith('eseller') ? `?customer=${'a'.repeat(24)}` : '';
      const asked = [
        [`POST /pbx/group${query}`, { name: 'New' }, status === 200 ? 201 : status],
        [`POST /pbx/group/${night}`, { name: 'New' }, status],
        [`DELETE /pbx/group/${night}`, undefined, status],
        // Who may change nothing does not learn what there is.
        [`DELETE /pbx/group/${nowhere}`, undefined, status === 200 ? 404 : status],
      ] as const;
      for (const [line, body, expected] of asked)
        t.equal((await ask(who, line, body)).status, expected, `${who} ${line}`);
      if (status !== 200) t.same(documents.now, office(), 'nothing was changed');
    }
    const { ask } = open(t);
    t.match((await ask('viewer', 'POST /pbx/group', { name: 'x' })).json, { error: 403, message: 'access_denied' });
    t.equal((await ask('admin', 'POST /pbx/group', { name: 'x' })).json.field, 'customer');
    t.equal((await ask('reseller', 'POST /pbx/group', { name: 'x', customer: 'a'.repeat(24) })).json.field, 'customer');
    const wrongMethod = await ask('owner', 'PUT /pbx/group', { name: 'x' });
    t.match(wrongMethod, { status: 405, json: { error: 405, message: 'method_not_allowed' } });
    t.match(wrongMethod.headers.allow, /GET.*POST/);
  });

const tags = (t: Test) =>
  t.test('two writers do not overwrite each other unseen', async (t) => {
    const { ask, documents, away } = open(t);
    const line = `/pbx/group/${support}`;
    const write = (headers: Record<string, string>, body: object = { notes: 'x' }) =>
      ask('owner', `POST ${line}`, body, headers);
    const tagOf = async (query = '') => String((await ask('owner', `GET ${line}${query}`)).headers.etag);

    for (const query of ['', '?expandExtension=true', '?expandGoto=true', '?expandExtension=true&expandGoto=true']) {
      const answer = await write({ 'if-match': await tagOf(query) }, { notes: `seen with ${query}` });
      t.equal(answer.status, 200, `a tag of ${query || 'the plain group'} is as good`);
    }
    const old = await tagOf();
    t.equal((await ask('owner', `POST /pbx/group/${sales}`, { name: 'Elsewhere' })).status, 200);
    t.equal((await write({ 'if-match': old })).status, 200, 'a change of another group does not clash');
    const stale = await write({ 'if-match': old }, { notes: 'lost' });
    t.match(stale.json, { error: 412, message: 'precondition_failed' });
    t.equal((await ask('owner', `DELETE ${line}`, undefined, { 'if-match': old })).status, 412);
    t.equal((await write({ 'if-match': '*' })).status, 200);
    t.equal(documents.now.tenants.acme?.groups?.[support]?.notes, 'x');

    documents.set(({ tenants }) => Object.assign(tenants.acme ?? {}, { requireIfMatch: true }));
    t.match((await write({})).json, { error: 428, message: 'precondition_required' });
    t.equal((await ask('owner', 'POST /pbx/group', { name: 'New' })).status, 201, 'there is nothing to have seen');
    t.equal((await write({ 'if-match': await tagOf() })).status, 200);
    const added = await ask('owner', `PUT ${line}/member/${idOf(103)}`);
    t.equal(added.status, 200, 'who adds a member overwrites nothing');

    const before = structuredClone(documents.now);
    away.isAway = true;
    t.equal((await write({})).status, 503);
    t.same(documents.now, before);
  });

/** Changing groups. */
export const writeRows = (t: Test): void => {
  for (const rows of [creates, changes, deletes, levels, tags]) rows(t);
};
