import t from 'tap';
import { playables, soundNames } from '../../src/adapters/media/sounds.js';
import { makeRefusePickup } from '../../src/adapters/sip/replies.js';
import type { CallId } from '../../src/domain/names.js';
import { refusals } from '../../src/domain/outcome.js';
import { ownReplaceRefusals } from '../../src/domain/replace-refusal.js';
import { usualMedia } from '../../src/domain/tenant-media.js';
import { announceCall, announcement } from '../../src/flows/announce-call.js';
import type { CallRecord } from '../../src/flows/ports.js';
import type { EarlyEnds } from '../../src/flows/preview-call/early-ends.js';
import { makePromptRefusal } from '../../src/flows/prompt-refusal.js';
import { acme, bob, tenant } from '../domain/acme.js';
import { type FakeCaller, fakeCaller, quiet } from './parties.js';
import { fakeMedia } from './prompt-media.js';

/** One tone of a sound, in milliseconds and Hz. */
const piece = /%\((\d+),(\d+),([\d.]+(?:,[\d.]+)*)\)/g;

const toneOf = (sound: (typeof soundNames)[number]): string => playables(sound).at(-1) ?? '';

const lengthOf = (tone: string): number =>
  [...tone.matchAll(piece)].reduce((sum, [, on, off]) => sum + Number(on) + Number(off), 0);

t.test('every sound has a tone, and no two are alike', async (t) => {
  const tones = soundNames.map(toneOf);
  t.equal(new Set(tones).size, tones.length);
  for (const refusal of [...refusals, ...ownReplaceRefusals]) t.ok(soundNames.includes(`refused-${refusal}`), refusal);
  for (const tone of tones) {
    const [, rest = ''] = /^tone_stream:\/\/(?:v=-\d+;)?(.+?)(?:;loops=-1)?$/.exec(tone) ?? [];
    t.equal(rest.replace(piece, ''), '', `${tone} is made of tones alone`);
  }
  for (const sound of soundNames.filter((each) => !/^(ringback|preview)$/.test(each))) {
    t.ok(lengthOf(toneOf(sound)) < (sound.startsWith('digit') ? 250 : 4_000), `${sound} is short`);
  }
  const pairs = [...'0123456789'].map((digit) =>
    toneOf(`digit-${digit}` as 'digit-0')
      .split(',')
      .slice(2)
      .join(),
  );
  t.equal(new Set(pairs).size, 10, 'each digit has frequencies of its own');
});

t.test('the operator’s file comes before our tone', async (t) => {
  t.same(playables('beep', '/sounds/'), ['/sounds/beep.wav', toneOf('beep')]);
  t.same(playables('refused-lost-race', '/sounds')[0], '/sounds/refused-lost-race.wav');
});

const record = (changes: Partial<CallRecord>) => ({
  record: { callerNumber: '+49 30'.replace(' ', ''), isAnonymous: false, target: bob, ...changes } as CallRecord,
});

t.test('who picks up hears who calls and who was called', async (t) => {
  const said = (changes: Partial<CallRecord>) =>
    announcement(record(changes))
      .join(' ')
      .replace(/digit-/g, '');
  t.equal(said({}), 'call-from 4 9 3 0 call-to 1 0 1');
  t.equal(said({ callerNumber: '+49301234567' }), 'call-from 3 4 5 6 7 call-to 1 0 1', 'the end of a long number');
  t.equal(said({ callerNumber: '', isAnonymous: true }), 'call-from anonymous call-to 1 0 1');
  t.equal(
    said({ callerNumber: 'alice', isAnonymous: false }),
    'call-from anonymous call-to 1 0 1',
    'a name, no number',
  );
  const worst = announcement(record({ callerNumber: '123456789', target: '98765' as typeof bob }));
  const milliseconds = worst.reduce((sum, sound) => sum + lengthOf(toneOf(sound)), 0);
  t.ok(milliseconds <= 3_000, `${milliseconds} ms at most`);
});

