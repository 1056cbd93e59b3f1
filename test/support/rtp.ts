import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { patience } from './phone-moment.js';
import type { Stream } from './phone-stream.js';
import { Ear, type ToneWatch } from './rtp-ear.js';
import { keyBytes, keyIn, lawBytes, type RtpHead, type RtpPacket, readRtp, soundOf, writeRtp } from './rtp-packet.js';

export { shareOfTone } from './tones.js';

const rate = 8000;
const samplesPerPacket = 160;
const packetMs = 20;

const audible = 0.2;

/** The end of a key is told three times, because packets get lost (RFC 4733 section 2.5.1.4). */
const endReports = 3;

/** A key that is being pressed, to one call. */
interface Press {
  readonly key: string;
  readonly to: () => Stream | undefined;
  readonly packets: number;
  readonly released: () => void;
  /** When it was pressed, in samples; undefined before. */
  start?: number;
  told: number;
}

/** One phone's ear and mouth: a UDP port with G.711, 20 ms a packet (RFC 3550, RFC 3551), and keys (RFC 4733). */
export class RtpPort {
  readonly host: string;
  /** Packets so far. */
  sent = 0;
  received = 0;
  /** The keys that others were heard to press, in order. */
  readonly keys: string[] = [];
  #socket: Socket | undefined;
  #opening: Promise<number> | undefined;
  #clock: NodeJS.Timeout | undefined;
  #tones: readonly number[] | undefined;
  #presses: Press[] = [];
  #lastKey = '';
  readonly #ear = new Ear();
  readonly #source = randomInt(2 ** 32);
  #sequence = randomInt(2 ** 15);
  readonly #streams: () => readonly Stream[];

  constructor(host: string, streams: () => readonly Stream[]) {
    this.host = host;
    this.#streams = streams;
  }

  /** The port, if it is open already. */
  get port(): number | undefined {
    return this.#socket?.address().port;
  }

  /** Opens the port; later calls give the same. */
  open(): Promise<number> {
    this.#opening ??= this.#bind();
    return this.#opening;
  }

  /** Says these tones (Hz) to every call that wants to hear them, until told otherwise. None is silence, said aloud. */
  talk(...tones: number[]): void {
    this.#tones = tones;
    this.#ticks();
  }

  /** Sends no more. */
  hush(): void {
    this.#tones = undefined;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  /** Presses a key for so many milliseconds, to one call alone; settles when it is released. Nothing else is said meanwhile. */
  press(key: string, to: () => Stream | undefined, milliseconds = 100): Promise<void> {
    return new Promise((released) => {
      this.#presses.push({ key, to, packets: Math.ceil(milliseconds / packetMs), released, told: 0 });
      this.#ticks();
    });
  }

  /** Resolves when the tone is in what comes in from now on. */
  async hears(hz: number, deadline = patience): Promise<void> {
    this.forgets();
    await this.#until(() => this.toneNow(hz) > audible, `nobody heard ${hz} Hz`, deadline);
  }

  /** Resolves when the tone is no longer in what came in last, be it silence or other tones. */
  async hearsNoMore(hz: number, deadline = patience): Promise<void> {
    await this.#until(() => this.toneNow(hz) < audible / 10, `${hz} Hz is still heard`, deadline);
  }

  /** The share of a tone in the last 200 ms. */
  toneNow(hz: number): number {
    return this.#ear.shares([hz], 200)[0] ?? 0;
  }

  /** The shares of tones in the last 400 ms. */
  shares(tones: readonly number[]): number[] {
    return this.#ear.shares(tones);
  }

  /** Forgets what was heard: what is asked next is answered by what comes from now on. */
  forgets(): void {
    this.#ear.forget();
  }

  /** Notes from now on how loud a tone becomes. */
  watch(hz: number): ToneWatch {
    return this.#ear.watch(hz);
  }

  /** Closes the port. */
  async close(): Promise<void> {
    this.hush();
    await this.#opening;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  async #bind(): Promise<number> {
    const socket = createSocket(this.host.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (packet, from) => this.#hear(packet, from));
    socket.on('error', () => undefined);
    socket.bind(0, this.host);
    await once(socket, 'listening');
    this.#socket = socket;
    return socket.address().port;
  }

  #hear(packet: Buffer, { address, port }: RemoteInfo): void {
    for (const stream of this.#streams()) {
      const plain = stream.open(packet);
      const rtp = plain && readRtp(plain);
      // A phone understands what it has announced, and nothing else.
      if (!rtp || !stream.understands.has(rtp.payload)) continue;
      this.received += 1;
      if (rtp.payload === 0 || rtp.payload === 8)
        this.#ear.hear(`${address}:${port} ${rtp.source}`, { timestamp: rtp.timestamp, samples: soundOf(rtp) });
      else this.#hearKey(rtp);
      return;
    }
  }

  #hearKey(packet: RtpPacket): void {
    const key = keyIn(packet);
    const press = `${packet.source} ${packet.timestamp}`;
    if (key === undefined || press === this.#lastKey) return;
    this.#lastKey = press;
    this.keys.push(key);
  }

  #ticks(): void {
    if (this.#clock) return;
    let [ticks, start] = [0, performance.now()];
    this.#clock = setInterval(() => {
      // A late tick is made up for, a long sleep is not.
      if (performance.now() - start > (ticks + 10) * packetMs) [ticks, start] = [0, performance.now()];
      for (; ticks * packetMs <= performance.now() - start; ticks += 1) this.#say();
      if (this.#tones === undefined && this.#presses.length === 0) this.hush();
    }, packetMs);
  }

  #say(): void {
    const pressed = this.#presses[0]?.to();
    const start = this.#sequence * samplesPerPacket;
    const samples = this.#tones && this.#sound(this.#tones, start);
    for (const stream of this.#streams()) {
      if (stream === pressed) continue;
      if (samples && stream.payload !== undefined) {
        const head = { payload: stream.payload, sequence: this.#sequence, timestamp: start, source: this.#source };
        this.#send(stream, head, lawBytes(stream.payload, samples));
      }
    }
    if (this.#presses[0]) this.#tellKey(this.#presses[0], start, pressed);
    this.#sequence += 1;
  }

  #sound(tones: readonly number[], start: number): Int16Array {
    return Int16Array.from({ length: samplesPerPacket }, (_, index) =>
      tones.reduce((sum, hz) => sum + 8000 * Math.sin((2 * Math.PI * hz * (start + index)) / rate), 0),
    );
  }

  #tellKey(press: Press, now: number, stream: Stream | undefined): void {
    press.start ??= now;
    press.told += 1;
    const isEnd = press.told > press.packets;
    if (stream?.events !== undefined) {
      const duration = Math.min(press.told, press.packets) * samplesPerPacket;
      const head = { payload: stream.events, sequence: this.#sequence, timestamp: press.start, source: this.#source };
      this.#send(stream, { ...head, marker: press.told === 1 }, keyBytes(press.key, duration, isEnd));
    }
    if (press.told < press.packets + endReports) return;
    this.#presses = this.#presses.filter((each) => each !== press);
    press.released();
  }

  #send({ to, seal }: Stream, head: RtpHead, body: Uint8Array): void {
    if (!to) return;
    this.#socket?.send(seal(writeRtp(head, body)), to.port, to.host);
    this.sent += 1;
  }

  async #until(isSo: () => boolean, otherwise: string, deadline: number): Promise<void> {
    const end = performance.now() + deadline;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`${otherwise}; ${this.received} packets came, ${this.sent} went`);
      await new Promise((resolve) => setTimeout(resolve, packetMs));
    }
  }
}
