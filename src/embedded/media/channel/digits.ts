import type { MediaServer } from '../server.js';
import type { Channel } from './channel.js';
import { tell, tellApp } from './tell.js';

/** A key that was pressed, on the phone or by command. */
export interface Key {
  readonly digit: string;
  /** In samples of 8 kHz, as FreeSWITCH counts. */
  readonly duration: number;
  readonly source: 'RTP' | 'APP';
}

/** A key of a channel: told, obeyed by an eavesdropper that takes keys, passed on to whom the phone talks to. */
export function keyPressed(server: MediaServer, channel: Channel, { digit, duration, source }: Key): void {
  if (channel.keyAction) {
    channel.variables.set('last_matching_digits', digit);
    for (const isOver of [false, true]) tellApp(server, channel, { order: channel.keyAction, isOver });
    return;
  }
  const top = channel.runs.at(-1);
  if (top?.hasKeys === false) return;
  const more = { 'DTMF-Digit': digit, 'DTMF-Duration': String(duration), 'DTMF-Source': source };
  tell(server, channel, { name: 'DTMF', more });
  if (top) top.command?.(digit);
  else if (source === 'RTP' && channel.partner) channel.partner.rtp.sendDigits(digit, duration / 8);
}
