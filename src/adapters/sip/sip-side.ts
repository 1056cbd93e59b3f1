import type { Legs, Log } from '../../flows/ports.js';
import { attachLeg } from './attach.js';
import { earlyByes } from './early-bye.js';
import { tellFocus } from './focus.js';
import { forwardActRequest } from './forward-act-request.js';
import { forwardRequest } from './forward-request.js';
import { joinLegs, type ReferDoor } from './joint.js';
import { dialLeg } from './outgoing-leg.js';
import { type OpenLegs, openLegs } from './sip-leg.js';
import { connectDrachtio, type DrachtioPlace, dialogsOf, type Srf } from './srf.js';

/** The SIP side of one instance: its connection to drachtio, and what it holds over it. */
export interface SipSide {
  readonly srf: Srf;
  readonly legs: Legs;
  readonly open: OpenLegs;
  readonly isUp: boolean;
  /** Who answers REFERs inside calls; until somebody does, they are declined. */
  onRefer(door: ReferDoor): void;
  /** What is held at the moment, for the metrics. */
  holding(): { legs: number; pending: number; dialogs: number };
  stop(): void;
}

/** What the SIP side tells its owner. */
export interface SipSideListener {
  up(addresses: string[]): void;
  /** All legs are lost with the connection. */
  down(): void;
}

/** What the SIP side is made of. */
export interface SipSideParts {
  readonly place: DrachtioPlace;
  readonly instance: string;
  /** Calls can be joined here (RFC 3911). */
  readonly joins?: boolean;
  /** What instances sign claims with, once it is known. */
  readonly secret: () => string | undefined;
  readonly log: Log;
  readonly listener: SipSideListener;
}

/** Connects to drachtio. When the connection is lost, everything that waits for a phone hears of it at once. */
export const connectSip = ({ place, instance, joins, secret, log, listener }: SipSideParts): SipSide => {
  const open = openLegs(joins);
  const waiting = new Set<() => void>();
  let referred: ReferDoor = (_leg, _req, res) => res.send(603);
  let isUp = false;
  let stopping = false;
  const srf = connectDrachtio(place, log, {
    up: (addresses) => {
      isUp = true;
      listener.up(addresses);
    },
    down: (why) => {
      if (!stopping) log.warn({ why }, 'drachtio lost');
      isUp = false;
      listener.down();
      open.lost();
      for (const lost of waiting) lost();
    },
  });
  const byes = earlyByes();
  srf.bye((req, res) => byes.take(req, res));
  const dialling = { srf, open, byes, instance, waiting };
  return {
    srf,
    open,
    get isUp() {
      return isUp;
    },
    holding: () => ({ legs: open.size, pending: waiting.size, dialogs: dialogsOf(srf) }),
    legs: {
      dial: (request) => dialLeg(dialling, request),
      forward: (request) => dialLeg(dialling, forwardRequest(request, secret() ?? '')),
      forwardAct: (request) => dialLeg(dialling, forwardActRequest(request, secret() ?? '')),
      focus: tellFocus,
      attach: (leg, listener) => attachLeg(leg, listener, log),
      join: (a, b, listener) => joinLegs(a, b, { log, listener, onRefer: (...refer) => referred(...refer) }),
    },
    onRefer: (door) => {
      referred = door;
    },
    stop: () => {
      stopping = true;
      srf.disconnect();
    },
  };
};
