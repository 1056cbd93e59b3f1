import type { App } from '../channel/app.js';

/** The longest wait of a `sleep`. */
const longestMs = 24 * 60 * 60 * 1000;

/** `sleep`: so many milliseconds. */
export const sleep: App = ({ server, order, occupy, finish }) => {
  const ms = Math.min(Math.max(Number.parseInt(order.data, 10) || 0, 0), longestMs);
  const stop = server.clock.after(ms, () => finish());
  occupy({ doing: { kind: 'waiting' }, letsIn: true, stop });
};
