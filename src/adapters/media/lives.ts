import { randomBytes } from 'node:crypto';
import type { Log } from '../../flows/ports.js';
import type { MrfLink } from './mrf-link.js';

/** The header of our INVITEs that says which life of which instance they belong to. */
export const lifeHeader = 'X-Callpickup-Life';

/** One connection of one run of one instance. */
export interface Life {
  /** Random: what its channels are marked with. */
  readonly id: string;
  /** The instance, and the address of its SIP side: who else has both is an earlier life of the same. */
  readonly place: string;
}

/** A new life of an instance; `address` is one that drachtio listens on. */
export const newLife = (instance: string, address: string): Life => ({
  id: randomBytes(8).toString('hex'),
  place: `${instance}@${address}`.replace(/[^\w.:@[\]/-]/g, '_'),
});

/**
 * Instances that share a media server say on it that they live, in a global variable each, with the server's own time.
 * So a dead one's channels are found and ended by the others, or by its next life, and nobody else's ever are.
 */
const variable = 'callpickup_life_';

/** A life that has not said for so many seconds that it lives is over; and so many heartbeats of the server at least. */
const lapse = { seconds: 60, heartbeats: 3 };

/** What one life has said of itself. */
interface Said {
  readonly id: string;
  readonly place: string;
  readonly at: number;
}

const line = new RegExp(`^${variable}([\\da-f]{16})=([^|\\s]+)\\|(\\d+)\\s*$`, 'gm');

/** Reads the list of the server's global variables. */
export const livesIn = (variables: string): Said[] =>
  [...variables.matchAll(line)].map(([, id = '', place = '', at = '']) => ({ id, place, at: Number(at) }));

/** Whether a life is over, seen from another at this time of the server. */
export const isDead = (said: Said, self: Life, { now, interval }: { now: number; interval: number }): boolean =>
  said.id !== self.id &&
  (said.place === self.place || now - said.at > Math.max(lapse.seconds, lapse.heartbeats * interval));

/** What is needed to look after lives on one server. */
export interface Tending {
  readonly link: Pick<MrfLink, 'api'>;
  readonly life: Life;
  /** The server's own time, in seconds since 1970; undefined asks it. */
  readonly now?: number | undefined;
  /** Seconds between its heartbeats. */
  readonly interval: number;
  /** The server, for the log. */
  readonly server: string;
  readonly log: Log;
}

/** Says that we live, and ends the channels of those that do not. */
export const tendLives = async ({ link, life, interval, server, log, ...given }: Tending): Promise<void> => {
  const now = given.now ?? Number((await link.api('strepoch'))?.trim());
  if (!Number.isSafeInteger(now) || now <= 0) return;
  await link.api(`global_setvar ${variable}${life.id}=${life.place}|${now}`);
  const variables = (await link.api('global_getvar')) ?? '';
  for (const { id, place } of livesIn(variables).filter((said) => isDead(said, life, { now, interval }))) {
    log.warn({ server, life: id, place }, 'ending the channels of a dead instance');
    await link.api(`hupall NORMAL_CLEARING sip_h_${lifeHeader} ${id}`);
    await forgetLife(link, id);
  }
};

/** A life that ends in order takes its word back: an empty variable is none. */
export const forgetLife = async (link: Pick<MrfLink, 'api'>, id: string): Promise<void> => {
  await link.api(`global_setvar ${variable}${id}=`);
};
