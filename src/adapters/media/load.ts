/** What is known of a server's load. */
export interface Load {
  /** Sessions that the server told of last, ours among them. */
  readonly sessions: number;
  /** The most sessions that it takes; 0 where it has not said yet. */
  readonly most: number;
  /** Sessions that we opened since, less those that we ended. */
  readonly since: number;
}

/** What a server is taken to manage before it says so. */
const usualMost = 500;

/** How full a server is: 0 is empty, from 1 on it takes no more. */
export const fullness = ({ sessions, most, since }: Load): number =>
  Math.max(0, sessions + since) / (most > 0 ? most : usualMost);

/** Those with room, the emptiest first; which of two alike comes first is left to chance. */
export const byLoad = <T extends { readonly load: Load }>(servers: readonly T[]): T[] =>
  servers
    .map((server) => ({ server, full: fullness(server.load), chance: Math.random() }))
    .filter(({ full }) => full < 1)
    .sort((one, other) => one.full - other.full || one.chance - other.chance)
    .map(({ server }) => server);
