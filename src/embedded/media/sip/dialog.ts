import { contactOf, valuesOf } from '../../sip/dialog/route.js';
import { tagOf, withTag } from '../../sip/message/address.js';
import { headerOf, type Request } from '../../sip/message/message.js';
import type { ServerInvite } from '../../sip/transaction/server-invite.js';
import type { Path } from '../../sip/transport/path.js';

/** A call to us (RFC 3261 section 12), from our answer to the BYE. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To of our requests. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly routes: readonly string[];
  readonly channelId: string;
  /** Of our descriptions: `o=` keeps the id, the version grows (RFC 3264 section 8). */
  readonly description: { readonly id: number; version: number };
  /** The peer's Contact. */
  target: string;
  /** The way its last request came. */
  path: Path;
  remoteSeq: number;
  localSeq: number;
  /** Our 200s that wait for their ACK, by CSeq number. */
  readonly unacknowledged: Map<number, ServerInvite>;
}

/** The number of a request's CSeq. */
export const seqOf = (request: Request): number => Number.parseInt(headerOf(request, 'cseq') ?? '', 10);

/** How a dialog is found from a request of the peer. */
export const dialogKey = (request: Request, localTag = tagOf(headerOf(request, 'to'))): string =>
  `${headerOf(request, 'call-id')} ${localTag ?? ''} ${tagOf(headerOf(request, 'from')) ?? ''}`;

/** The dialog that our answer to an INVITE makes. */
export function dialogOf(
  request: Request,
  made: { readonly path: Path; readonly localTag: string; readonly channelId: string },
): Dialog {
  const from = headerOf(request, 'from') ?? '';
  return {
    ...made,
    callId: headerOf(request, 'call-id') ?? '',
    remoteTag: tagOf(from) ?? '',
    localAddress: withTag(headerOf(request, 'to') ?? '', made.localTag),
    remoteAddress: from,
    routes: valuesOf(request, 'record-route'),
    description: { id: Math.floor(Date.now() / 1000), version: 0 },
    target: contactOf(request) ?? '',
    remoteSeq: seqOf(request),
    localSeq: 0,
    unacknowledged: new Map(),
  };
}
