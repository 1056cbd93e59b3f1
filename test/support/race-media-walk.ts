import type { Chance } from './race-chance.js';

/** The caller, the colleague and the supervisor. */
export type Name = 'A' | 'B' | 'S';

/** All of them. */
export const three: readonly [Name, ...Name[]] = ['A', 'B', 'S'];

/** Who hears whom. */
export type Hears = Readonly<Record<Name, readonly Name[]>>;

/** Who hears whom in one mode, and who never hears the supervisor in it. */
export interface Mode {
  readonly code: string;
  readonly key: string;
  readonly hears: Hears;
  readonly deaf: readonly Name[];
}

/** What a code or a key makes of the three. */
export const modes = {
  listen: { code: '*33', key: '1', hears: { A: ['B'], B: ['A'], S: ['A', 'B'] }, deaf: ['A', 'B'] },
  whisper: { code: '*34', key: '2', hears: { A: ['B'], B: ['A', 'S'], S: ['A', 'B'] }, deaf: ['A'] },
  barge: { code: '*35', key: '3', hears: { A: ['B', 'S'], B: ['A', 'S'], S: ['A', 'B'] }, deaf: [] },
} as const satisfies Record<string, Mode>;

/** One of {@link modes}. */
export type ModeName = keyof typeof modes;

/** Their names. */
export const modeNames = Object.keys(modes) as [ModeName, ...ModeName[]];

/** What is so at one moment of a walk. */
export interface Moment {
  readonly mode: ModeName;
  /** Who has put his side on hold, so that he hears nobody and nobody hears him. */
  readonly held: readonly Name[];
}

/** One thing that somebody does. */
export type Act =
  | { readonly what: 'press'; readonly who: 'S'; readonly by: 'rtp' | 'info' }
  | { readonly what: 'hold' | 'resume'; readonly who: Name };

/** What is done at the same time, each by somebody else, and what is so then. */
export interface Step extends Moment {
  readonly acts: readonly Act[];
}

/** Who hears whom at a moment. */
export const hearingAt = ({ mode, held }: Moment): Hears => {
  const hears: Hears = modes[mode].hears;
  const of = (name: Name) => (held.includes(name) ? [] : hears[name].filter((each) => !held.includes(each)));
  return { A: of('A'), B: of('B'), S: of('S') };
};

/** Who hears the supervisor neither before a step nor after it, and so must not hear a word while it is made. */
export const deafTo = (before: Moment, after: Moment): Name[] => {
  const deaf = ({ mode }: Moment): readonly Name[] => modes[mode].deaf;
  return deaf(before).filter((name) => deaf(after).includes(name));
};

/** A step in words. */
export const told = ({ acts, mode }: Step): string =>
  acts.map((act) => (act.what === 'press' ? `${mode} by ${act.by}` : `${act.who} ${act.what}s`)).join(' as ');

/** So many steps by chance; every fourth or so is two acts that cross. */
export const walkOf = (chance: Chance, from: Moment, steps: number): Step[] => {
  const walk: Step[] = [];
  for (let last = from; walk.length < steps; last = walk.at(-1) ?? last) {
    const first = stepFrom(chance, last, three);
    const others = three.filter((name) => !first.acts.some(({ who }) => who === name)) as [Name, ...Name[]];
    const second = chance.happens(0.3) ? stepFrom(chance, first, others) : undefined;
    walk.push(audibly(last, second ? { ...second, acts: [...first.acts, ...second.acts] } : first));
  }
  return walk;
};

/**
 * A key in the audio is understood later than one by INFO, and could be overtaken by the next: it is pressed that way only
 * where everybody can hear that it was understood.
 */
const audibly = (before: Moment, step: Step): Step => {
  const isHeard = [before.held, step.held].every((held) => {
    const [last, next] = [before.mode, step.mode].map((mode) => JSON.stringify(hearingAt({ mode, held })));
    return last !== next;
  });
  const acts = step.acts.map((act): Act => (act.what === 'press' && !isHeard ? { ...act, by: 'info' } : act));
  return { ...step, acts };
};

/** One act of one of these: the supervisor switches or holds, the others hold; who holds mostly takes it back. */
const stepFrom = (chance: Chance, { mode, held }: Moment, among: readonly [Name, ...Name[]]): Step => {
  const holding = among.filter((name) => held.includes(name));
  const [first, ...others] = holding;
  if (first && chance.happens(0.5)) return resumes({ mode, held }, chance.one([first, ...others]));
  if (among.includes('S') && chance.happens(0.6)) return presses(chance, held);
  const who = chance.one(among);
  if (held.includes(who)) return resumes({ mode, held }, who);
  return { mode, held: [...held, who], acts: [{ what: 'hold', who }] };
};

const resumes = ({ mode, held }: Moment, who: Name): Step => ({
  mode,
  held: held.filter((name) => name !== who),
  acts: [{ what: 'resume', who }],
});

// A phone that holds sends no audio, and so no keys in it.
const presses = (chance: Chance, held: readonly Name[]): Step => {
  const by = held.includes('S') || chance.happens(0.5) ? 'info' : 'rtp';
  return { mode: chance.one(modeNames), held, acts: [{ what: 'press', who: 'S', by }] };
};
