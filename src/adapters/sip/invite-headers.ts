import type { DialRequest, EarlyDialog } from '../../flows/ports.js';
import { assertedIdentity, capabilities, fromHeader, type Headers, uriUser } from './headers.js';
import type { SipResponse } from './srf.js';

/** The ids of one callee leg, all of them ours and known in advance. */
export interface LegIds {
  readonly id: string;
  readonly sipCallId: string;
  readonly tag: string;
}

/** The header by which the edge learns the Path of a binding: drachtio-server takes Route headers out. */
const pathHeader = 'X-Callpickup-Path';

/** The headers of our INVITE to a phone. */
export const inviteHeaders = (request: DialRequest, { sipCallId, tag }: LegIds): Headers => ({
  ...capabilities,
  ...request.passed,
  ...assertedIdentity(request.caller),
  'Call-ID': sipCallId,
  From: `${fromHeader(request.caller)};tag=${tag}`,
  To: `<sip:${uriUser(request.callee.number)}@${request.callee.domain}>`,
  // A reliable provisional response of a fork would get the wrong ACK (protocol.md 10.6), so nobody is asked for one.
  Supported: 'path',
  ...(request.path.length > 0 && { [pathHeader]: request.path.map((uri) => `<${uri}>`).join(', ') }),
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
