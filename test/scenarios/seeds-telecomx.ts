import type { Test } from 'tap';
import type { Answered } from '../support/requests.js';
import { shapeOf } from './seeds-shape.js';
import { type SeedsStage, seedsStage } from './seeds-stage.js';
import { telecomxFields, telecomxGroup, telecomxQueries } from './seeds-texts.js';

/** Every id in the one spelling of our answers. */
const lower = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/"[0-9A-Fa-f]{23,24}"/g, (id) => id.toLowerCase()));

const url = `/pbx/group/${telecomxGroup._id}`;

/** TelecomX's page: the example, its queries, its access levels and its table of errors. */
export const replayTelecomx = async (t: Test, stage: SeedsStage): Promise<void> => {
  const customer = { tenant: 'telecomx' };
  const owner = await stage.program({ role: 'OWNER', ...customer });

  t.test('The example, written with its own values and read again', async (t) => {
    t.equal((await owner(`POST ${url}`, telecomxGroup)).status, 200, 'as it is printed');

    const { status, json } = await owner(`GET ${url}`);
    t.equal(status, 200);
    const { redirect, ...printed } = json;
    t.equal(redirect, null, 'redirect stands in the table, though not in the example');
    t.equal(
      JSON.stringify(printed),
      JSON.stringify(lower(telecomxGroup)),
      'every other field, value and place of the example',
    );
    t.same(
      Object.keys(json),
      telecomxFields.map((field) => (field === 'writePhoneBook' ? 'writePhonebook' : field)),
      'the order of the table; writePhonebook as the example spells it',
    );
    t.same(shapeOf(printed), shapeOf(telecomxGroup), 'and the types of the example');
  });

  t.test('writePhoneBook, as the table spells it, is taken too', async (t) => {
    const { status, json } = await owner(`POST ${url}`, { writePhoneBook: true });
    t.equal(status, 200);
    t.equal(json.writePhonebook, true);
    t.equal((await owner(`POST ${url}`, { writePhonebook: false })).json.writePhonebook, false);
  });

  t.test('The query examples', async (t) => {
    const [plain, expanded] = await Promise.all(telecomxQueries.map((query) => owner(`GET ${query}`)));
    if (!plain || !expanded) throw new Error('two queries');
    t.same([plain.status, expanded.status], [200, 200]);
    t.same(plain.json.members, ['123456789012345678900001']);
    t.same(expanded.json.members, [{ _id: '123456789012345678900001', number: '10', name: 'One' }]);
    t.same(expanded.json.timeoutGoto, {
      _id: telecomxGroup._id.toLowerCase(),
      ...{ type: 'GROUP', number: '800', name: 'Support' },
    });
    t.same(
      shapeOf({ ...expanded.json, members: plain.json.members, timeoutGoto: plain.json.timeoutGoto }),
      shapeOf(plain.json),
      'nothing else is expanded',
    );
  });

  t.test('The access levels', async (t) => {
    for (const role of ['VIEWER', 'MANAGER', 'OWNER'] as const) {
      const own = await stage.program({ role, ...customer });
      t.equal((await own(`GET ${url}`)).status, 200, `${role} whose user belongs to the customer`);
      const other = await stage.program({ role, tenant: 'elsewhere' });
      t.equal((await other(`GET ${url}`)).status, 404, `${role} of another customer`);
    }
    const [reseller, rival, admin] = await Promise.all([
      stage.program({ role: 'RESELLER', brand: 'wide' }),
      stage.program({ role: 'RESELLER', brand: 'rival' }),
      stage.program({ role: 'ADMIN' }),
    ]);
    t.equal((await reseller(`GET ${url}`)).status, 200, 'RESELLER whose customer it is');
    t.equal((await rival(`GET ${url}`)).status, 404, 'RESELLER of others');
    t.equal((await admin(`GET ${url}`)).status, 200, 'ADMIN');
  });

  t.test('The table of errors', (t) => errors(t, stage));
  t.test('The table of errors: 500 internal_error', (t) => internalError(t));
  t.end();
};

const errors = async (t: Test, stage: SeedsStage) => {
  const customer = { tenant: 'telecomx' };
  const [owner, viewer, stranger, nobody] = await Promise.all([
    stage.program({ role: 'OWNER', ...customer }),
    stage.program({ role: 'VIEWER', ...customer }),
    stage.program({ role: 'OWNER', tenant: 'elsewhere' }),
    stage.program({ role: 'PERSONAL', extension: '13', ...customer }),
  ]);
  const rows: [string, Promise<Answered>, number, string][] = [
    ['Id not found in requestURI', owner('GET /pbx/group/'), 400, 'bad_request'],
    ['what stands there is no id', owner('GET /pbx/group/800'), 400, 'bad_request'],
    ['Group not found', owner(`GET /pbx/group/${'f'.repeat(24)}`), 404, 'not_found'],
    ["another customer's group is as unknown", stranger(`GET ${url}`), 404, 'not_found'],
    ['Insufficient access level', viewer(`POST ${url}`, { name: 'Mine' }), 403, 'access_denied'],
    ['Insufficient access level: neither viewer nor controller', nobody(`GET ${url}`), 403, 'access_denied'],
    ['no token: not in the table', owner(`GET ${url}`, undefined, { authorization: '' }), 401, 'unauthorized'],
  ];
  for (const [name, asked, code, message] of rows) {
    const { status, json, text } = await asked;
    t.equal(status, code, `${code} ${message}: ${name}`);
    t.match(json, { error: code, message, description: /\w/ });
    t.notMatch(text, /\bat .*:\d/, 'no stack');
  }
};

/** The service stumbles over the shown group as it would over a mistake of its own: nothing else makes a 500. */
const stumbling = `
const { stringify } = JSON;
JSON.stringify = (value, ...others) => {
  if (value?.type === 'GROUP' && 'members' in value) throw new Error('inner secret');
  return stringify(value, ...others);
};`;

const internalError = async (t: Test) => {
  const stage = await seedsStage(t, { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(stumbling)}` });
  const owner = await stage.program({ role: 'OWNER', tenant: 'telecomx' });
  const { status, json, text } = await owner(`GET ${url}`);
  t.equal(status, 500);
  t.match(json, { error: 500, message: 'internal_error', description: /\w/, request: /^[0-9a-f-]{36}$/ });
  t.notMatch(text, /inner secret|\bat /, 'nothing of what went wrong');
  const line = await stage.says(({ msg, request }) => msg === 'http surprise' && request === json.request);
  t.match(line.error, /inner secret/, 'the log knows it by the id that the answer told');
};
