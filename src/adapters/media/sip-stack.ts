import { randomUUID } from 'node:crypto';
import type Mrf from 'drachtio-fsmrf';
import type Srf from 'drachtio-srf';
import { type Deferred, deferred } from './deadline.js';
import { type ServerDialog, serverDialog } from './server-dialog.js';

/** What became of an INVITE: a dialog, or the status that refused it. */
export type Invited =
  | {
      readonly dialog: ServerDialog;
      /** The name that fsmrf gave the INVITE. */
      readonly mrfId: string;
    }
  | { readonly status: number };

/** One INVITE to a media server: what fsmrf does not know of it. */
export interface Invitation {
  /** Names it; fsmrf hands it through, and operators find it among the variables of the channel. */
  readonly ticket: string;
  /** Settles in time: 408 if the server does not answer. */
  readonly invited: Promise<Invited>;
  /** fsmrf has not sent it. */
  withdraw(): void;
}

/**
 * The SIP stack that fsmrf is given in drachtio-srf's place. It gives each INVITE the offer that fsmrf would refuse to send
 * (SRTP, WebRTC) and a deadline, which srf's promises have not.
 */
export interface MediaStack extends Mrf.SipStack {
  /** Announces an INVITE; the headers that `createEndpoint` is called with must have the ticket in them. */
  announce(offer: string): Invitation;
}

/** The header by which an INVITE is known again. */
export const ticketHeader = 'X-Callpickup-Endpoint';

/** How long a media server may take to answer an INVITE, in milliseconds. */
const patience = 4_000;

/** A SIP stack for fsmrf over drachtio-srf. */
export const mediaStack = (srf: Srf): MediaStack => {
  const announced = new Map<string, { offer: string; outcome: Deferred<Invited> }>();
  return {
    announce: (offer) => {
      const ticket = randomUUID();
      const outcome = deferred<Invited>();
      announced.set(ticket, { offer, outcome });
      const withdraw = () => {
        if (announced.delete(ticket)) outcome.settle({ status: 503 });
      };
      return { ticket, invited: outcome.promise, withdraw };
    },
    createUAC: async (uri, { headers }) => {
      const ticket = headers[ticketHeader] ?? '';
      const invitation = announced.get(ticket);
      announced.delete(ticket);
      if (!invitation) throw new Error('nobody asked for this INVITE');
      const made = await invite(srf, uri, { headers, localSdp: invitation.offer });
      if (typeof made === 'number') {
        invitation.outcome.settle({ status: made });
        throw new Error(`the media server said ${made}`);
      }
      invitation.outcome.settle({ dialog: made, mrfId: (headers['User-Agent'] ?? '').replace('drachtio-fsmrf:', '') });
      return { destroy: () => void made.end() };
    },
  };
};

/** A dialog, or why there is none. */
const invite = (srf: Srf, uri: string, options: Srf.CreateUACOptions): Promise<ServerDialog | number> =>
  new Promise((resolve) => {
    let sent: Srf.SrfRequest | undefined;
    let isOverdue = false;
    const timer = setTimeout(() => {
      isOverdue = true;
      sent?.cancel(() => undefined);
      resolve(408);
    }, patience);
    const cbRequest = (_error: Error | null, req: Srf.SrfRequest) => {
      sent = req;
    };
    srf.createUAC(uri, options, { cbRequest }, (error, made) => {
      clearTimeout(timer);
      const dialog = made instanceof Object && 'sip' in made ? serverDialog(made) : undefined;
      if (isOverdue) void dialog?.end();
      resolve(dialog ?? statusOf(error));
    });
  });

const statusOf = (error: Error | null): number => {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' ? status : 500;
};
