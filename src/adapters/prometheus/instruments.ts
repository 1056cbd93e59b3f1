import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const prefix = 'callpickup_';

/** What an instrument of ours is. */
export interface Parts<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: L[];
}

/** A counter of ours. */
export const counter = <L extends string>(registry: Registry, { name, help, labels }: Parts<L>): Counter<L> =>
  new Counter({ name: prefix + name, help, labelNames: labels, registers: [registry] });

/** A gauge that is asked at each scrape. */
interface Asked<L extends string> {
  readonly read?: () => number;
  /** The same for one with labels. */
  readonly readEach?: () => Iterable<readonly [labels: Record<L, string>, value: number]>;
}

/** A gauge of ours. */
export const gauge = <L extends string>(
  registry: Registry,
  { name, help, labels, read, readEach }: Parts<L> & Asked<L>,
): Gauge<L> =>
  new Gauge({
    name: prefix + name,
    help,
    labelNames: labels,
    registers: [registry],
    ...(read && {
      collect() {
        this.set(read());
      },
    }),
    ...(readEach && {
      collect() {
        for (const [names, value] of readEach()) this.set(names, value);
      },
    }),
  });

/** What a histogram of ours is. */
export interface HistogramParts<L extends string> extends Parts<L> {
  /** Upper bounds in seconds. */
  readonly buckets: number[];
}

/** A histogram of ours. */
export const histogram = <L extends string>(
  registry: Registry,
  { name, help, labels, buckets }: HistogramParts<L>,
): Histogram<L> => new Histogram({ name: prefix + name, help, labelNames: labels, buckets, registers: [registry] });
