import type { Dialog } from '../dialog/dialog.js';
import { headerOf, type Message } from '../message/message.js';
import { giveUp } from '../transaction/timers.js';
import type { Engine } from './engine.js';

/** Forgets the dialog of a subscription that was not refreshed, some time after the last NOTIFY could have been sent. */
export function expireAfter(engine: Engine, dialog: Dialog, ...messages: Message[]): void {
  if (dialog.method !== 'SUBSCRIBE') return;
  const seconds = messages.map((message) => headerOf(message, 'expires')).find((value) => value !== undefined);
  dialog.stopExpiring();
  const time = (Number.parseInt(seconds ?? '3600', 10) || 0) * 1000 + 2 * giveUp;
  dialog.stopExpiring = engine.clock.after(Math.min(time, 2 ** 31 - 1), () => engine.dialogs.remove(dialog));
}
