import type { DialogIds } from '../../domain/dialog.js';
import type { EventPackage } from '../../flows/watch/subscriber.js';
import { isHeaderSafe } from './headers.js';
import type { Rejection } from './request-checks.js';
import type { SipRequest } from './srf.js';

/** The packages that we know, and what their documents are (RFC 4235 section 3.5, RFC 3856 section 6.5). */
export const documentTypes = {
  dialog: 'application/dialog-info+xml',
  presence: 'application/pidf+xml',
} as const satisfies Readonly<Record<EventPackage, string>>;

/** What a phone subscribes to. */
export interface EventHeader {
  readonly name: EventPackage;
  /** The header as the phone wrote it: every NOTIFY repeats it exactly (protocol.md D1). */
  readonly text: string;
  /** Tells subscriptions of one dialog apart (RFC 6665 section 4.5.2). */
  readonly id?: string;
  /** The one dialog that is asked for (RFC 4235 section 3.2). */
  readonly only?: DialogIds;
}

/** The packages that we know, as every refusal says. */
export const allowEvents = { 'Allow-Events': 'dialog, presence' } as const;

const isKnown = (name: string): name is EventPackage => Object.hasOwn(documentTypes, name);

const parameter = /;\s*([^\s;="]{1,64})\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?\s*/y;

/** Reads the Event header, in its short form too, which srf does not know (protocol.md S1). */
export const readEvent = (req: SipRequest): EventHeader | Rejection => {
  const text = (req.get('Event') ?? req.get('o'))?.trim();
  if (!text) return { status: 400, phrase: 'Missing Event', headers: allowEvents };
  if (!isHeaderSafe(text)) return { status: 400, phrase: 'Bad Event', headers: allowEvents };
  const [written = ''] = text.split(/[\s;,]/);
  const name = written.toLowerCase();
  if (!isKnown(name)) return { status: 489, headers: allowEvents };
  const parameters = readParameters(text.slice(written.length).trimStart());
  if (!parameters) return { status: 400, phrase: 'Bad Event', headers: allowEvents };
  const id = parameters.get('id');
  const only = name === 'dialog' ? dialogIn(parameters) : undefined;
  return { name, text, ...(id !== undefined && { id }), ...(only && { only }) };
};

const readParameters = (text: string): Map<string, string> | undefined => {
  const found = new Map<string, string>();
  parameter.lastIndex = 0;
  while (parameter.lastIndex < text.length) {
    const [, name, quoted, plain] = parameter.exec(text) ?? [];
    if (name === undefined) return undefined;
    found.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return found;
};

/** The `to-tag` is matched with the local tag of the dialog, the `from-tag` with the remote one. Without a Call-ID tags say nothing. */
const dialogIn = (parameters: ReadonlyMap<string, string>): DialogIds | undefined => {
  const [sipCallId, localTag, remoteTag] = ['call-id', 'to-tag', 'from-tag'].map((name) => parameters.get(name));
  if (!sipCallId) return undefined;
  return { sipCallId, ...(localTag && { localTag }), ...(remoteTag && { remoteTag }) };
};
