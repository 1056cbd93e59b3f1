import type { DialogIds } from '../../domain/dialog.js';
import type { EndReason, Leg } from '../../flows/ports.js';
import { changeLeg } from './change-leg.js';
import { type ChangeTurn, changeTurn } from './change-turn.js';
import { reasonHeaders } from './reasons.js';
import type { Session } from './session.js';
import type { Terms } from './session-expires.js';
import { type SessionTimer, sessionTimer } from './session-timer.js';
import { type SipDialog, type SipRequest, type SipResponse, within } from './srf.js';

/** An established leg as this adapter knows it: the flows see only {@link Leg}. */
export interface SipLeg extends Leg {
  readonly dialog: SipDialog;
  readonly session: Session;
  /** Calls can be joined here. */
  readonly joins?: boolean | undefined;
  /** Whose change of the session is open. */
  readonly turn: ChangeTurn;
  /** Who keeps the session alive, if anybody must. */
  readonly timer: SessionTimer;
  /** Settles once when the leg has ended, with the phone's BYE if that is what ended it. */
  readonly ended: Promise<Bye | undefined>;
  /** Settles with the body of the first ACK: the phone's answer where our 200 made the offer. */
  readonly acked: Promise<string>;
  /** Hands over what came before the leg had another party; from now on the new party listens itself. */
  takeEarly(): EarlyRequest[];
}

/** A BYE of the phone, and why it says it has hung up. */
export interface Bye {
  readonly reason?: string;
}

/** A request that changes the session, and how to answer it. */
export type EarlyRequest = readonly [req: SipRequest, res: SipResponse];

/** What has happened before a leg is open. */
export interface Before {
  /** What was agreed of a session timer. */
  readonly terms?: Terms | undefined;
  /** The phone has hung up already. */
  readonly bye?: SipRequest | undefined;
}

/** The legs that are open on one connection to drachtio. */
export interface OpenLegs {
  /** Calls can be joined here (RFC 3911 section 7.2): phones are told so. */
  readonly joins?: boolean | undefined;
  readonly size: number;
  /** Whether a leg has this SIP Call-ID. */
  has(sipCallId: string): boolean;
  /**
   * Must be called in the callback that made the dialog: the phone's ACK or BYE may come in the same breath, and srf
   * tells them once.
   */
  open(dialog: SipDialog, session: Session, before?: Before): SipLeg;
  /** The connection is lost, and with it every dialog: whoever waits for an end hears of it. */
  lost(): void;
}

/** How long a phone may take to acknowledge our 200 or answer our BYE, in milliseconds: 64*T1 (RFC 3261 section 17) and a little. */
const byeDeadline = 33_000;

/** How long a leg that is to end waits for the answer to a change of ours, in milliseconds. */
const changeDeadline = 1_000;

/** The legs open on one connection. */
export const openLegs = (joins?: boolean): OpenLegs => {
  const open = new Map<SipDialog, (bye?: Bye) => void>();
  const callIds = new Set<string>();

  return {
    joins,
    get size() {
      return open.size;
    },
    has: (sipCallId) => callIds.has(sipCallId),
    open: (dialog, session, { terms, bye: early } = {}) => {
      let settle: (bye?: Bye) => void = () => undefined;
      const ended = new Promise<Bye | undefined>((resolve) => {
        settle = (bye) => {
          open.delete(dialog);
          callIds.delete(dialog.sip.callId);
          leg.timer.stop();
          resolve(bye);
        };
      });
      open.set(dialog, settle);
      callIds.add(dialog.sip.callId);
      dialog.on('destroy', (bye) => settle(byeOf(bye.get('Reason'))));
      const acked = new Promise<string>((resolve) => dialog.once('ack', (ack) => resolve(ack.body ?? '')));
      // srf compares SDP with this at a re-INVITE and throws out of its socket handler if there is none.
      dialog.remote.sdp ??= '';
      const leg: SipLeg = {
        dialogId: dialog.id,
        ids: idsOf(dialog),
        dialog,
        ...{ session, joins },
        turn: changeTurn(),
        timer: timerOf(() => leg),
        ended,
        acked,
        takeEarly: keepEarly(dialog),
        end: async (reason) => {
          // RFC 3261 section 15: who sent the 200 sends no BYE before the ACK. Without one the stack ends the leg.
          if (dialog.type === 'uas') await acknowledged(Promise.race([acked, ended]));
          if (dialog.connected) await answeredFirst(leg.turn);
          if (dialog.connected) await bye(dialog, reason);
          settle();
        },
        change: (offer, talksTo) => changeLeg(leg, offer, talksTo),
      };
      leg.timer.agree(terms);
      if (early) {
        forget(dialog);
        settle(byeOf(early.get('Reason')));
      }
      return leg;
    },
    lost: () => {
      for (const [dialog, settle] of open) {
        forget(dialog);
        settle();
      }
    },
  };
};

/**
 * What a phone wants changed before it has another party waits for one; a transfer cannot, and srf would say 200 to it. The
 * result hands over what waits.
 */
const keepEarly = (dialog: SipDialog): (() => EarlyRequest[]) => {
  const kept: EarlyRequest[] = [];
  const keep = (req: SipRequest, res: SipResponse) => void kept.push([req, res]);
  dialog.on('modify', keep).on('update', keep).on('refer', refuseTransfer);
  return () => {
    dialog.off('modify', keep).off('update', keep).off('refer', refuseTransfer);
    return kept;
  };
};

const refuseTransfer = (_req: SipRequest, res: SipResponse): void => res.send(603);

/** Takes a dialog out of srf's book that nobody will send BYE in. */
const forget = (dialog: SipDialog): void => {
  dialog.connected = false;
  dialog.srf.removeDialog(dialog);
};

/** A refresh says again what the phone was told last; a session that nobody refreshes ends like any other. */
const timerOf = (leg: () => SipLeg): SessionTimer =>
  sessionTimer({
    refresh: async () => (await leg().change(() => leg().session.told)).ok,
    expired: () => void leg().end({ kind: 'failure', text: 'Session Timer Expired' }),
  });

const byeOf = (reason: string | undefined): Bye => (reason === undefined ? {} : { reason });

/** The ids as the phone sees them: what is local to us is remote to it. */
const idsOf = ({ sip: { callId, localTag, remoteTag } }: SipDialog): DialogIds => ({
  sipCallId: callId,
  localTag: remoteTag,
  remoteTag: localTag,
});

const acknowledged = (promise: Promise<unknown>): Promise<unknown> =>
  within(byeDeadline, 'ACK', { promise }).catch(() => undefined);

/** Whose BYE crosses the answer to our re-INVITE would never hear the ACK to it, and say it again for half a minute. */
const answeredFirst = (turn: ChangeTurn): Promise<unknown> =>
  within(changeDeadline, 'answer', { promise: turn.ends() }).catch(() => undefined);

/** BYE with its Reason. The leg is over whether the phone answers or not, so a failure is no news. */
const bye = async (dialog: SipDialog, reason: EndReason): Promise<void> => {
  const promise = dialog.destroy({ headers: reasonHeaders(reason) });
  await within(byeDeadline, 'BYE', { promise }).catch(() => undefined);
};
