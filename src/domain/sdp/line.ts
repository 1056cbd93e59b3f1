import type { Connection, Direction, Fingerprint, Media, Sdp } from './description.js';

/** An m-line of an offer with what the session level says about it filled in. */
export interface Line {
  readonly index: number;
  readonly media: Media;
  readonly connection: Connection | undefined;
  readonly direction: Direction;
  readonly setup: string | undefined;
  readonly fingerprint: Fingerprint | undefined;
}

/** The m-lines of the two offers that shall answer each other. */
export interface Pair {
  readonly caller: Line;
  readonly picker: Line;
}

// RFC 2543 put a call on hold by an address that nobody can send to.
const isBlackHole = ({ ip }: Connection): boolean => ip === '0.0.0.0' || ip === '::';

const lineOf = (sdp: Sdp, media: Media, index: number): Line => {
  const connection = media.connection ?? sdp.connection;
  const direction = media.direction ?? sdp.direction ?? 'sendrecv';
  return {
    index,
    media,
    connection,
    direction: connection && isBlackHole(connection) ? 'inactive' : direction,
    setup: media.setup ?? sdp.setup,
    fingerprint: media.fingerprint ?? sdp.fingerprint,
  };
};

/** The m-lines that are really offered: those with a port. */
export const offeredLines = (sdp: Sdp): Line[] =>
  sdp.media.map((media, index) => lineOf(sdp, media, index)).filter(({ media }) => media.port > 0);

/** Pairs the lines of two offers by type, in order; what finds no partner stays alone (RFC 3264 section 6). */
export const pairLines = (caller: readonly Line[], picker: readonly Line[]): Pair[] => {
  const free = [...picker];
  return caller.flatMap((line) => {
    const at = free.findIndex(({ media }) => media.type === line.media.type);
    const [partner] = at < 0 ? [] : free.splice(at, 1);
    return partner ? [{ caller: line, picker: partner }] : [];
  });
};
