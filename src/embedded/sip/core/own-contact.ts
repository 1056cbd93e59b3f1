import { type Header, makeHeader } from '../message/message.js';
import { printHostPort } from '../message/uri.js';
import type { Path } from '../transport/path.js';

/** Our address on that way, as a URI. */
export function ownUri({ local, proto }: Path): string {
  return `sip:${printHostPort(local.host, local.port)}${proto === 'tcp' ? ';transport=tcp' : ''}`;
}

/** The Contact that brings the peer's requests back to us. */
export function ownContact(path: Path): Header {
  return makeHeader('Contact', `<${ownUri(path)}>`);
}
