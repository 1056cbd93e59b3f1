import type { Refusal } from '../../domain/outcome.js';
import type { Anchoring } from '../anchoring.js';
import type { Talking } from '../live-calls.js';
import type { Endpoint, Listening, ListenMode, MediaServers } from '../media.js';
import type { Leg } from '../ports.js';

/** What taking a place beside a phone needs. */
export interface SeatDeps {
  readonly anchoring: Pick<Anchoring, 'need'>;
  readonly media: MediaServers;
}

/** A place beside a colleague's phone, from which his calls are heard. */
export interface Seat {
  /** The colleague's leg. */
  readonly leg: Leg;
  /** The colleague's endpoint. */
  readonly beside: Endpoint;
  /** The supervisor's endpoint. */
  readonly own: Endpoint;
  readonly listening: Listening;
  /** The call needs the media server no more because of this supervisor. */
  leave(): void;
}

/** What taking a seat came to; after a failure the call is as it was. */
export type Seated = { ok: true; seat: Seat } | { ok: false; refusal: Refusal };

/** The supervisor's endpoint, made beside that of the colleague. */
export type OpenBeside = (colleague: Endpoint) => Promise<Endpoint | undefined>;

/** Moves the colleague's call onto the media server and listens to it there; the supervisor's endpoint is made by `open`. */
export const takeSeat = async (
  deps: SeatDeps,
  { side: { leg }, mode }: { side: Talking; mode: ListenMode },
  open: OpenBeside,
): Promise<Seated> => {
  const needed = await deps.anchoring.need(leg);
  if (!needed.ok) return needed;
  const { endpoint: beside, leave } = needed;
  const own = await open(beside);
  if (!own) {
    leave();
    return { ok: false, refusal: beside.isGone || !deps.media.isUp ? 'media-unavailable' : 'media-mismatch' };
  }
  const listening = await own.listenTo(beside, mode);
  if (listening) return { ok: true, seat: { leg, beside, own, listening, leave } };
  await own.release();
  leave();
  return { ok: false, refusal: 'media-unavailable' };
};
