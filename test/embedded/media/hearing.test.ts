import t from 'tap';
import type { Doing, Ear, EavesdropMode, Insert, Voice } from '../../../src/embedded/media/hearing/ear.js';
import { heardBy } from '../../../src/embedded/media/hearing/graph.js';
import { nextTurn } from '../../../src/embedded/media/hearing/turn.js';

type Name = 'A' | 'B' | 'S' | 'T' | 'P';

interface TestEar extends Ear {
  readonly name: string;
  partner: TestEar | undefined;
  doing: Doing;
  eavesdroppers: { ear: TestEar; turn: number }[];
  inserts: Insert[];
  isMuted: boolean;
  isDeafened: boolean;
}

const nothing: Doing = { kind: 'nothing' };

const ear = (name: string): TestEar => ({
  name,
  frame: undefined,
  partner: undefined,
  doing: nothing,
  eavesdroppers: [],
  inserts: [],
  isMuted: false,
  isDeafened: false,
});

const office = (): Record<Name, TestEar> => ({ A: ear('A'), B: ear('B'), S: ear('S'), T: ear('T'), P: ear('P') });

const bridge = (first: TestEar, second: TestEar): void => {
  for (const one of [first, second]) if (one.partner) one.partner.partner = undefined;
  first.partner = second;
  second.partner = first;
};

const listen = (
  listener: TestEar,
  target: TestEar,
  mode: EavesdropMode,
  sides = { hearsTarget: true, hearsOther: true },
): void => {
  listener.doing = { kind: 'eavesdropping', target, mode, ...sides };
  if (!target.eavesdroppers.some((one) => one.ear === listener))
    target.eavesdroppers.push({ ear: listener, turn: nextTurn() });
};

const tune = (name: string): Voice & { name: string } => ({ name, frame: undefined });

const insert = (side: Insert['side'], isOver: boolean): Insert => ({
  turn: nextTurn(),
  voice: tune('m'),
  side,
  isOver,
});

/** Whom somebody hears, by name, in alphabetical order. */
const hears = (listener: Ear): string =>
  [...heardBy(listener)]
    .map((voice) => (voice as TestEar).name)
    .sort()
    .join('');

const table = ({ A, B, S }: Record<Name, TestEar>): string => `${hears(A)} ${hears(B)} ${hears(S)}`;

t.test('the table of the four modes: what A, B and the supervisor hear', async (t) => {
  const wanted: Readonly<Record<EavesdropMode, string>> = { 0: 'B A AB', 1: 'B AS AB', 2: 'BS A AB', 3: 'BS AS AB' };
  for (const mode of [0, 1, 2, 3] as const) {
    const phones = office();
    bridge(phones.A, phones.B);
    listen(phones.S, phones.A, mode);
    t.equal(table(phones), wanted[mode], `mode ${mode}`);
  }
});

t.test('a whisper reaches the target alone, whatever else is so', async (t) => {
  const modes = [0, 1, 2, 3] as const;
  const flags = [false, true];
  let cases = 0;
  for (const mode of modes)
    for (const otherMode of modes)
      for (const isBridged of flags)
        for (const isMuted of flags)
          for (const isDeafened of flags)
            for (const bIsBusy of flags) {
              const { A, B, S, T, P } = office();
              if (isBridged) bridge(A, B);
              listen(S, A, mode);
              listen(T, B, otherMode);
              Object.assign(A, { isMuted, isDeafened });
              if (bIsBusy) B.doing = { kind: 'waiting' };
              const about = JSON.stringify({ mode, otherMode, isBridged, isMuted, isDeafened, bIsBusy });
              const toTarget = mode === 2 || mode === 3;
              const toOther = (mode === 1 || mode === 3) && isBridged && !isMuted && !bIsBusy;
              t.equal(hears(A).includes('S'), toTarget && !isDeafened, `A hears S: ${about}`);
              t.equal(hears(B).includes('S'), toOther, `B hears S: ${about}`);
              t.notOk(hears(S).includes('S'), `S never hears itself: ${about}`);
              t.notOk(hears(A).includes('A') || hears(B).includes('B'), `nobody hears itself: ${about}`);
              t.equal(hears(P), '', `who has nothing to do with it hears nothing: ${about}`);
              cases += 1;
            }
  t.equal(cases, 256);
});

