import { type Opened, type Opening, openEndpoint } from './open-endpoint.js';
import type { Pulse } from './pulse.js';

/** An endpoint that takes so long makes us look whether the server is there at all, in milliseconds. */
const slow = 300;

/** Opens an endpoint on a server that may hang: whoever waits for it waits no longer than it takes to find that out. */
export const openWatched = async (opening: Opening, pulse: Pick<Pulse, 'look' | 'silence'>): Promise<Opened> => {
  const looking = setTimeout(pulse.look, slow);
  const opened = openEndpoint(opening);
  const isThere = await Promise.race([opened.then(() => true), pulse.silence.then(() => false)]);
  clearTimeout(looking);
  if (isThere) return opened;
  void opened.then((late) => (late.outcome === 'opened' ? late.endpoint.release() : undefined));
  return { outcome: 'failed', isLate: false };
};
