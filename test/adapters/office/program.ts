import t from 'tap';
import { parseOffice } from '../../../src/adapters/office/office-file.js';
import { writeOffice } from '../../../src/adapters/office/office-yaml.js';
import type { OfficeDocument } from '../../../src/domain/tenant-document.js';
import { readOfficeArguments } from '../../../src/office-arguments.js';

t.test('what the program is asked', async (t) => {
  const rows: [args: string, command: object][] = [
    ['', { verb: 'help' }],
    ['--help', { verb: 'help' }],
    ['check a.yaml', { verb: 'check', file: 'a.yaml' }],
    ['import a.yaml', { verb: 'import', file: 'a.yaml', isRehearsal: false }],
    ['import --dry-run a.yaml', { verb: 'import', file: 'a.yaml', isRehearsal: true }],
    ['export', { verb: 'export', hasPasswords: false }],
    ['export acme --with-passwords', { verb: 'export', tenant: 'acme', hasPasswords: true }],
    ['export ACME', { verb: 'wrong', why: '"ACME" can be no tenant' }],
    ['check', { verb: 'wrong', why: 'check needs a file' }],
    ['import', { verb: 'wrong', why: 'import needs a file' }],
    ['pin', { verb: 'pin' }],
    ['pin 4711', { verb: 'wrong', why: 'pin reads the PIN from standard input' }],
    ['frob', { verb: 'wrong', why: 'there is no command frob' }],
    ['check a.yaml b.yaml', { verb: 'wrong', why: '"b.yaml" is too much' }],
    ['check a.yaml --dry-run', { verb: 'wrong', why: '--dry-run belongs to import' }],
    ['import a.yaml --with-passwords', { verb: 'wrong', why: '--with-passwords belongs to export' }],
    ['import a.yaml --force', { verb: 'wrong', why: /--force/ }],
  ];
  for (const [args, command] of rows) t.match(readOfficeArguments(args.split(' ').filter(Boolean)), command, args);
});

/** Texts that YAML would read as something else if they stood there bare. */
const texts = [
  '*95',
  '100',
  '0x1f',
  'yes',
  'null',
  '',
  ' a',
  'a: b',
  '# a',
  '&a',
  '!a',
  '- a',
  "it's",
  '"',
  '{}',
  '~',
  '1e3',
  '2026-01-01',
  '😀',
  '@',
];

t.test('an office that was written is read as the same one', async (t) => {
  const replacePin = `scrypt-14-8-1:${'A'.repeat(22)}:${'b'.repeat(43)}`;
  const extensions = Object.fromEntries(
    texts.map((name, i) => [`${100 + i}`, name === '' ? { replacePin } : { name, password: name }]),
  );
  const office: OfficeDocument = {
    brands: { plain: { codes: { steal: ['*66', '#1'] } } },
    tenants: {
      acme: {
        name: 'Acme',
        brand: 'plain',
        extensions,
        pickupGroups: { yes: { id: 7, members: ['100', '101'] }, empty: [] },
        callControl: { pickup_all: false, groups: { 'a: b': Object.keys(extensions) }, eavesdrop_100: ['a: b'] },
        groups: {
          ['0'.repeat(24)]: {
            name: '007',
            notes: 'word '.repeat(200).trim(),
            members: ['100'],
            spy: true,
            ringTime: 0,
          },
        },
        webhook: { url: 'https://hooks.example/x?y=z', secret: 'scrypt like words' },
        outsideNumbers: { ['1'.repeat(24)]: { number: '+45 12'.replace(' ', '') } },
      },
      beta: { extensions: {} },
    },
  };
  const text = writeOffice(office, { hasPasswords: true });
  t.same(parseOffice(text, 'export'), { ok: true, document: office });
  t.ok(
    text.split('\n').every((line) => line.length <= 130),
    'no line is too long to be read',
  );

  const bare = writeOffice(office, { hasPasswords: false });
  t.notMatch(bare, /password|scrypt/);
  t.match(parseOffice(bare, 'export'), {
    ok: true,
    document: {
      tenants: { acme: { extensions: { 100: { name: '*95' } }, webhook: { url: 'https://hooks.example/x?y=z' } } },
    },
  });
});
