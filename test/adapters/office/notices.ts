import t from 'tap';
import { groupsOf, withGroups } from '../../../src/adapters/http/ivoz/groups.js';
import { officeOfDocument } from '../../../src/adapters/office/office-document.js';
import { parseOffice } from '../../../src/adapters/office/office-file.js';

const good = `tenants:
  acme:
    messages: { pickedUp: true }
    extensions: { '100': {}, '101': {} }
    pickupGroups:
      desk: ['100']
      sales:
        members: ['100', '101']
        notify: { after: 0, shows: nothing, quiet: { from: '18:00', until: '08:30', zone: Europe/Copenhagen } }
      support: { members: ['101'], notify: { after: 60 } }
`;

t.test('what is told of calls that wait or were taken', async (t) => {
  const result = parseOffice(good, 'office.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  const acme = officeOfDocument(result.document).tenants.get('acme' as never);
  t.same(acme?.messages, { pickedUp: true });
  const quiet = { from: '18:00', until: '08:30', zone: 'Europe/Copenhagen' };
  t.same(
    acme?.pickupGroups.map(({ notify }) => notify),
    [undefined, { after: 0, shows: 'nothing', quiet }, { after: 60, shows: 'number' }],
  );
  const silent = parseOffice('tenants: { acme: { extensions: {} } }', 'office.yaml');
  if (!silent.ok) throw new Error(silent.problems.join('\n'));
  t.same(officeOfDocument(silent.document).tenants.get('acme' as never)?.messages, { pickedUp: false });

  const written = result.document.tenants.acme;
  if (!written) throw new Error('there is no acme');
  const again = withGroups(written, groupsOf(written)).pickupGroups;
  t.match(
    again,
    { sales: { notify: { after: 0, quiet } }, support: { notify: { after: 60 } } },
    'kept by other dialects',
  );
});

const mistakes: [was: string, otherwise: string, said: RegExp][] = [
  ['pickedUp: true', 'pickedUp: yes please', /line 3: .*messages\.pickedUp: must be boolean$/],
  ['pickedUp: true', 'takenUp: true', /line 3: .*messages\.takenUp: is not known$/],
  ['after: 60', 'after: 61', /line 10: .*support\.notify\.after: must be <= 60$/],
  ['after: 60', 'after: -1', /support\.notify\.after: must be >= 0$/],
  ['after: 60', 'after: 0.5', /support\.notify\.after: must be integer$/],
  ['{ after: 60 }', '{ shows: number }', /support\.notify: must have required properties after$/],
  ['shows: nothing', 'shows: all', /sales\.notify\.shows: must be one of nothing, number, name-and-number$/],
  ["'08:30'", "'8:30'", /sales\.notify\.quiet\.until: must be a time of the day, 00:00 to 23:59$/],
  ["'18:00'", "'24:00'", /sales\.notify\.quiet\.from: must be a time of the day, 00:00 to 23:59$/],
  ['Europe/Copenhagen', 'Europe/Atlantis', /sales\.notify\.quiet\.zone: there is no time zone "Europe\/Atlantis"$/],
  ['Europe/Copenhagen', '"a b"', /sales\.notify\.quiet\.zone: must be the name of a time zone/],
];

t.test('each mistake in them is told with its field, and alone', async (t) => {
  for (const [was, otherwise, said] of mistakes) {
    const result = parseOffice(good.replace(was, otherwise), 'office.yaml');
    t.match(result.ok ? [] : result.problems, [said], otherwise);
    t.equal(result.ok ? 0 : result.problems.length, 1);
  }
});
