import type { Extension } from './names.js';
import type { Presence } from './office.js';

/** What a phone has published, and until when it counts (RFC 3903); milliseconds since 1970. */
export interface Publication {
  readonly presence: Presence;
  readonly at: number;
  readonly until: number;
}

/** What an extension's people say of themselves, by phone or by program; it stands over the document. */
export interface Personal {
  readonly refusesPickup?: boolean;
  readonly presence?: Presence;
  /** What its phones say for a time, by entity tag: as long as one of them lasts, the last stands over `presence`. */
  readonly published?: Readonly<Record<string, Publication>>;
  /** It has changed phones with this one, which says the same of it (UIS's phone replace). */
  readonly changedWith?: Extension;
}

/** What the people of a company say of themselves, by extension. */
export type Personals = Readonly<Record<string, Personal>>;

/** What counts of it at a moment: the presence of each is the one that was said last and still lasts. */
export const saidAt = (personals: Personals, now: number): Personals =>
  mapped(personals, ({ published, ...said }) => {
    const lasting = Object.values(published ?? {}).filter(({ until }) => until > now);
    const [last] = lasting.sort((a, b) => b.at - a.at);
    return last ? { ...said, presence: last.presence } : said;
  });

/** The moment at which something that was published lapses first, be it past; undefined if nothing does. */
export const firstLapse = (personals: Personals): number | undefined => {
  const ends = Object.values(personals).flatMap(({ published }) => Object.values(published ?? {}));
  return ends.length === 0 ? undefined : Math.min(...ends.map(({ until }) => until));
};

/** The extensions of which something has lapsed by this moment. */
export const lapsedAt = (personals: Personals, now: number): Extension[] =>
  Object.keys(personals).filter((extension) =>
    Object.values(personals[extension]?.published ?? {}).some(({ until }) => until <= now),
  ) as Extension[];

/** The same without what has lapsed by this moment. */
export const withoutLapsed = (personals: Personals, now: number): Personals =>
  mapped(personals, ({ published, ...said }) => {
    const lasting = Object.entries(published ?? {}).filter(([, { until }]) => until > now);
    return lasting.length > 0 ? { ...said, published: Object.fromEntries(lasting) } : said;
  });

/** What somebody says now over what was said before: a presence overrules what phones have published. */
export const saidOver = ({ published, ...before }: Personal, now: Personal): Personal => ({
  ...before,
  ...(published && now.presence === undefined && { published }),
  ...now,
});

const mapped = (personals: Personals, change: (personal: Personal) => Personal): Personals =>
  Object.fromEntries(Object.entries(personals).map(([extension, personal]) => [extension, change(personal)]));
