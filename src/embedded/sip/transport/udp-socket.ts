import { createSocket, type Socket } from 'node:dgram';

/** Addresses here are literal already, so nothing need be looked up, and binding is done when the call returns. */
const literal = (host: string, ...rest: unknown[]): void => {
  const done = rest.at(-1) as (problem: null, address: string, family: number) => void;
  done(null, host, host.includes(':') ? 6 : 4);
};

/** A socket of the family of `host`; several may share a port, each for another peer. */
export function makeSocket(host: string): Socket {
  return createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', reuseAddr: true, lookup: literal });
}
