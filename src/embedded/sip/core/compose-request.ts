import { randomInt } from 'node:crypto';
import type { Dialog } from '../dialog/dialog.js';
import { routed } from '../dialog/route.js';
import { withTag } from '../message/address.js';
import { type Header, headerOf, makeHeader, type Request } from '../message/message.js';
import { printHostPort } from '../message/uri.js';
import { newBranch } from '../transaction/key.js';
import type { Path } from '../transport/path.js';
import { appHeaders, guessedType } from './app-headers.js';
import { ownContact } from './own-contact.js';

/** A request that is ready to go, and the branch that its responses will show. */
export interface Composed {
  readonly request: Request;
  readonly branch: string;
}

/** What a request says beside the application's own headers. */
export interface Frame {
  readonly method: string;
  readonly uri: string;
  readonly routes: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly seq: number;
  readonly path: Path;
  readonly branch?: string;
}

/** These tell the peer where to send the requests of the dialog that they make or keep. */
const needsContact = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);

let lastSeq = randomInt(1, 2 ** 24);

/** A CSeq number for a request outside of dialogs. */
export function nextSeq(): number {
  lastSeq += 1;
  return lastSeq;
}

/** Puts a request together; `wanted` is what the application asked for, if it did. */
export function composeRequest(frame: Frame, wanted: Request | undefined, more: readonly Header[] = []): Composed {
  const { path, method } = frame;
  const branch = frame.branch ?? newBranch();
  const own = wanted ? appHeaders(wanted, path.local) : [];
  const body = wanted?.body ?? '';
  const has = (key: string): boolean => own.some((header) => header.key === key);
  const sentBy = printHostPort(path.local.host, path.local.port);
  const headers = [
    makeHeader('Via', `SIP/2.0/${path.proto.toUpperCase()} ${sentBy};rport;branch=${branch}`),
    ...frame.routes.map((route) => makeHeader('Route', route)),
    ...(has('max-forwards') ? [] : [makeHeader('Max-Forwards', '70')]),
    makeHeader('From', frame.from),
    makeHeader('To', frame.to),
    makeHeader('Call-ID', frame.callId),
    makeHeader('CSeq', `${frame.seq} ${method}`),
    ...(needsContact.has(method) && !has('contact') ? [ownContact(path)] : []),
    ...own,
    ...more,
    ...(wanted ? guessedType(wanted) : []),
    makeHeader('Content-Length', String(body.length)),
  ];
  return { branch, request: { kind: 'request', method, uri: frame.uri, headers, body } };
}

/** What a request in a dialog says beside what the dialog says. */
export interface InDialog {
  readonly method: string;
  readonly seq: number;
  readonly path: Path;
  /** Another request URI than the peer's Contact. */
  readonly uri?: string | undefined;
  readonly more?: readonly Header[];
}

/** A request in a dialog (RFC 3261 section 12.2.1.1). `seq` is that of its INVITE for an ACK, else the next one. */
export function composeInDialog(dialog: Dialog, parts: InDialog, wanted?: Request): Composed {
  const { uri, routes } = routed(dialog);
  const to = dialog.remoteTag ? withTag(dialog.remoteAddress, dialog.remoteTag) : dialog.remoteAddress;
  const frame = { ...parts, uri: parts.uri ?? uri, routes, from: dialog.localAddress, to, callId: dialog.callId };
  return composeRequest(frame, wanted, parts.more);
}

/** The ACK to a failure of our INVITE, or its CANCEL: same branch, same way, same number (RFC 3261 sections 9.1, 17.1.1.3). */
export function composeSameBranch(
  invite: { readonly request: Request; readonly branch: string; readonly path: Path },
  parts: { readonly method: 'ACK' | 'CANCEL'; readonly to: string },
  wanted?: Request,
): Request {
  const { request, path, branch } = invite;
  const frame: Frame = {
    method: parts.method,
    uri: request.uri,
    routes: request.headers.filter(({ key }) => key === 'route').map(({ value }) => value),
    from: headerOf(request, 'from') ?? '',
    to: parts.to,
    callId: headerOf(request, 'call-id') ?? '',
    seq: Number.parseInt(headerOf(request, 'cseq') ?? '', 10),
    path,
    branch,
  };
  const drops = new Set(['contact', 'p-asserted-identity']);
  const kept = wanted && { ...wanted, headers: wanted.headers.filter(({ key }) => !drops.has(key)) };
  return composeRequest(frame, kept).request;
}
