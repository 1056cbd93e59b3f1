import type { DigitListener } from './digits-heard.js';
import type { Frame } from './frame.js';
import { incoming } from './rtp-in.js';
import { outgoing } from './rtp-out.js';
import type { Agreed } from './sdp.js';
import { evenPort } from './udp-port.js';

/** One phone's sound, both ways, over RTP (RFC 3550, RFC 3551). Nothing here throws; after `close` all of it does nothing. */
export interface RtpSession {
  readonly port: number;
  /** What the phone said in this tick, good until the next; undefined if nothing came. To be called in every tick. */
  take(): Frame | undefined;
  /** To the phone; undefined sends nothing in this tick. To be called in every tick, as time goes on and keys are told. */
  say(frame: Frame | undefined): void;
  /** Hears each key that is pressed, once, when it is released. */
  onDigit(listener: DigitListener): void;
  /** Tells the phone of keys, as if they were pressed here, each for so many milliseconds. */
  sendDigits(digits: string, milliseconds?: number): void;
  /** After each negotiation. */
  apply(agreed: Agreed): void;
  /** Packets so far. */
  readonly stats: { readonly sent: number; readonly received: number };
  /** Closes the port. More than once does no harm. */
  close(): Promise<void>;
}

const keyMs = 100;

/**
 * Opens an even port of an address.
 * @throws if the address is none of this machine, or no port is free.
 */
export const openRtp = async (address: string): Promise<RtpSession> => {
  const socket = await evenPort(address);
  const { port } = socket.address();
  const listeners: DigitListener[] = [];
  let sent = 0;
  let closing: Promise<void> | undefined;

  const from = incoming((digit, milliseconds) => {
    for (const listener of listeners) listener(digit, milliseconds);
  });
  const to = outgoing((packet) => {
    const { address: where } = from;
    if (!where) return;
    sent += 1;
    socket.send(packet, where.port, where.host);
  });
  socket.on('message', (bytes, where) => from.receive(bytes, where));

  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => socket.close(() => resolve()));
    from.clear();
    return closing;
  };

  return {
    port,
    close,
    take: () => from.take(),
    say: (frame) => {
      if (!closing) to.say(frame);
    },
    onDigit: (listener) => void listeners.push(listener),
    sendDigits: (digits, milliseconds = keyMs) => to.digits(digits, milliseconds),
    apply: (agreed) => {
      from.apply(agreed);
      to.apply(agreed);
    },
    get stats() {
      return { sent, received: from.received };
    },
  };
};
