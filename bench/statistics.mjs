// Percentiles, ratios and orders.

/** The value below which `share` of the samples lie (nearest rank); NaN of none. */
export const percentile = (samples, share) => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

/** The middle value, or the mean of the two in the middle; NaN of none. */
export const median = (samples) => {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2;
};

/** The figures of one row. */
export const summary = (samples) => ({
  n: samples.length,
  p50: median(samples),
  p95: percentile(samples, 0.95),
  p99: percentile(samples, 0.99),
  max: Math.max(...samples),
});

/**
 * How one series compares with another: the ratio of the medians of each part, and of those the median, the least and
 * the most. A part is what was measured in the same minute, so the noise of the machine is in both.
 */
export const compare = (parts) => {
  const ratios = parts.map(([ours, bare]) => median(ours) / median(bare)).filter(Number.isFinite);
  return { middle: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
};

/** Random numbers that come again with the same seed (xorshift32), from 0 to 1. */
export const randomFrom = (seed) => {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
};

/** The same things in another order (Fisher-Yates). */
export const shuffled = (things, random) => {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
};
