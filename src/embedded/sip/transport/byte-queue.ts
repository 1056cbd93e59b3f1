/** Bytes that arrive in pieces: appended and taken from the front without copying everything each time. */
export class ByteQueue {
  #bytes = Buffer.allocUnsafe(4096);
  #start = 0;
  #end = 0;

  /** How many bytes wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds a piece at the end. */
  append(piece: Buffer): void {
    if (this.#end + piece.length > this.#bytes.length) this.#makeRoom(piece.length);
    piece.copy(this.#bytes, this.#end);
    this.#end += piece.length;
  }

  /** Where `needle` begins, counted from the front, at or after `from`; -1 when it is not there. */
  indexOf(needle: string, from: number): number {
    const found = this.#bytes.subarray(0, this.#end).indexOf(needle, this.#start + from, 'latin1');
    return found < 0 ? -1 : found - this.#start;
  }

  /** The first `length` bytes as latin1, left where they are. */
  peek(length: number): string {
    return this.#bytes.toString('latin1', this.#start, this.#start + Math.min(length, this.length));
  }

  /** The first `length` bytes as latin1, taken out. */
  take(length: number): string {
    const text = this.peek(length);
    this.#start += text.length;
    if (this.#start === this.#end) this.#start = this.#end = 0;
    return text;
  }

  #makeRoom(more: number): void {
    const waiting = this.length;
    const target = waiting + more > this.#bytes.length ? Buffer.allocUnsafe((waiting + more) * 2) : this.#bytes;
    this.#bytes.copy(target, 0, this.#start, this.#end);
    this.#bytes = target;
    this.#start = 0;
    this.#end = waiting;
  }
}
