import { ahead } from './packet.js';

/** What a packet says, and what each of its bytes sounds like. */
export interface Slot {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly linear: Int16Array;
}

/** Packets in the order in which they were sent. */
export interface PacketOrder {
  /** Samples in the packets that wait, and packets. */
  readonly samples: number;
  readonly held: number;
  /** One more; dropped if it came before, or its turn is over. `isOpen`: nothing was given out yet, so it may be the first. */
  put(slot: Slot, isOpen: boolean): void;
  /** The packet whose turn it is; undefined, and its turn stays, if it is not here. */
  pull(): Slot | undefined;
  /** Gives up the packet whose turn it is. */
  pass(): void;
  clear(): void;
}

/** A power of two: packets wait at their number, `& (size - 1)`. */
const size = 32;

const placeOf = (sequence: number): number => sequence & (size - 1);

/** A packet far away from the others is believed when the one after it comes too (RFC 3550 appendix A.1). */
const believer = (): ((sequence: number) => boolean) => {
  let expected: number | undefined;
  return (sequence) => {
    const isSecond = expected === sequence;
    expected = isSecond ? undefined : (sequence + 1) & 0xffff;
    return isSecond;
  };
};

/** Nothing yet. */
export const packetOrder = (): PacketOrder => {
  const waiting: (Slot | undefined)[] = new Array(size).fill(undefined);
  const isBelieved = believer();
  let [samples, held] = [0, 0];
  let next: number | undefined;

  const clear = (): void => {
    waiting.fill(undefined);
    [next, samples, held] = [undefined, 0, 0];
  };

  const pull = (): Slot | undefined => {
    const slot = next === undefined ? undefined : waiting[placeOf(next)];
    if (!slot || next === undefined) return undefined;
    waiting[placeOf(next)] = undefined;
    next = (next + 1) & 0xffff;
    samples -= slot.bytes.length;
    held -= 1;
    return slot;
  };

  const mayCome = (sequence: number, isOpen: boolean): boolean => {
    const distance = next === undefined ? 0 : ahead(sequence, next);
    if (distance >= 0 && distance < size) return true;
    // So few wait before the first is given out that those before them do not come in their way.
    if (distance < 0 && distance > -size) return isOpen && distance > -size / 2;
    if (!isBelieved(sequence)) return false;
    clear();
    return true;
  };

  return {
    clear,
    pull,
    get samples() {
      return samples;
    },
    get held() {
      return held;
    },
    pass: () => {
      if (!pull() && next !== undefined) next = (next + 1) & 0xffff;
    },
    put: (slot, isOpen) => {
      const { sequence, bytes } = slot;
      if (!mayCome(sequence, isOpen)) return;
      if (next === undefined || ahead(sequence, next) < 0) next = sequence;
      if (waiting[placeOf(sequence)]) return;
      waiting[placeOf(sequence)] = slot;
      samples += bytes.length;
      held += 1;
    },
  };
};
