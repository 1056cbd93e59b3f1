const keys = '0123456789*#ABCD';
/** After so long without a word of a key it is taken as released: its last packets were lost. */
const patienceMs = 200;
/** Packets of keys that began so much earlier, in samples, are late ones of keys that are over. */
const past = 10 * 8000;
const longest = 0xffff;

/** What is told of a key: which, and for how many milliseconds it was pressed. */
export type DigitListener = (digit: string, milliseconds: number) => void;

/** Hears the keys of a phone (RFC 4733), each once, however many packets tell of it, or are lost. */
export interface DigitEar {
  hear(body: Buffer, timestamp: number): void;
  /** The phone begins anew, or is gone: what is pressed is not told any more. */
  clear(): void;
}

interface Press {
  readonly digit: string;
  readonly timestamp: number;
  /** Samples in earlier parts of one that is longer than can be said at once (section 2.5.1.3). */
  readonly before: number;
  readonly duration: number;
}

const readPress = (body: Buffer, timestamp: number): (Press & { isOver: boolean }) | undefined => {
  const digit = body.length < 4 ? undefined : keys[body.readUInt8(0)];
  if (digit === undefined) return undefined;
  return { digit, timestamp, before: 0, duration: body.readUInt16BE(2), isOver: (body.readUInt8(1) & 0x80) !== 0 };
};

/** An ear that tells `tell`. */
export const digitEar = (tell: DigitListener): DigitEar => {
  let pressed: Press | undefined;
  let last: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    clearTimeout(timer);
    [pressed, last, timer] = [undefined, undefined, undefined];
  };

  const release = (): void => {
    clearTimeout(timer);
    const over = pressed;
    pressed = undefined;
    if (over) tell(over.digit, (over.before + over.duration) / 8);
  };

  const isLate = (timestamp: number): boolean => {
    const since = last === undefined ? 1 : (timestamp - last) | 0;
    return since < 0 ? since > -past : since === 0 && !pressed;
  };

  const goOn = (now: Press): Press => {
    if (pressed?.timestamp === now.timestamp) {
      return { ...pressed, duration: Math.max(pressed.duration, now.duration) };
    }
    const isNextPart = pressed?.digit === now.digit && ((now.timestamp - pressed.timestamp) | 0) === longest;
    if (pressed && isNextPart) return { ...now, before: pressed.before + longest };
    release();
    return now;
  };

  return {
    clear,
    hear: (body, timestamp) => {
      const now = readPress(body, timestamp);
      if (!now || isLate(timestamp)) return;
      pressed = goOn(now);
      last = timestamp;
      clearTimeout(timer);
      if (now.isOver) release();
      else timer = setTimeout(release, patienceMs).unref();
    },
  };
};
