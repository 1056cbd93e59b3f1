import type { DialRequest, EarlyDialog, Party } from '../../flows/ports.js';
import { assertedIdentity, capabilities, fromHeader, type Headers, uriUser } from './headers.js';
import { visitedHeader, visitedWith } from './loops.js';
import { parseUri, type SipResponse } from './srf.js';

/** The ids of one callee leg, all of them ours and known in advance. */
export interface LegIds {
  readonly id: string;
  readonly sipCallId: string;
  readonly tag: string;
}

/** Tells the edge the Path of a binding (RFC 3327), first hop first: drachtio-server takes Route headers out. */
export const pathHeaders = (path: readonly string[]): Headers =>
  path.length > 0 ? { 'X-Callpickup-Path': path.map((uri) => `<${uri}>`).join(', ') } : {};

/** The headers of our INVITE to a phone; calls can be joined here or not. */
export const inviteHeaders = (request: DialRequest, { sipCallId, tag }: LegIds, joins?: boolean): Headers => ({
  ...capabilities,
  ...request.passed,
  ...assertedIdentity(request.caller),
  'Call-ID': sipCallId,
  From: `${fromHeader(request.caller)};tag=${tag}`,
  To: `<sip:${uriUser(request.callee.number)}@${request.callee.domain}>`,
  // A reliable provisional response of a fork would get the wrong ACK (protocol.md 10.6), so nobody is asked for one; and
  // no phone for a session timer: the caller's is the caller's (RFC 4028).
  Supported: joins ? 'join, replaces' : 'replaces',
  [visitedHeader]: visitedWith(request.passed[visitedHeader], request.callee),
  ...pathHeaders(request.path),
});

/** The early dialog that a provisional response made, as the phone sees it. */
export const earlyDialog = (request: DialRequest, { id, sipCallId, tag }: LegIds, res: SipResponse): EarlyDialog => {
  const localTag = res.getParsedHeader('to').params.tag;
  return {
    leg: id,
    sipCallId,
    ...(localTag && { localTag }),
    remoteTag: tag,
    contact: request.uri,
    since: Date.now(),
    state: localTag ? 'early' : 'proceeding',
  };
};

/** Whom a 200 of another instance asserts (RFC 3325); nobody where it asserts nobody. */
export const assertedParty = (res: SipResponse, domain: string): Party => {
  const isPrivate = res.has('Privacy');
  if (isPrivate || !res.has('P-Asserted-Identity')) return { name: '', number: '', domain, private: isPrivate };
  const { name = '', uri } = res.getParsedHeader('P-Asserted-Identity');
  const parsed = parseUri(uri);
  return {
    name: name.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1'),
    number: parsed?.user ?? '',
    domain: parsed?.host ?? domain,
    private: false,
  };
};
