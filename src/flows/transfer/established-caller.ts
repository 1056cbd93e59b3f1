import type { Answer, IncomingLeg, Leg, Party } from '../ports.js';

/** How the moving of a phone to another party ended. */
export type Move =
  /** It talks to the other party. */
  | { kind: 'answered' }
  /** Nobody is there for it, or it would not change its session; with the status that says so. */
  | { kind: 'refused'; status: number }
  /** Its person hung up. */
  | { kind: 'gone' };

/** A phone in a call, as the caller of another. */
export interface EstablishedCaller extends IncomingLeg {
  /** Settles once. */
  readonly move: Promise<Move>;
}

/**
 * Makes a caller of a phone that is in a call already, so that it can be routed like any other: whoever answers makes the
 * offer, which goes to the phone by re-INVITE (RFC 3725 section 4.1). The phone hears no ringing; `onRinging` is told.
 */
export const establishedCaller = (leg: Leg, onRinging: () => void = () => undefined): EstablishedCaller => {
  const listeners: ((reason?: string) => void)[] = [];
  let settle: (move: Move) => void = () => undefined;
  const move = new Promise<Move>((resolve) => {
    settle = resolve;
  });
  let bye: { readonly reason?: string } | undefined;
  let rung = false;
  void leg.ended.then((end) => {
    bye = end ?? {};
    settle({ kind: 'gone' });
    for (const listener of listeners) listener(bye.reason);
  });

  const answerWithOffer = async (body: string, talksTo: Party): Promise<Answer & { sdp?: string }> => {
    const changed = await leg.change(body, talksTo);
    settle(changed.ok ? { kind: 'answered' } : { kind: 'refused', status: changed.status });
    return changed.ok
      ? { ok: true, leg, sdp: changed.sdp }
      : { ok: false, refusal: bye ? 'caller-gone' : 'media-mismatch' };
  };

  return {
    sipCallId: leg.ids.sipCallId,
    ids: leg.ids,
    offer: { kind: 'delayed' },
    isEstablished: true,
    move,
    moved: {
      leg,
      stays: () => {
        settle({ kind: 'answered' });
        return bye ? { ok: false, refusal: 'caller-gone' } : { ok: true, leg };
      },
    },
    get gone() {
      return bye !== undefined;
    },
    onGone: (listener) => (bye ? listener(bye.reason) : void listeners.push(listener)),
    ringing: () => {
      if (!rung) onRinging();
      rung = true;
    },
    answer: answerWithOffer,
    answerWithOffer,
    refuse: (status) => settle({ kind: 'refused', status }),
  };
};
