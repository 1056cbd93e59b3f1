import type { CallId } from '../../domain/names.js';
import type { Endpoint, MediaServers } from '../media.js';

/** Where a phone is to be: at an endpoint that it has, or at a new one for its offer; without an offer that makes one. */
export type Wanted = { readonly at: Endpoint } | { readonly offer?: string };

/** Two endpoints of one server. */
export interface Pair {
  readonly endpoints: readonly [Endpoint, Endpoint];
  /** Has the two hear each other; false if that could not be, or one of them is gone. */
  bridge(): Promise<boolean>;
  /** Ends those that were opened for the pair; what was there before stays. */
  release(): void;
}

/** Opens what is missing, both at once where both are; undefined if a server is missing or makes nothing of an offer. */
export const openPair = async (
  media: MediaServers,
  call: CallId,
  [one, other]: readonly [Wanted, Wanted],
): Promise<Pair | undefined> => {
  const open = async (wanted: Wanted, beside?: Endpoint): Promise<Endpoint | undefined> =>
    'at' in wanted ? wanted.at : media.open({ ...wanted, call, ...(beside && { beside }) });
  const [atOne, atOther] = [atOf(one), atOf(other)];
  let [first, second] = await Promise.all([open(one, atOther), open(other, atOne)]);
  if (first && second && first.server !== second.server && !atOther) {
    void second.release();
    second = await open(other, first);
  }
  const opened = [atOne ? undefined : first, atOther ? undefined : second].filter((each) => each !== undefined);
  if (first && second && first.server === second.server) return pairOf([first, second], opened);
  for (const each of opened) void each.release();
  return undefined;
};

const atOf = (wanted: Wanted): Endpoint | undefined => ('at' in wanted ? wanted.at : undefined);

const pairOf = (endpoints: readonly [Endpoint, Endpoint], opened: readonly Endpoint[]): Pair => ({
  endpoints,
  bridge: async () => (await endpoints[0].bridge(endpoints[1])) && !endpoints.some(({ isGone }) => isGone),
  release: () => {
    for (const each of opened) void each.release();
  },
});
