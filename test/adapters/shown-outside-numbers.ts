import t from 'tap';
import { telecomx } from '../../src/adapters/http/telecomx/dialect.js';
import { v1 } from '../../src/adapters/http/v1/dialect.js';
import { openStage, type Who } from './http-stage.js';

const url = '/v1/outside-numbers';
/** The timeoutGoto of TelecomX's example. */
const night = '1234567890123456890bbbb';
const taken = `${'a'.repeat(20)}0100`;

const open = (t: Parameters<typeof openStage>[0]) => openStage(t, { dialects: [v1, telecomx] });

t.test('outside numbers: put, read, gone on to, and taken away', async (t) => {
  const { ask, documents } = open(t);
  t.same((await ask('viewer', `GET ${url}`)).json, { outsideNumbers: [], total: 0 });
  const made = await ask('manager', `PUT ${url}/${night.toUpperCase()}`, { number: '+4570305050', name: 'Night desk' });
  t.match(made, { status: 201, json: { id: night, number: '+4570305050', name: 'Night desk' } });
  const read = await ask('viewer', `GET ${url}/${night}`);
  t.same([read.status, read.json, read.headers.etag], [200, made.json, made.headers.etag]);
  t.same((await ask('viewer', `GET ${url}`)).json, { outsideNumbers: [made.json], total: 1 });
  t.equal((await ask('stranger', `GET ${url}/${night}`)).status, 404, 'of another company');

  const { json: group } = await ask('manager', 'POST /pbx/group', { name: 'Support', timeoutGoto: night });
  t.equal(group.timeoutGoto, night);
  const kept = await ask('manager', `DELETE ${url}/${night}`);
  t.match(kept, { status: 409, json: { detail: /timeoutGoto of the group "Support"/ } });
  const again = await ask('manager', `PUT ${url}/${night}`, { number: '+4570305051' });
  t.match(again, { status: 200, json: { number: '+4570305051', name: '+4570305051' } }, 'the whole of it is replaced');
  t.equal((await ask('manager', `PATCH /pbx/group/${group._id}`, { timeoutGoto: null })).status, 200);
  t.equal((await ask('manager', `DELETE ${url}/${night}`)).status, 204);
  t.equal((await ask('manager', `DELETE ${url}/${night}`)).status, 404);
  t.same(documents.now.tenants.acme?.outsideNumbers, {});
});

t.test('outside numbers: who may, what is wrong, and what somebody else has changed', async (t) => {
  const { ask, documents } = open(t);
  const before = structuredClone(documents.now);
  const rows: readonly (readonly [
    who: Who | undefined,
    line: string,
    body: unknown,
    status: number,
    field?: string,
  ])[] = [
    [undefined, `PUT ${url}/1`, { number: '1' }, 401],
    ['viewer', `PUT ${url}/1`, { number: '1' }, 403],
    ['personal', `PUT ${url}/1`, { number: '1' }, 403],
    ['personal', `DELETE ${url}/1`, undefined, 403],
    ['manager', `PUT ${url}/x`, { number: '1' }, 400, 'id'],
    ['manager', `PUT ${url}/${'1'.repeat(25)}`, { number: '1' }, 400, 'id'],
    ['manager', `PUT ${url}/${taken}`, { number: '1' }, 400, 'id'],
    ['manager', `PUT ${url}/1`, {}, 400, 'number'],
    ['manager', `PUT ${url}/1`, { number: 'sip:a@b' }, 400, 'number'],
    ['manager', `PUT ${url}/1`, { number: '1', name: '' }, 400, 'name'],
    ['manager', `PUT ${url}/1`, { number: '1', id: '1' }, 400, 'id'],
  ];
  for (const [who, line, body, status, field] of rows) {
    const answer = await ask(who, line, body);
    t.match(
      answer,
      { status, ...(field && { json: { errors: [{ field }] } }) },
      `${who} ${line} ${JSON.stringify(body)}`,
    );
  }
  t.same(documents.now, before, 'and nothing was changed');

  t.equal((await ask('manager', `PUT ${url}/1`, { number: '1' }, { 'if-match': '"x"' })).status, 412);
  const made = await ask('manager', `PUT ${url}/1`, { number: '1' });
  const seen = { 'if-match': String(made.headers.etag) };
  t.equal((await ask('manager', `PUT ${url}/1`, { number: '2' }, seen)).status, 200);
  t.equal((await ask('manager', `DELETE ${url}/1`, undefined, seen)).status, 412);
  documents.set(({ tenants }) => Object.assign(tenants.acme ?? {}, { requireIfMatch: true }));
  t.equal((await ask('manager', `PUT ${url}/1`, { number: '3' })).status, 428);
  t.equal((await ask('manager', `PUT ${url}/2`, { number: '3' })).status, 201, 'there is nothing to have seen');
});
