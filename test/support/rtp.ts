import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import alawmulaw from 'alawmulaw';
import { patience } from './phone-moment.js';

const rate = 8000;
const samplesPerPacket = 160;
const packetMs = 20;
/** How much of what was heard last is looked at: 200 ms tell 440 Hz from 450. */
const windowSamples = 1600;
const lawOf = { 0: alawmulaw.mulaw, 8: alawmulaw.alaw } as const;
const decoded = {
  0: Int16Array.from({ length: 256 }, (_, byte) => lawOf[0].decodeSample(byte)),
  8: Int16Array.from({ length: 256 }, (_, byte) => lawOf[8].decodeSample(byte)),
} as const;

/** Where one call wants our audio, in which of the two laws. */
export interface Stream {
  readonly host: string;
  readonly port: number;
  readonly payload: 0 | 8;
}

/** The share of the energy of `samples` that is a tone of `hz`: Goertzel's filter. Silence has no tone. */
export const shareOfTone = (samples: Int16Array, hz: number): number => {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [previous, beforeThat, energy] = [0, 0, 0];
  for (const sample of samples) {
    const next = sample + turn * previous - beforeThat;
    beforeThat = previous;
    previous = next;
    energy += sample * sample;
  }
  const power = previous * previous + beforeThat * beforeThat - turn * previous * beforeThat;
  const isSilent = energy < samples.length * 100;
  return isSilent ? 0 : (2 * power) / (samples.length * energy);
};

const audible = 0.2;

/** One phone's ear and mouth: a UDP port with G.711, 20 ms a packet (RFC 3550, RFC 3551). */
export class RtpPort {
  readonly host: string;
  /** Packets so far. */
  sent = 0;
  received = 0;
  #socket: Socket | undefined;
  #opening: Promise<number> | undefined;
  #clock: NodeJS.Timeout | undefined;
  #tones: readonly number[] = [];
  #packets: { at: number; samples: Int16Array }[] = [];
  readonly #synchronization = randomInt(2 ** 32);
  #sequence = randomInt(2 ** 16);
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
    if (this.#clock) return;
    let [ticks, start] = [0, performance.now()];
    this.#clock = setInterval(() => {
      // A late tick is made up for, a long sleep is not.
      if (performance.now() - start > (ticks + 10) * packetMs) [ticks, start] = [0, performance.now()];
      for (; ticks * packetMs <= performance.now() - start; ticks += 1) this.#say();
    }, packetMs);
  }

  /** Sends no more. */
  hush(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  /** Resolves when the tone is in what comes in from now on. */
  async hears(hz: number, deadline = patience): Promise<void> {
    this.#packets = [];
    await this.#until(() => this.#share(hz) > audible, `nobody heard ${hz} Hz`, deadline);
  }

  /** Resolves when the tone is no longer in what came in last, be it silence or other tones. */
  async hearsNoMore(hz: number, deadline = patience): Promise<void> {
    await this.#until(() => this.#share(hz) < audible / 10, `${hz} Hz is still heard`, deadline);
  }

  /** The share of a tone in the last 200 ms. */
  toneNow(hz: number): number {
    return this.#share(hz);
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
    socket.on('message', (packet) => this.#hear(packet));
    socket.on('error', () => undefined);
    socket.bind(0, this.host);
    await once(socket, 'listening');
    this.#socket = socket;
    return socket.address().port;
  }

  #hear(packet: Buffer): void {
    const payload = (packet[1] ?? 0) & 0x7f;
    if (packet.length <= 12 || (packet[0] ?? 0) >> 6 !== 2 || (payload !== 0 && payload !== 8)) return;
    this.received += 1;
    const table = decoded[payload];
    const samples = Int16Array.from(packet.subarray(12), (byte) => table[byte] ?? 0);
    this.#packets.push({ at: performance.now(), samples });
    if (this.#packets.length > 100) this.#packets.splice(0, 50);
  }

  #share(hz: number): number {
    const since = performance.now() - (windowSamples / rate) * 1000 - packetMs;
    const recent = this.#packets.filter(({ at }) => at >= since).flatMap(({ samples }) => [...samples]);
    if (recent.length < windowSamples / 2) return 0;
    return shareOfTone(Int16Array.from(recent.slice(-windowSamples)), hz);
  }

  #say(): void {
    const streams = this.#streams();
    const start = this.#sequence * samplesPerPacket;
    const samples = Int16Array.from({ length: samplesPerPacket }, (_, index) =>
      this.#tones.reduce((sum, hz) => sum + 8000 * Math.sin((2 * Math.PI * hz * (start + index)) / rate), 0),
    );
    this.#sequence += 1;
    for (const stream of streams) this.#send(stream, samples, start);
  }

  #send({ host, port, payload }: Stream, samples: Int16Array, start: number): void {
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = payload;
    head.writeUInt16BE(this.#sequence & 0xffff, 2);
    head.writeUInt32BE(start >>> 0, 4);
    head.writeUInt32BE(this.#synchronization, 8);
    this.#socket?.send(Buffer.concat([head, lawOf[payload].encode(samples)]), port, host);
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
