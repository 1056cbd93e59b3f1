import type { Media, Sdp } from './description.js';
import { type Origin, withOrigin } from './origin.js';

const rejected = ({ type, protocol, payloads }: Media): Media => ({
  type,
  port: 0,
  protocol,
  payloads: payloads ?? '0',
  rtp: [],
  fmtp: [],
});

/** The lines of one answer by their place in the offer; what has no entry is rejected. */
export type Accepted = ReadonlyMap<number, Media>;

const isBundled = ({ groups }: Sdp): boolean =>
  groups?.some(({ type, mids }) => type === 'BUNDLE' && mids.trim().split(/\s+/).length >= 2) ?? false;

/** Whether the lines of two offers may share one transport: both wanted it, for two lines at least (RFC 8843). */
export const canBundle = (caller: Sdp, picker: Sdp): boolean => isBundled(caller) && isBundled(picker);

const bundleOf = (lines: readonly Media[]): Partial<Sdp> => {
  const mids = lines.filter(({ rtcpMux, mid }) => rtcpMux && mid !== undefined).map(({ mid }) => mid);
  return mids.length >= 2 ? { groups: [{ type: 'BUNDLE', mids: mids.join(' ') }] } : {};
};

// The first address speaks for all lines that share it, so that rejected lines need none (RFC 8866 section 5.7).
const withoutRepeated = (line: Media, session: Media['connection']): Media => {
  const { connection, ...rest } = line;
  return connection && connection.ip !== session?.ip ? line : rest;
};

/** An answer with exactly the m-lines of its offer, in order and by type (RFC 3264 section 6), under our own `o=`. */
export const answerTo = (
  offer: Sdp,
  accepted: Accepted,
  { origin, bundle }: { origin: Origin; bundle: boolean },
): Sdp => {
  const lines = [...accepted.values()];
  const connection = lines.find((line) => line.connection)?.connection;
  return withOrigin(
    {
      version: 0,
      origin: offer.origin,
      name: '-',
      timing: { start: 0, stop: 0 },
      ...(connection ? { connection } : {}),
      ...(bundle ? bundleOf(lines) : {}),
      media: offer.media.map((line, index) => withoutRepeated(accepted.get(index) ?? rejected(line), connection)),
    },
    origin,
  );
};
