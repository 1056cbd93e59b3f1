import t from 'tap';
import { documentReader } from '../../../src/adapters/office/document-reader.js';
import { parseOffice } from '../../../src/adapters/office/office-file.js';
import type { TenantId } from '../../../src/domain/names.js';
import type { TenantDocument } from '../../../src/domain/tenant-document.js';
import { telecomxExample } from '../../scenarios/seeds-texts.js';

/** The company that TelecomX's example is of; its group stands in it as the page prints it. */
const good = `tenants:
  acme:
    customer: 12345678901234567890AAAA
    extensions:
      10: { id: '123456789012345678900001' }
      11: { id: '123456789012345678900002' }
      12: { id: 12345678901234567890AAAA }
      13: {}
    outsideNumbers:
      1234567890123456890BBBB: { number: '+4570305050' }
    groups:
      12345678901234567890ABCD: ${telecomxExample}
`;

const acmeOf = (text: string): TenantDocument => {
  const result = parseOffice(text, 'office.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.document.tenants.acme as TenantDocument;
};

t.test('a group as TelecomX prints it is a group of the office file', async (t) => {
  const { groups } = acmeOf(good);
  t.same(groups, {
    '12345678901234567890ABCD': {
      ...{ name: 'Support', number: '800', notes: 'Primary support ring group' },
      ...{ members: ['10', '11'], controllers: ['12'], pickup: true, steal: true, spy: false, setPresence: false },
      ...{ queueMember: true, viewOtherParty: false, sms: false, readCalendar: true, writeCalendar: false },
      ...{ readPhonebook: true, writePhonebook: false, strategy: 'RANDOM', ringTime: 20 },
      timeoutGoto: '1234567890123456890BBBB',
    },
  });
  const { customer = '', extensions } = documentReader.withIds('acme' as TenantId, {
    ...acmeOf(good),
    customer: undefined,
  });
  const own = good.replace("customer: '12345678901234567890AAAA'", `customer: '${customer}'`);
  t.ok(acmeOf(own.replace('    customer: 12345678901234567890AAAA\n', '')), 'a customer id that was given');
  const given = extensions['13']?.id ?? '';
  t.match(given, /^[0-9a-f]{24}$/);
  const members = good.replace("'123456789012345678900001', ", `'${given.toUpperCase()}', "12", `);
  t.same(
    acmeOf(members).groups?.['12345678901234567890ABCD']?.members,
    ['13', '12', '11'],
    'an id that was given, and numbers beside ids',
  );
  const table = good.replace('writePhonebook: false', 'writePhoneBook: true');
  t.equal(acmeOf(table).groups?.['12345678901234567890ABCD']?.writePhonebook, true, 'as the table spells it');
});

/** What is said otherwise, and what is said of it. */
const mistakes: [was: string, otherwise: string, ...said: RegExp[]][] = [
  ["_id: '1234", "_id: '0234", /line 12: .*groups\.12345678901234567890ABCD\._id: is not the id that the group stands/],
  ["type: 'GROUP'", "type: 'QUEUE'", /ABCD\.type: must be GROUP$/],
  ["customer: '1234", "customer: '0234", /ABCD\.customer: is not this company's customer$/],
  ['    customer: 12345678901234567890AAAA\n', '', /ABCD\.customer: is not this company's customer$/],
  ['writePhonebook: false', 'writePhonebook: false, writePhoneBook: true', /writePhoneBook: says something else than/],
  ['name: ', 'direct: 1, name: ', /ABCD\.direct: is not known$/],
  ["name: 'Support'", 'name: null', /ABCD\.name: must be string$/],
  ['pickup: true', 'pickup: null', /ABCD\.pickup: must be boolean$/],
  [
    "id: '123456789012345678900002'",
    '',
    /ABCD\.members\.1: there is no extension or group "123456789012345678900002"$/,
  ],
  [
    '12: { id: 12345678901234567890AAAA }',
    '12: {}',
    /ABCD\.controllers\.0: there is no extension "1234567890123456789/,
  ],
  [
    '1234567890123456890BBBB:',
    '1234567890123456890BBBC:',
    /ABCD\.timeoutGoto: is the id of no group, extension or outs/,
  ],
  [
    '1234567890123456890BBBB:',
    '12345678901234567890BBBBB:',
    /outsideNumbers.*1 to 24 hexa/,
    /timeoutGoto: is the id of no/,
  ],
];

t.test('what in it is not so is told by its field, all at once', async (t) => {
  for (const [was, otherwise, ...said] of mistakes) {
    const result = parseOffice(good.replace(was, otherwise), 'office.yaml');
    const problems = result.ok ? [] : result.problems;
    const title = `${otherwise.slice(0, 60)} -> ${problems.join(' | ')}`;
    t.ok(
      said.every((sentence) => problems.some((problem) => sentence.test(problem))),
      title,
    );
    t.equal(problems.length, said.length, title);
  }
  const empty = parseOffice(good.replace(/ {6}1\d: .*\n/g, '').replace('extensions:', 'extensions: {}'), 'office.yaml');
  t.equal(empty.ok ? 0 : empty.problems.length, 3, 'two members and a controller that are not there');
});
