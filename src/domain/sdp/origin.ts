import type { Connection, Sdp } from './description.js';

/** Our own side of one leg's `o=` line. The version grows by one with every change we send on that leg (RFC 3264 section 8). */
export interface Origin {
  readonly username: string;
  readonly sessionId: string | number;
  readonly version: number;
  /** Where we are. Left out, the address of the media is written: it stands in the body anyway. */
  readonly address?: string;
}

const nowhere: Connection = { version: 4, ip: '0.0.0.0' };

const connectionOf = (sdp: Sdp): Connection =>
  sdp.connection ?? sdp.media.find((line) => line.connection)?.connection ?? nowhere;

/**
 * The same description under our own `o=` line, to relay a body from one leg to another: each leg sees one origin whose
 * version never goes back, whoever is behind it (RFC 3264 section 8).
 */
export const withOrigin = <Description extends Sdp>(sdp: Description, origin: Origin): Description => {
  const { ip, version } = connectionOf(sdp);
  const address = origin.address ?? ip.split('/', 1)[0] ?? ip;
  const ipVer = origin.address === undefined ? version : origin.address.includes(':') ? 6 : 4;
  return {
    ...sdp,
    origin: {
      username: origin.username,
      sessionId: origin.sessionId,
      sessionVersion: origin.version,
      netType: 'IN',
      ipVer,
      address,
    },
  };
};
