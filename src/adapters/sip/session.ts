import { randomInt } from 'node:crypto';

/**
 * The `o=` line that one leg sees of us: our own session id, and a version that grows with every change. The other
 * party's line would jump when the call moves to a picker (RFC 3264 section 8, protocol.md O17).
 */
export interface Session {
  /** The body under our own o= line. */
  write(body: string): string;
}

const originLine = /^o=\S+ \S+ \S+ (.*)$/m;

/** A new session of one leg. */
export const newSession = (): Session => {
  const id = randomInt(1, 2 ** 47);
  let version = 0;
  let last: string | undefined;
  return {
    write: (body) => {
      const rest = body.replace(originLine, '');
      if (rest !== last) version += 1;
      last = rest;
      return body.replace(originLine, (_line, address: string) => `o=callpickup ${id} ${version} ${address}`);
    },
  };
};
