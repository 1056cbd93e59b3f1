import type { EndpointRequest } from '../../flows/media.js';
import { channelOf } from './channel.js';
import { settled } from './deadline.js';
import { makeEndpoint, type OwnEndpoint } from './endpoint.js';
import { lifeHeader } from './lives.js';
import type { MrfLink } from './mrf-link.js';
import { offerOf, openingOffer, plainOffer } from './own-offer.js';
import { type MediaStack, ticketHeader } from './sip-stack.js';
import type { Trust } from './trust.js';

/** What came of asking one server for an endpoint. */
export type Opened =
  | { readonly outcome: 'opened'; readonly endpoint: OwnEndpoint }
  /** The server can make nothing of the offer. */
  | { readonly outcome: 'refused' }
  /** Another one may; `isLate` if the server has not said why. */
  | { readonly outcome: 'failed'; readonly isLate: boolean };

/** What an endpoint is opened with. */
export interface Opening {
  readonly request: EndpointRequest;
  /** The name of the server. */
  readonly server: string;
  readonly link: MrfLink;
  readonly stack: MediaStack;
  /** The life of this instance that its channels are marked with. */
  readonly life: string;
  readonly folder: string | undefined;
  /** Where the server's event sockets reach us, nobody waits for this one's before its phone is answered. */
  readonly trust: Pick<Trust, 'isReached' | 'paired'>;
}

/** Milliseconds until a channel's event socket must be there; longer where the phone must do its part first. */
const patience = { usual: 6_000, handshake: 30_000 };

/** What a channel needs keys of the phone for, that it only sends when it has the answer (RFC 5763). */
const needsHandshake = (offer: string): boolean => /^a=fingerprint:/m.test(offer);

/** INVITEs a server for a phone's offer, or for one of ours. Never rejects. */
export const openEndpoint = async (opening: Opening): Promise<Opened> => {
  const { request, link, stack, life } = opening;
  const offer = plainOffer(request.offer ?? openingOffer);
  const invitation = stack.announce(offer);
  const headers = {
    [ticketHeader]: invitation.ticket,
    [lifeHeader]: life,
    'X-Callpickup-Call': request.call.replace(/[^\w.@-]/g, ''),
  };
  const made = link.createEndpoint(headers);
  void made.then(invitation.withdraw);
  const invited = await invitation.invited;
  if ('status' in invited) return refusedBy(invited.status);

  const handshake = needsHandshake(offer);
  if (handshake) setImmediate(() => link.awaitChannel(invited.mrfId, patience.handshake));
  const time = handshake ? patience.handshake : patience.usual;
  const ended = invited.dialog.ended.then(() => undefined);
  const channel = settled(time, Promise.race([made, ended])).then((each) => each && channelOf(each));
  if (!handshake) void channel.then((each) => opening.trust.paired(each !== undefined));
  const sdp = request.offer ? invited.dialog.sdp : offerOf(invited.dialog.sdp);
  if (!sdp || !(handshake || opening.trust.isReached || (await channel))) {
    void invited.dialog.end();
    return { outcome: 'failed', isLate: true };
  }
  const { server, folder } = opening;
  const parts = {
    id: invitation.ticket,
    server,
    sdp,
    dialog: invited.dialog,
    channel,
    isLater: handshake,
    link,
    folder,
  };
  return { outcome: 'opened', endpoint: makeEndpoint(parts) };
};

const offersFaults: ReadonlySet<number> = new Set([415, 488, 606]);

const refusedBy = (status: number): Opened =>
  offersFaults.has(status) ? { outcome: 'refused' } : { outcome: 'failed', isLate: status === 408 };
