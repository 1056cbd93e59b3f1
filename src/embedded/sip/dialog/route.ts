import { parseAddress } from '../message/address.js';
import { headersOf, type Message } from '../message/message.js';
import { parseUri, splitOutsideQuotes } from '../message/uri.js';
import type { Hop } from '../transport/path.js';
import type { Dialog } from './dialog.js';

/** The values of a header that may hold several in one line. */
export function valuesOf(message: Message, key: string): string[] {
  return headersOf(message, key).flatMap((line) => splitOutsideQuotes(line, ',').map((value) => value.trim()));
}

/** Where a URI points: its maddr or host, and its transport; undefined when we cannot speak that. */
export function hopOf(uri: string): Hop | undefined {
  const parsed = parseUri(uri);
  if (!parsed || parsed.scheme === 'sips') return undefined;
  const proto = parsed.params.get('transport')?.toLowerCase() ?? 'udp';
  if (proto !== 'udp' && proto !== 'tcp') return undefined;
  return { proto, host: parsed.params.get('maddr') || parsed.host, port: parsed.port };
}

/** The request URI and Route values of a request in a dialog, and who gets it (RFC 3261 section 12.2.1.1). */
export function routed(dialog: Dialog): { uri: string; routes: readonly string[]; next: string } {
  const [first, ...others] = dialog.routes;
  const address = first === undefined ? undefined : parseAddress(first);
  if (!address) return { uri: dialog.target, routes: [], next: dialog.target };
  if (parseUri(address.uri)?.params.has('lr')) return { uri: dialog.target, routes: dialog.routes, next: address.uri };
  // The first proxy is a strict router: it wants to see itself in the request URI.
  return { uri: address.uri, routes: [...others, `<${dialog.target}>`], next: address.uri };
}

/** The URI of the message's Contact, or undefined. */
export function contactOf(message: Message): string | undefined {
  const [value] = valuesOf(message, 'contact');
  return value === undefined ? undefined : parseAddress(value)?.uri;
}
