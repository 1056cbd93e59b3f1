import type { Dialog } from '../dialog/dialog.js';
import { headerOf, headersOf, type Message, type Request } from '../message/message.js';
import { giveUp, T1 } from '../transaction/timers.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';

/** True when the message lists that option in the header. */
export function lists(message: Message, key: string, option: string): boolean {
  return headersOf(message, key).some((value) => value.split(',').some((item) => item.trim().toLowerCase() === option));
}

/** True when the sender of an INVITE understands reliable provisionals (RFC 3262 section 3). */
export function takesReliable(invite: Request): boolean {
  return lists(invite, 'supported', '100rel') || lists(invite, 'require', '100rel');
}

/** Repeats a reliable provisional at 0.5 s, doubling; over TCP as well, because a proxy may lose it (RFC 3262 section 3). */
export function repeatUntilPrack(engine: Engine, incoming: Incoming, sent: { rseq: number; text: string }): void {
  const { dialog } = incoming;
  if (!dialog) return;
  dialog.unpracked?.stop();
  let pause = T1;
  let stop = (): void => {};
  const repeat = (): void => {
    incoming.path.send(sent.text);
    pause *= 2;
    if (pause <= giveUp) stop = engine.clock.after(pause, repeat);
  };
  stop = engine.clock.after(pause, repeat);
  const cseq = headerOf(incoming.request, 'cseq')?.replace(/\s+/g, ' ') ?? '';
  dialog.unpracked = { rack: `${sent.rseq} ${cseq}`, stop: () => stop() };
}

/** True when the PRACK is for the provisional that waits; it waits no longer. */
export function settlePrack(dialog: Dialog, prack: Request): boolean {
  // What follows the three parts of a RAck is no reason to let the caller wait: SIPp writes the method twice.
  const rack = headerOf(prack, 'rack')?.split(/\s+/, 3).join(' ');
  if (!dialog.unpracked || dialog.unpracked.rack !== rack) return false;
  dialog.unpracked.stop();
  dialog.unpracked = undefined;
  return true;
}