t.test('an announcement without end is broken off', async (t) => {
  const media = fakeMedia();
  const endpoint = await media.open({ call: 'x' as CallId });
  const waits: number[] = [];
  const real = setTimeout;
  const clock = t.intercept(globalThis, 'setTimeout', {
    value: (act: () => void, milliseconds: number) => {
      waits.push(milliseconds);
      return real(act, 1);
    },
  });
  if (endpoint) await announceCall(endpoint, record({}));
  clock.restore();
  t.same(waits, [3_000]);
  t.same(media.opened[0]?.done, [
    'play call-from digit-4 digit-9 digit-3 digit-0 call-to digit-1 digit-0 digit-1',
    'hush',
  ]);
});

const told = tenant('acme', { media: { ...usualMedia, prompts: true } });

/** A refusal in a company that has prompts, as far as it comes by itself. */
const refused = async (
  leg: FakeCaller,
  media = fakeMedia(),
  { company = told, ends = undefined as EarlyEnds | undefined } = {},
) => {
  const refuse = makeRefusePickup(makePromptRefusal({ media, newCallId: () => 'call' as CallId }));
  const done = refuse({ tenant: company, leg, refusal: 'lost-race', ...(ends && { ends }) });
  await quiet();
  return { done, media };
};

t.test('who is refused a pickup hears why, then gets the same final response', async (t) => {
  const leg = fakeCaller('carol');
  const { done, media } = await refused(leg);
  t.same(media.opened[0]?.request, { offer: 'offer of carol', call: 'call' });
  t.same(media.opened[0]?.done, ['play refused-lost-race']);
  t.same(leg.heard, ['180'], 'early media: nobody is answered');
  media.plays.open();
  await done;
  t.same(leg.heard, ['180', '486 Picked Up By Another']);
  t.equal(media.left(), 0);
});

t.test('the phone may give up in the middle', async (t) => {
  const leg = fakeCaller('carol');
  const { done, media } = await refused(leg);
  leg.cancels();
  await done;
  t.equal(media.left(), 0);
  t.same(leg.heard, ['180']);
});

t.test('the media server is lost in the middle', async (t) => {
  const leg = fakeCaller('carol');
  const { done, media } = await refused(leg);
  media.opened[0]?.lost();
  await done;
  t.same(leg.heard, ['180', '486 Picked Up By Another']);
});

t.test('at once where nobody can hear, or is to', async (t) => {
  const gone = fakeCaller('carol');
  gone.cancels();
  const away = Object.assign(fakeMedia(), { isUp: false });
  const full = Object.assign(fakeMedia(), { room: 0 });
  const cases: Record<string, Parameters<typeof refused>> = {
    'the company wants none': [fakeCaller('carol'), fakeMedia(), { company: acme }],
    'no offer': [fakeCaller('carol', { kind: 'delayed' })],
    'no media server': [fakeCaller('carol'), away],
    'a full one': [fakeCaller('carol'), full],
    'a final response already': [Object.assign(fakeCaller('carol'), { isFinal: true })],
  };
  for (const [name, [leg, media = fakeMedia(), more]] of Object.entries(cases)) {
    await (await refused(leg, media, more)).done;
    t.same(leg.heard, ['486 Picked Up By Another'], name);
    t.equal(media.left(), 0, name);
  }
  await (await refused(gone)).done;
  t.same(gone.heard, []);
});

t.test('who hears something already hears why by the same endpoint', async (t) => {
  const media = fakeMedia();
  const [phone, call] = [await media.open({ call: 'x' as CallId }), await media.open({ call: 'x' as CallId })];
  const leg = fakeCaller('carol');
  const { done } = await refused(leg, media, { ends: phone && call && { phone, call } });
  t.same(media.opened[0]?.done, ['hush', 'play refused-lost-race']);
  media.plays.open();
  await done;
  t.same(leg.heard, ['486 Picked Up By Another']);
  t.equal(media.left(), 0);
});
