import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { type DialogView, dialogInfo } from '../../../src/adapters/sip/dialog-info.js';
import { type Dialog, type DialogEvent, dialogStates } from '../../../src/domain/dialog.js';
import { profiles, ringing, viewOf } from './dialog-info-views.js';

const schema = fileURLToPath(new URL('../../rfc4235/dialog-info.xsd', import.meta.url));

/** Says of each document whether it is valid by the schema, as xmllint judges it. */
const judge = (documents: readonly string[]): { valid: Set<number>; said: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'callpickup-dialog-info-'));
  try {
    const files = documents.map((_, i) => `${i}.xml`);
    for (const [i, document] of documents.entries()) writeFileSync(join(folder, `${i}.xml`), document);
    const { error, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...files], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (error) throw new Error(`xmllint is needed (apt-get install libxml2-utils): ${error.message}`);
    const valid = [...stderr.matchAll(/^(\d+)\.xml validates$/gm)].map(([, i]) => Number(i));
    return { valid: new Set(valid), said: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** All combinations of one value each. */
const combined = <Fields extends object>(choices: { [Field in keyof Fields]: readonly Fields[Field][] }): Fields[] =>
  (Object.keys(choices) as (keyof Fields)[]).reduce<Fields[]>(
    (made, field) => made.flatMap((each) => choices[field].map((value) => ({ ...each, [field]: value }))),
    [{} as Fields],
  );

const anonymous = { name: '', number: '', domain: 'anonymous.invalid', isAnonymous: true };
const outside = { name: 'Zoë & "Co" <x>', number: '+45 12', domain: 'carrier.example', isAnonymous: false };
const half = { sipCallId: 'x@y', localTag: 'l' };
const ends: readonly (DialogEvent | undefined)[] = [
  ...(['cancelled', 'rejected', 'replaced', 'local-bye', 'remote-bye', 'error', 'timeout'] as const),
  undefined,
];

/** What a dialog can be, beside its state and why it ended. */
const kinds = combined<Pick<Dialog, 'direction' | 'isHeld' | 'remote'> & { ids: object; also: object }>({
  direction: ['initiator', 'recipient'],
  isHeld: [true, false],
  remote: [anonymous, outside],
  ids: [{}, { localTag: undefined }, { localTag: undefined, remoteTag: undefined }],
  also: [{}, { replaces: half }, { replaces: { ...half, remoteTag: 'r' } }],
}).map(({ ids, also, ...dialog }) => ringing({ ...dialog, ...ids, ...also }));

const inEveryState = kinds.flatMap((kind) => dialogStates.map((state) => ({ ...kind, state })));
const ended = combined<Pick<Dialog, 'event' | 'code'>>({ event: ends, code: [undefined, 300, 486, 699] }).map((end) =>
  ringing({ ...end, state: 'terminated' }),
);

t.test('D12, D19: the documents of every state, profile and right are valid by the schema of RFC 4235', async (t) => {
  const views = combined<Pick<DialogView, 'profile' | 'sees'>>({ profile: profiles, sees: ['all', 'state'] });
  const one = views.flatMap((view) => [...inEveryState, ...ended].map((dialog) => viewOf([dialog], view)));
  const others = views.flatMap((view) => [
    viewOf([], view),
    viewOf([ringing(), ringing({ id: 'b', state: 'confirmed' }), ...ended.slice(0, 2)], view),
    viewOf(
      Array.from({ length: 20 }, (_, i) => ringing({ id: `${i}` })),
      view,
    ),
    viewOf([ringing({ id: 'i'.repeat(4000), remote: outside })], view),
  ]);
  const documents = [...new Set([...one, ...others].map((view) => dialogInfo(view)(4294967295)))];
  t.comment(`${one.length + others.length} views make ${documents.length} documents`);
  const { valid, said } = judge(documents);
  t.equal(valid.size, documents.length, said.split('\n').find((line) => line.includes('rror')) ?? 'all validate');
});

t.test('the schema tells what is not valid', async (t) => {
  const good = dialogInfo(viewOf([ringing({ isHeld: true, state: 'terminated', event: 'rejected', code: 486 })]))(0);
  const spoils: [was: string | RegExp, otherwise: string][] = [
    ['version="0"', ''],
    ['version="0"', 'version="-1"'],
    ['state="full"', 'state="whole"'],
    ['entity=', 'entities='],
    [/ id="[^"]*"/, ''],
    ['direction="recipient"', 'direction="callee"'],
    ['"rejected"', '"refused"'],
    ['"486"', '"99"'],
    [/<state.*<\/state>/, ''],
    [/(<local>.*<\/local>)(<remote>.*<\/remote>)/, '$2$1'],
    ['pval=', 'pvalue='],
    ['display=', 'display-name='],
    ['<target uri="sip:101@acme.example"', '<target'],
    ['urn:ietf:params:xml:ns:dialog-info', 'urn:other'],
    ['</dialog>', '</dialog><dialog id="2"/>'],
  ];
  const spoiled = spoils.map(([was, otherwise]) => good.replace(was, otherwise));
  const { valid } = judge([good, ...spoiled]);
  t.same([...valid], [0], 'the good one alone');
  t.ok(spoiled.every((text) => text !== good));
});
