import { readExtension } from '../../domain/names.js';
import { domainOf } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import { decodeDialled } from '../../domain/service-code.js';
import { extensionParty } from '../../flows/party.js';
import type { Relayed, TextOfPhone } from '../../flows/texts/relay-text.js';
import type { Door } from './door.js';
import type { Headers } from './headers.js';
import type { Sender } from './identity.js';
import { isLoop, visitedHeader, visitedWith } from './loops.js';
import { refuseWith } from './refuse.js';
import { replies } from './replies.js';
import { type Check, checkEncoding, checkMaxForwards, checkRequire, type Rejection } from './request-checks.js';
import { parseUri, type SipRequest, type SipResponse } from './srf.js';
import { hasToTag } from './subscribe-again.js';

/** What the door of texts needs. */
export interface MessageDoorDeps {
  readonly identify: (req: SipRequest) => Sender;
  readonly relayText: (text: TextOfPhone) => Promise<Relayed>;
  /** Counts a request that got no further, by a reason of a closed set. */
  readonly rejected: (reason: string) => void;
}

/** A text may be so long in bytes (RFC 3428 section 8). */
const longestBody = 1_300;

/** All that phones write by hand; other kinds, such as "is composing" (RFC 3994), nobody would be told of. */
const plain = /^\s*text\/plain\s*(;\s*charset\s*=\s*"?(utf-8|us-ascii)"?\s*)?$/i;

/** What is called otherwise here than at the door of pickups. */
const refusals: Readonly<Partial<Record<Refusal, Rejection>>> = {
  'not-allowed': { status: 403, phrase: 'Text Not Allowed' },
};

const checkDialog: Check = (req) => (hasToTag(req) ? { status: 481 } : undefined);

const checkScheme: Check = (req) => (/^sips?:/i.test(req.uri) ? undefined : { status: 416 });

const checkBody: Check = (req): Rejection | undefined => {
  if (!plain.test(req.get('Content-Type') ?? '')) return { status: 415, headers: { Accept: 'text/plain' } };
  return Buffer.byteLength(req.body ?? '') > longestBody ? { status: 413, phrase: 'Text Too Long' } : undefined;
};

const checks: readonly Check[] = [checkDialog, checkMaxForwards, checkRequire(), checkScheme, checkEncoding, checkBody];

/** The door of texts outside calls (RFC 3428): from an extension to another one, or to a group, of the same company. */
export const makeMessageDoor =
  (deps: MessageDoorDeps): Door =>
  async (req, res) => {
    const unmet = firstOf(req);
    if (unmet) return reject(deps, res, { ...unmet, reason: 'bad-request' });
    const sender = deps.identify(req);
    if (sender.kind === 'challenge') {
      return refuseWith(res, { status: 401, headers: { 'WWW-Authenticate': sender.value } });
    }
    if (sender.kind !== 'extension') return reject(deps, res, { status: 403, phrase: 'Forbidden', reason: 'identity' });
    const text = textIn(req, sender);
    if ('status' in text) return reject(deps, res, { ...text, reason: 'bad-request' });
    answer(res, await deps.relayText(text));
  };

const firstOf = (req: SipRequest): Rejection | undefined => {
  for (const check of checks) {
    const unmet = check(req);
    if (unmet) return unmet;
  }
  return undefined;
};

const reject = (
  deps: Pick<MessageDoorDeps, 'rejected'>,
  res: SipResponse,
  { reason, ...rejection }: Rejection & { readonly reason: string },
): void => {
  deps.rejected(reason);
  refuseWith(res, rejection);
};

const textIn = (
  req: SipRequest,
  { tenant, extension: sender }: Extract<Sender, { kind: 'extension' }>,
): TextOfPhone | Rejection => {
  const to = readExtension(decodeDialled(parseUri(req.uri)?.user ?? '') ?? '');
  if (!to) return replies['unknown-extension'];
  const visits = { number: to, domain: domainOf(tenant) };
  const before = req.get(visitedHeader);
  // A phone that registered our own address would be sent its text for ever.
  if (before !== undefined && isLoop(before, visits)) return { status: 482, phrase: 'Loop Detected' };
  const passed: Headers = {
    'Max-Forwards': String(Number(req.get('Max-Forwards') ?? 70) - 1),
    [visitedHeader]: visitedWith(before, visits),
  };
  const isPrivate = /\b(id|user|header)\b/i.test(req.get('Privacy') ?? '');
  return { tenant, sender, from: extensionParty(tenant, sender, isPrivate), to, text: req.body ?? '', passed };
};

/**
 * 202 where the phone's own server keeps the text for it, or many phones are still to get it (RFC 3428 section 7). Who is too
 * fast hears no 503: an edge would take that as a word about this instance (RFC 3261 section 21.5.4).
 */
const answer = (res: SipResponse, relayed: Relayed): void => {
  if (relayed.kind === 'refused') refuseWith(res, refusals[relayed.refusal] ?? replies[relayed.refusal]);
  else if (relayed.kind === 'hurried')
    refuseWith(res, { status: 480, phrase: 'Too Many Texts', headers: { 'Retry-After': String(relayed.seconds) } });
  else if (relayed.kind === 'failed') refuseWith(res, relayed.failure);
  else res.send(relayed.isStored ? 202 : 200);
};
