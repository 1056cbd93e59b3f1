import { audioIn } from './phone-sdp.js';
import { opening, sealing } from './phone-srtp.js';
import type { Peer } from './phone-transport.js';
import type { LawNumber } from './rtp-packet.js';

/** The audio of one call: where it is wanted and how, and what this phone makes of what comes. */
export interface Stream {
  /** Where the other side wants our audio; undefined if it wants none, or we send none. */
  readonly to: Peer | undefined;
  /** The law that both have. */
  readonly payload: LawNumber | undefined;
  /** The number by which the other side knows keys. */
  readonly events: number | undefined;
  /** The payload numbers that this phone has announced. */
  readonly understands: ReadonlySet<number>;
  /** Protects a packet, where that was agreed on. */
  readonly seal: (packet: Buffer) => Buffer;
  /** Opens a packet; undefined if it is not of this call. */
  readonly open: (packet: Buffer) => Buffer | undefined;
}

const plain = { seal: (packet: Buffer) => packet, open: (packet: Buffer): Buffer | undefined => packet };

const nowhere = new Set(['0.0.0.0', '::']);

/** Keeps what was begun with a key: the counters of SRTP live as long as the key does. */
const keeping = <T>(make: (key: string) => T): ((key: string) => T) => {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
};

/** Follows the descriptions of one call; the result is asked for its audio as it is now. */
export const streamsOfCall = (): ((localSdp?: string, remoteSdp?: string) => Stream | undefined) => {
  const [sealingWith, openingWith] = [keeping(sealing), keeping(opening)];
  let last: { localSdp: string | undefined; remoteSdp: string | undefined; stream: Stream | undefined } | undefined;

  const read = (localSdp = '', remoteSdp = ''): Stream | undefined => {
    const [mine, theirs] = [audioIn(localSdp), audioIn(remoteSdp)];
    if (!mine) return undefined;
    const isWanted =
      theirs && /^send/.test(mine.direction) && /recv/.test(theirs.direction) && !nowhere.has(theirs.host);
    const secure = {
      seal: mine.key === undefined ? plain.seal : sealingWith(mine.key),
      open: theirs?.key === undefined ? () => undefined : openingWith(theirs.key),
    };
    return {
      to: isWanted ? { host: theirs.host, port: theirs.port } : undefined,
      payload: theirs?.payloads.find((each) => mine.payloads.includes(each)),
      events: mine.events === undefined ? undefined : theirs?.events,
      understands: new Set([...mine.payloads, ...(mine.events === undefined ? [] : [mine.events])]),
      ...(mine.isSecure ? secure : plain),
    };
  };
  return (localSdp, remoteSdp) => {
    if (!last || last.localSdp !== localSdp || last.remoteSdp !== remoteSdp)
      last = { localSdp, remoteSdp, stream: read(localSdp, remoteSdp) };
    return last.stream;
  };
};
