import { flawOf } from '../message/check.js';
import { print, type Request } from '../message/message.js';
import { type Parsed, parse } from '../message/parse.js';
import { stampVia, topVia } from '../message/via.js';
import { passAckOn, passesThrough, passOn } from '../proxy/through.js';
import { newTag, serverKey } from '../transaction/key.js';
import type { Path } from '../transport/path.js';
import { ackArrived } from './ack-arrived.js';
import { cancelArrived } from './cancel-arrived.js';
import { deliver } from './deliver.js';
import type { Engine } from './engine.js';
import { answerAlone, openIncoming } from './open-incoming.js';
import { replyTo } from './reply.js';
import { responseArrived } from './response-arrived.js';

/** The longest header block that is read on; beyond it nobody means a call. */
const headLimit = 32 * 1024;
/** A refusal that would be longer is not worth sending. */
const refusalLimit = 65_000;

/** Takes one message from the network. */
export function takeMessage(engine: Engine, text: string, path: Path): void {
  const parsed = parse(text.startsWith('\r\n') ? text.trimStart() : text);
  const { message } = parsed;
  if (message?.kind === 'response') {
    responseArrived(engine, parsed, path);
    return;
  }
  const tooLong = text.length - parsed.rest.length > headLimit;
  const flaw = tooLong ? { status: 513, reason: 'Message Too Large' } : flawOf(parsed);
  if (flaw) refuse(parsed, flaw, path);
  else if (message) requestArrived(engine, { request: message, path, bytes: text.length });
}

/** A message whose end cannot be found: answers it if enough is there, and nothing more can be read. */
export function takeLost(text: string, path: Path): void {
  const whole = text.slice(0, Math.max(text.lastIndexOf('\r\n'), 0));
  const lengthIsWrong = text.length < headLimit;
  refuse(
    parse(whole),
    lengthIsWrong ? { status: 400, reason: 'Bad Content-Length Header' } : { status: 513, reason: 'Message Too Large' },
    path,
  );
}

/** Answers without a transaction what cannot be a request for anybody; an ACK and a response get no answer. */
function refuse(parsed: Parsed, flaw: { status: number; reason: string }, path: Path): void {
  const { headers, startLine } = parsed;
  const isRequest = !/^(ACK |SIP\/)/i.test(startLine) && headers.some(({ key }) => key === 'via');
  if (!isRequest) return;
  const bare: Request = { kind: 'request', method: startLine.split(' ', 1)[0] ?? '', uri: '', headers, body: '' };
  const via = topVia(bare);
  const request = via ? stampVia(bare, via, path) : bare;
  const answer = print(replyTo(request, { ...flaw, toTag: newTag() }));
  if (answer.length <= refusalLimit) path.send(answer);
}

function requestArrived(engine: Engine, arrived: { request: Request; path: Path; bytes: number }): void {
  const via = topVia(arrived.request);
  if (!via) return;
  const request = stampVia(arrived.request, via, arrived.path);
  const key = serverKey(request, via);
  const known = engine.incoming.byKey(key);
  const goesThrough = !known && passesThrough(engine, request);
  if (request.method === 'ACK' && goesThrough) {
    passAckOn(engine, request, arrived.path);
    return;
  }
  if (request.method === 'ACK') {
    ackArrived(engine, { ...arrived, request }, known);
    return;
  }
  if (known) {
    known.transaction.retransmitted();
    return;
  }
  const merged = request.method === 'INVITE' && engine.incoming.merged(request);
  const incoming = openIncoming(engine, { ...arrived, request, key });
  if (merged) {
    answerAlone(engine, incoming, 482);
    return;
  }
  if (request.method === 'CANCEL') {
    cancelArrived(engine, incoming, engine.incoming.byKey(serverKey(request, via, 'INVITE')));
    return;
  }
  if (goesThrough) passOn(engine, incoming);
  else deliver(engine, incoming);
}
