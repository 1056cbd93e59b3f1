import type { Extension } from '../names.js';

/** Who is in which group of a list, both ways. */
export interface Membership {
  /** The positions in the list of the groups that an extension is in, ascending. */
  readonly of: ReadonlyMap<Extension, readonly number[]>;
  /** The members of the group at each position: extensions of the company only, each once, in the order of the list. */
  readonly members: readonly (readonly Extension[])[];
}

/** Where an extension is in no group. */
const nowhere: readonly number[] = [];

/** The positions of an extension's groups, ascending. */
export const groupsOf = ({ of }: Pick<Membership, 'of'>, extension: Extension): readonly number[] =>
  of.get(extension) ?? nowhere;

/** Looks a list of groups up; numbers that are no extensions of the company are left out. */
export const membershipOf = (
  groups: readonly (readonly Extension[])[],
  company: { has(extension: Extension): boolean },
): Membership => {
  const of = new Map<Extension, number[]>();
  const members = groups.map((listed, position) => {
    const own = [...new Set(listed)].filter((extension) => company.has(extension));
    for (const extension of own) {
      const known = of.get(extension);
      if (known) known.push(position);
      else of.set(extension, [position]);
    }
    return own;
  });
  return { of, members };
};

const always = (): boolean => true;

/** The first position that two ascending lists have in common and that suits; undefined if there is none. */
export const firstCommon = (
  ours: readonly number[],
  theirs: readonly number[],
  suits: (position: number) => boolean = always,
): number | undefined => {
  let [left, right] = [0, 0];
  while (left < ours.length && right < theirs.length) {
    const [a, b] = [ours[left] as number, theirs[right] as number];
    if (a === b && suits(a)) return a;
    if (a <= b) left += 1;
    if (b <= a) right += 1;
  }
  return undefined;
};
