import type { Codec } from './codec.js';

const highest = 255;

const eventsOf = ({ parameters }: Codec): Set<number> => {
  const events = new Set<number>();
  // RFC 4733 section 2.5.1.1: without a list it is the sixteen keys of a telephone.
  for (const [, first, last] of (parameters ?? '0-15').matchAll(/(\d{1,3})(?:-(\d{1,3}))?/g)) {
    for (let event = Number(first); event <= Math.min(Number(last ?? first), highest); event += 1) events.add(event);
  }
  return events;
};

const written = (events: readonly number[]): string => {
  const ranges: [number, number][] = [];
  for (const event of events) {
    const open = ranges.at(-1);
    if (open && open[1] === event - 1) open[1] = event;
    else ranges.push([event, event]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
};

/** The events that both understand, as an fmtp value; undefined if there are none (RFC 4733 section 2.5.1.1). */
export const commonEvents = (one: Codec, other: Codec): string | undefined => {
  const theirs = eventsOf(other);
  const both = [...eventsOf(one)].filter((event) => theirs.has(event)).sort((a, b) => a - b);
  return both.length > 0 ? written(both) : undefined;
};
