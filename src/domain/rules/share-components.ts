import type { Extension } from '../names.js';

/** Groups that count as one because they have extensions in common. */
export interface Components {
  /** Which component an extension is in. */
  readonly of: ReadonlyMap<Extension, number>;
  /** The members of each component, each once. */
  readonly members: readonly (readonly Extension[])[];
}

/**
 * Joins the groups that have an extension in common, and what those have in common with others, and so on (UIS: "the
 * groups are combined into one group"). Numbers that nobody has join groups too: UIS does not check that they exist.
 */
export const componentsOf = (groups: readonly (readonly Extension[])[]): Components => {
  const root = rootsOf(groups);
  const found = new Map<number, Set<Extension>>();
  groups.forEach((group, position) => {
    const own = found.get(root(position)) ?? new Set();
    for (const extension of group) own.add(extension);
    found.set(root(position), own);
  });
  const members = [...found.values()].map((own) => [...own]);
  return { of: new Map(members.flatMap((own, index) => own.map((extension) => [extension, index]))), members };
};

/** Union-find: gives the group that stands for all that a group is joined with. */
const rootsOf = (groups: readonly (readonly Extension[])[]): ((position: number) => number) => {
  const parent = groups.map((_, position) => position);
  const root = (position: number): number => {
    let at = position;
    while (parent[at] !== at) at = parent[at] = parent[parent[at] as number] as number;
    return at;
  };
  const first = new Map<Extension, number>();
  groups.forEach((group, position) => {
    for (const extension of group) {
      const earlier = first.get(extension);
      if (earlier === undefined) first.set(extension, position);
      else parent[root(position)] = root(earlier);
    }
  });
  return root;
};