t.test('eavesdropping follows the target from partner to partner', async (t) => {
  const phones = office();
  const { A, B, S, P } = phones;
  bridge(A, B);
  listen(S, A, 2);
  bridge(A, P);
  t.equal(`${table(phones)} ${hears(P)}`, 'PS  AP A');
  A.partner = undefined;
  P.partner = undefined;
  t.equal(table(phones), 'S  A', 'a parked one is heard, and whispered to');
  bridge(A, B);
  t.equal(table(phones), 'BS A AB');
});

t.test('one side alone may be heard', async (t) => {
  const phones = office();
  bridge(phones.A, phones.B);
  listen(phones.S, phones.A, 0, { hearsTarget: true, hearsOther: false });
  t.equal(hears(phones.S), 'A');
  listen(phones.S, phones.A, 0, { hearsTarget: false, hearsOther: true });
  t.equal(hears(phones.S), 'B');
});

t.test('of two supervisors the later one hears the whisper of the earlier one, not the other way', async (t) => {
  const phones = office();
  const { A, S, T } = phones;
  bridge(phones.A, phones.B);
  listen(S, A, 2);
  listen(T, A, 2);
  t.equal(`${table(phones)} ${hears(T)}`, 'BST A AB ABS');
});

t.test('listening to a listener, and listening in a circle', async (t) => {
  const phones = office();
  const { A, S, T } = phones;
  bridge(phones.A, phones.B);
  listen(S, A, 0);
  listen(T, S, 0);
  t.equal(`${table(phones)} ${hears(T)}`, 'B A AB ABS');
  listen(T, S, 2);
  t.equal(`${table(phones)} ${hears(T)}`, 'B A ABT ABS', 'a whisper to the supervisor stays there');
  listen(S, A, 2);
  listen(T, S, 1);
  t.equal(`${table(phones)} ${hears(T)}`, 'BST A AB ABS', 'who speaks through the supervisor is heard where it is');
  const circle = office();
  listen(circle.S, circle.T, 3);
  listen(circle.T, circle.S, 3);
  t.equal(`${hears(circle.S)} ${hears(circle.T)}`, 'T S');
});

t.test('a sound is heard by who plays it and who listens to that one; who plays does not talk meanwhile', async (t) => {
  const phones = office();
  const { A, B, S } = phones;
  bridge(A, B);
  listen(S, A, 3);
  A.doing = { kind: 'playing', voice: tune('m') };
  t.equal(table(phones), 'Sm  Am');
  t.equal(hears(B), '', 'the partner hears nothing of A, and nobody through A');
});

t.test('a sound laid over an ear is heard there only; one laid over a mouth by the others', async (t) => {
  const phones = office();
  const { A, S } = phones;
  bridge(A, phones.B);
  A.inserts = [insert('heard', true)];
  listen(S, A, 0);
  t.equal(table(phones), 'Bm A ABm', 'who comes later hears what was there');
  A.inserts = [insert('heard', true)];
  t.equal(table(phones), 'Bm A AB', 'who was there before does not hear what comes');
  A.inserts = [insert('heard', false)];
  t.equal(table(phones), 'm A AB');
  A.inserts = [insert('heard', false)];
  t.equal(hears(A), 'm');
  A.inserts = [insert('said', true)];
  t.equal(`${hears(A)} ${hears(phones.B)}`, 'B Am');
  A.inserts = [insert('said', false)];
  t.equal(hears(phones.B), 'm');
  A.inserts = [];
  S.inserts = [insert('heard', true)];
  listen(S, A, 3);
  t.equal(table(phones), 'BS AS ABm', "a sound in the supervisor's ear reaches nobody else");
});
