import { randomUUID } from 'node:crypto';
import { type Dialog, dialogIdOf } from '../dialog/dialog.js';
import { hopOf } from '../dialog/route.js';
import { tagOf, withTag } from '../message/address.js';
import { headerOf, print, type Request } from '../message/message.js';
import { parseUri } from '../message/uri.js';
import { newTag } from '../transaction/key.js';
import type { Path } from '../transport/path.js';
import type { Client } from '../wire/client.js';
import { requestSent } from '../wire/events.js';
import { bodyIsUntyped, localise } from './app-headers.js';
import { composeRequest, type Frame, nextSeq } from './compose-request.js';
import type { Engine } from './engine.js';
import { launch } from './launch.js';
import { ownUri } from './own-contact.js';

/** Sends a request outside of dialogs (RFC 3261 section 8.1); the result is the answer to the application. */
export function originate(engine: Engine, client: Client, order: { wanted: Request; routeUrl: string }): string {
  const { wanted, routeUrl } = order;
  const next = routeUrl.replace(/^<|>$/g, '') || wanted.uri;
  if (!parseUri(next) || /[\s<>"]/.test(wanted.uri)) return 'NOK|Error creating sip transaction for uac request';
  const hop = hopOf(next);
  if (!hop) return 'NOK|requested protocol/transport not available';
  if (engine.transports.isOurs(hop)) return 'NOK|can not send request to myself';
  if (bodyIsUntyped(wanted)) return 'NOK|missing content-type';
  const path = (routeUrl ? undefined : engine.bindings.pathTo(wanted.uri)) ?? engine.transports.reach(hop);
  const frame = frameOf(wanted, path);
  const composed = composeRequest(frame, wanted);
  const dialog = makesDialog.has(wanted.method) ? hopedFor(frame, client) : undefined;
  if (dialog) engine.dialogs.add(dialog);
  const { id } = launch(engine, { composed, path, client, dialog, isInDialog: false });
  return requestSent({ text: print(composed.request), transactionId: id, dialogId: '', path });
}

const makesDialog = new Set(['INVITE', 'SUBSCRIBE']);

function frameOf(wanted: Request, path: Path): Frame {
  const from = localise('from', headerOf(wanted, 'from') ?? `<${ownUri(path)}>`, path.local);
  const to = localise('to', headerOf(wanted, 'to') ?? `<${wanted.uri}>`, path.local);
  const asked = Number.parseInt(headerOf(wanted, 'cseq') ?? '', 10);
  return {
    method: wanted.method,
    uri: wanted.uri,
    routes: [],
    from: withTag(from, newTag()),
    to,
    callId: headerOf(wanted, 'call-id') || randomUUID(),
    seq: asked >= 0 ? asked : nextSeq(),
    path,
  };
}

/** The dialog that the request asks for, until an answer makes it one. */
function hopedFor(frame: Frame, owner: Client): Dialog {
  const localTag = tagOf(frame.from) ?? '';
  return {
    id: dialogIdOf(frame.callId, localTag),
    callId: frame.callId,
    localTag,
    remoteTag: undefined,
    method: frame.method,
    isCaller: true,
    localAddress: frame.from,
    remoteAddress: frame.to,
    localSeq: frame.seq,
    target: frame.uri,
    routes: [],
    path: frame.path,
    owner,
    confirmed: false,
    inviteSeq: frame.seq,
    acks: new Map(),
    rack: undefined,
    unpracked: undefined,
    cancelled: false,
    unacked: new Map(),
    stopExpiring: () => {},
  };
}
