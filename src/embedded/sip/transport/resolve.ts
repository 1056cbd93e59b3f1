import { lookup, resolveSrv } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Hop } from './path.js';

/** A hop whose host is an IP address. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** Where a literal hop is, without asking anybody; undefined when the host is a name. */
export function literalPlace(hop: Hop): Place | undefined {
  return isIP(hop.host) ? { address: hop.host, port: hop.port ?? 5060 } : undefined;
}

/** Finds a named hop: SRV when it names no port (RFC 3263 section 4.2), then the address. Rejects when there is none. */
export async function resolvePlace(hop: Hop): Promise<Place> {
  if (hop.port === undefined) {
    const records = await resolveSrv(`_sip._${hop.proto}.${hop.host}`).catch(() => []);
    const [best] = records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    if (best) return { address: (await lookup(best.name)).address, port: best.port };
  }
  return { address: (await lookup(hop.host)).address, port: hop.port ?? 5060 };
}
