import t from 'tap';
import { makeReplaceCode } from '../../../src/adapters/sip/replace-code.js';
import { type ReplaceRefusal, replaceOutcomes } from '../../../src/domain/replace-refusal.js';
import type { Replaced, ReplaceRequest } from '../../../src/flows/replace-phone.js';
import { acme, carol } from '../../domain/acme.js';
import { fakeCaller } from '../../flows/parties.js';

const party = { name: 'Carol Clark', number: carol, domain: 'acme.example', private: false };

/** Dials `*77` and more; what is asked for, what the phone hears before the final response, and that response. */
const dials = async (rest: string, replaced: Replaced) => {
  const asked: ReplaceRequest[] = [];
  const prompted: string[] = [];
  const leg = fakeCaller('carol');
  const door = makeReplaceCode({
    replacePhone: async (request) => {
      asked.push(request);
      return replaced;
    },
    prompt: async ({ refusal }) => void prompted.push(`${refusal} after ${leg.heard.length} responses`),
  });
  await door({ service: 'phone-replace', rest, tenant: acme, picker: carol, leg, party });
  return { asked, prompted, heard: leg.heard, sipCallId: leg.sipCallId };
};

t.test('*77: each end of a wish in the phone’s words, and what the phone hears before it', async (t) => {
  const words: Readonly<Record<ReplaceRefusal, RegExp>> = {
    'number-too-short': /^484 Address Incomplete$/,
    'unknown-extension': /^404 No Such Extension$/,
    'not-allowed': /^403 Changing Phones Not Allowed$/,
    'wrong-pin': /^403 Wrong PIN$/,
    locked: /^403 Too Many Wrong PINs$/,
    'changed-already': /^403 Phones Are Changed Already$/,
    'not-changed': /^403 No Phones To Change Back$/,
    'store-unreachable': /^503 Service Unavailable \{"Retry-After":"1"\}$/,
  };
  t.same([...replaceOutcomes].sort(), ['changed', 'changed-back', ...Object.keys(words)].sort());
  for (const [refusal, said] of Object.entries(words) as [ReplaceRefusal, RegExp][]) {
    const { prompted, heard } = await dials('101*4711', { ok: false, refusal });
    t.same(prompted, [`${refusal} after 0 responses`], refusal);
    t.equal(heard.length, 1);
    t.match(heard[0], said);
  }
  for (const [became, phrase] of [
    ['changed', 'Phones Changed'],
    ['changed-back', 'Phones Changed Back'],
  ] as const) {
    const { prompted, heard } = await dials('', { ok: true, became });
    t.same(prompted, [], 'who has what was asked for hears nothing of a refusal');
    t.same(heard, [`603 ${phrase} {"Reason":"SIP;cause=603;text=\\"${phrase}\\""}`]);
  }
});

t.test('*77: what is asked for', async (t) => {
  const done = { ok: true, became: 'changed' } as const;
  const wishOf = async (rest: string) => (await dials(rest, done)).asked[0]?.wish;
  t.same(await wishOf('101*4711'), { kind: 'change', extension: '101', pin: '4711' });
  t.same(await wishOf(''), { kind: 'change-back' });
  t.equal(await wishOf('101'), undefined);
  const { asked, sipCallId } = await dials('', done);
  t.match(asked, [{ tenant: { id: 'acme' }, picker: carol, sipCallId }]);
});
