import { ByteQueue } from '../transport/byte-queue.js';

/** The biggest frame that is taken, in bytes. */
const frameLimit = 1024 * 1024;

/** Cuts the control socket's stream into payloads: `<bytes>#<payload>`, split and merged anywhere. */
export interface FrameReader {
  /** False when the stream is no such stream; nothing can be read from it any more. */
  push(piece: Buffer): boolean;
}

/** A reader that hands each payload, as latin1, to `take`. */
export function frameReader(take: (payload: string) => void): FrameReader {
  const queue = new ByteQueue();
  let wanted = -1;

  const readLength = (): boolean => {
    const digits = queue.indexOf('#', 0);
    if (digits < 0) return /^\d{0,7}$/.test(queue.peek(8));
    const text = queue.take(digits + 1).slice(0, -1);
    wanted = /^\d{1,7}$/.test(text) ? Number(text) : -1;
    return wanted >= 0 && wanted <= frameLimit;
  };

  return {
    push: (piece) => {
      queue.append(piece);
      for (;;) {
        if (wanted < 0 && !readLength()) return false;
        if (wanted < 0 || queue.length < wanted) return true;
        const payload = queue.take(wanted);
        wanted = -1;
        take(payload);
      }
    },
  };
}
