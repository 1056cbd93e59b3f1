import { randomInt } from 'node:crypto';

/**
 * What one leg is told of the session, under an `o=` line of ours: our own session id, and a version that grows with
 * every change. The other party's line would jump when the call moves to a picker (RFC 3264 section 8, protocol.md O17).
 */
export interface Session {
  /** The body under our own o= line; what the phone has been told from now on. */
  write(body: string): string;
  /** What the phone was told last; empty before anything was. */
  readonly told: string;
  /** The phone refused what it was told last: the session is as it was (RFC 3261 section 14.1). The version is used up. */
  takeBack(told: string): void;
}

const originLine = /^o=\S+ \S+ \S+ (.*)$/m;

/** A new session of one leg. */
export const newSession = (): Session => {
  const id = randomInt(1, 2 ** 47);
  let version = 0;
  let last: string | undefined;
  let told = '';
  return {
    write: (body) => {
      const rest = body.replace(originLine, '');
      if (rest !== last) version += 1;
      last = rest;
      told = body.replace(originLine, (_line, address: string) => `o=callpickup ${id} ${version} ${address}`);
      return told;
    },
    get told() {
      return told;
    },
    takeBack: (before) => {
      told = before;
    },
  };
};

const mediaLine = /^m=(\S+) \d+(?:\/\d+)? (\S+) (\S+)/;

/**
 * Answers an offer by what the phone was told before: lines that are new are refused (RFC 3264 sections 6 and 8), for an
 * answer has as many as its offer.
 */
export const unchangedAnswer = (told: string, offer: string): string => {
  const linesOf = (body: string) => body.split(/\r?\n/).filter((line) => line.startsWith('m='));
  const refused = linesOf(offer)
    .slice(linesOf(told).length)
    .map((line) => `${line.replace(mediaLine, 'm=$1 0 $2 $3').split(' ').slice(0, 4).join(' ')}\r\n`);
  return told.replace(/\r?\n?$/, '\r\n') + refused.join('');
};
