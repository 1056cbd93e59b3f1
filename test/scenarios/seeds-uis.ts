import type { Test } from 'tap';
import type { Answered } from '../support/requests.js';
import type { Program, SeedsStage } from './seeds-stage.js';
import { uisDocument } from './seeds-texts.js';

const url = '/client/uis/call_control_group/';

const people = ['100', '101', '102', '103', '104'];

/** Texts of two documents that have the same fields in the same order with the same values. */
const ordered = (text: string): string => JSON.stringify(JSON.parse(text));

/** UIS's page: the document, its three forms as a body, and each sentence of the example. */
export const replayUis = async (t: Test, stage: SeedsStage): Promise<void> => {
  const owner = await stage.program({ role: 'OWNER', tenant: 'uis' });

  t.test('GET where there are no rules yet: the defaults of the table', async (t) => {
    const { status, json } = await owner(`GET ${url}`);
    t.equal(status, 200);
    t.same(json, { allow_all: false, pickup_all: true, groups: {}, pickup_share_groups: [], phone_replace_groups: [] });
  });

  const forms: [string, unknown][] = [
    ['bare, byte for byte as the page prints it', uisDocument],
    ['as the JSON option call_control_groups, a string', { call_control_groups: uisDocument }],
    ['as the JSON option call_control_groups, an object', { call_control_groups: JSON.parse(uisDocument) }],
  ];
  for (const [name, body] of forms) {
    t.test(`PUT of the document, ${name}, and GET of it`, async (t) => {
      t.equal((await owner(`PUT ${url}`, {})).status, 200, 'nothing of the form before is left');
      const isTheSame = ({ status, text }: Answered, what: string) => {
        t.equal(status, 200, what);
        t.equal(ordered(text), ordered(uisDocument), `${what}: every field, every value, and the page's order`);
      };
      isTheSame(await owner(`PUT ${url}`, body), 'the answer to PUT');
      isTheSame(await owner(`GET ${url}`), 'GET');
      isTheSame(await owner(`GET ${url.slice(0, -1)}`), 'GET without the slash');
    });
  }

  t.test('What the page says the example means', (t) => sentences(t, owner));
  t.test('The limits of the table', (t) => limits(t, owner));
  t.end();
};

/** The pairs, picker and target, that the service allows an act. */
const allowed = async (owner: Program, act: string, by: 'number' | 'group' = 'number'): Promise<string[]> => {
  const pairs = people.flatMap((picker) => people.filter((each) => each !== picker).map((target) => [picker, target]));
  const answers = await Promise.all(
    pairs.map(async ([picker, target]) => (await owner('POST /v1/explain', { picker, act, target, by })).json.allowed),
  );
  return pairs.filter((_, index) => answers[index]).map((pair) => pair.join(' '));
};

const sentences = async (t: Test, owner: Program) => {
  await owner(`PUT ${url}`, uisDocument);
  const joined = ['100 101', '100 102', '101 100', '101 102', '102 100', '102 101'];
  t.same(await allowed(owner, 'pickup', 'group'), joined, 'pickups without a number: all pairs of 100, 101 and 102');
  t.equal((await allowed(owner, 'pickup')).length, 20, 'pickups with a number: everybody ("pickup_all": true)');
  t.same(await allowed(owner, 'replace'), ['100 101', '101 100'], '"100" can replace for "101" and vice versa');

  // The text has the two fields the other way round (docs/dialects.md): the document counts.
  t.same(await allowed(owner, 'eavesdrop'), ['100 101'], 'eavesdrop_100: support, which is 100 and 101');
  const whispers = ['101 100', '101 102', '101 103'];
  t.same(
    await allowed(owner, 'whisper'),
    whispers,
    'whisper_101: sales and hr, which have 100, 102 and 103 besides 101',
  );
  t.same(await allowed(owner, 'steal'), [], 'no word of the document is about taking calls that are talked in');

  const { eavesdrop_100: support, whisper_101: salesAndHr, ...others } = JSON.parse(uisDocument);
  await owner(`PUT ${url}`, { ...others, whisper_100: support, eavesdrop_101: salesAndHr });
  t.same(await allowed(owner, 'eavesdrop'), whispers, 'written as the text says: 101 listens to sales and hr');
  t.same(await allowed(owner, 'whisper'), ['100 101'], 'and 100 whispers to 101');
};

const limits = async (t: Test, owner: Program) => {
  const groups = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, each) => [`g${each}`, ['100']]));
  const numbers = (count: number) => ({ many: Array.from({ length: count }, (_, each) => `${7000 + each}`) });
  for (const most of [groups(100), numbers(200)]) {
    const { status, json } = await owner(`PUT ${url}`, { groups: most });
    t.equal(status, 200, 'numbers that nobody has: their existence is not checked');
    t.same(json.groups, most);
  }
  const before = (await owner(`GET ${url}`)).json;
  const tooMany: [object, string][] = [
    [{ groups: groups(101) }, 'groups'],
    [{ groups: numbers(201) }, 'groups.many'],
  ];
  for (const [document, field] of tooMany) {
    for (const [body, at] of [
      [document, field],
      [{ call_control_groups: JSON.stringify(document) }, `call_control_groups.${field}`],
    ] as const) {
      const { status, json } = await owner(`PUT ${url}`, body);
      t.equal(status, 400, `one more: ${at}`);
      t.equal(json.error.field, at);
      t.match(json.error.message, /\d/, json.error.message);
    }
  }
  t.same((await owner(`GET ${url}`)).json, before, 'and nothing is changed');
};
