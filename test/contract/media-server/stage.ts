import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Srf from 'drachtio-srf';
import { secret as engineSecret, startEngine } from '../../embedded/sip/engine-process.js';
import { RtpPort } from '../../support/rtp.js';

const program = fileURLToPath(new URL('../../../dist/embedded/media/main.js', import.meta.url));

/** Where a media server takes commands. */
export interface MediaPlace {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  stop(): Promise<void>;
}

/** A media server that was started here, with its SIP port (UDP and TCP are the same). */
export interface OwnMediaPlace extends MediaPlace {
  readonly child: ChildProcess;
  readonly sipPort: number;
}

/** The media server as the service starts it: the built program. */
export const startMediaServer = async (...more: string[]): Promise<OwnMediaPlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'media-'));
  const secret = 'tell nobody';
  writeFileSync(join(folder, 'secret'), secret);
  const places = ['--esl', '127.0.0.1:0', '--sip', '127.0.0.1:0', '--rtp', '127.0.0.1'];
  const args = [program, ...places, '--secret-file', join(folder, 'secret'), '--stdin-guard', ...more];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(([code]) => Promise.reject(new Error(`the media server ended with ${code}`))),
  ])) as [string];
  const said = JSON.parse(line) as { esl: string; sip: string[] };
  const [port, sipPort] = [said.esl, said.sip[0]].map((address) => Number(address?.split(':').at(-1))) as [
    number,
    number,
  ];
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true });
  };
  return { host: '127.0.0.1', port, sipPort, secret, child, stop };
};

const { FREESWITCH_HOST: realHost, FREESWITCH_PORT: realPort, FREESWITCH_SECRET: realSecret } = process.env;

/** Which media server is asked, for everybody to see. */
export const asked = realHost ? `FreeSWITCH at ${realHost}` : 'the embedded media server (FREESWITCH_HOST is not set)';

/** The media server under test: the real one if it is given. */
export const mediaServer = async (): Promise<MediaPlace> =>
  realHost
    ? { host: realHost, port: Number(realPort ?? 8021), secret: realSecret ?? '', stop: async () => undefined }
    : startMediaServer();

/** An event, or an answer, of fsmrf's. */
export interface Told {
  getHeader(name: string): string | null;
  getBody(): string;
}

/** What is used of fsmrf's endpoints here. */
export interface FsmrfEndpoint {
  readonly uuid: string;
  readonly connected: boolean;
  readonly local: { readonly sdp: string };
  readonly dialog: { destroy(): Promise<void> };
  readonly conn: { on(event: string, listener: (event: Told) => void): void };
  bridge(other: FsmrfEndpoint): Promise<void>;
  unbridge(): Promise<void>;
  play(file: string | string[]): Promise<{ playbackMilliseconds: string }>;
  execute(app: string, data: string): Promise<Told>;
  set(values: Record<string, string>): Promise<void>;
  modify(sdp: string): Promise<unknown>;
  readonly conf: { readonly memberId: number };
  join(conference: string, options?: { flags: Record<string, boolean> }): Promise<{ memberId: number }>;
  confMute(): Promise<unknown>;
  confUnmute(): Promise<unknown>;
  confDeaf(): Promise<unknown>;
  confUndeaf(): Promise<unknown>;
  confPlay(file: string): Promise<unknown>;
  unjoin(): Promise<unknown>;
  destroy(): Promise<void>;
  on(event: string, listener: (about: { dtmf?: string; reason?: string }) => void): void;
}

/** What is used of fsmrf's media server here. */
export interface FsmrfServer {
  readonly sip: { ipv4: { udp: { address: string } } };
  readonly conn: { sendRecv(line: string, headers: Record<string, string>, reply: () => void): void };
  createEndpoint(options: { remoteSdp?: string }): Promise<FsmrfEndpoint>;
  api(command: string): Promise<string>;
  disconnect(): void;
}

type Fsmrf = new (srf: Srf) => { connect(options: object): Promise<FsmrfServer> };

/** A phone with one endpoint. */
export interface Ear {
  readonly endpoint: FsmrfEndpoint;
  readonly rtp: RtpPort;
  /** For `hearing`. */
  talks(what: { tone: number | readonly number[] }): Promise<void>;
  shares(tones: readonly number[]): number[];
  offer(direction?: string): string;
  presses(key: string): Promise<void>;
  close(): Promise<void>;
}

/** fsmrf, connected to a media server over the embedded SIP engine. */
export interface Stage {
  readonly server: FsmrfServer;
  ear(): Promise<Ear>;
  stop(): Promise<void>;
}

const offerOf = (port: number, direction: string): string =>
  [
    ...['v=0', `o=- 1 1 IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio ${port} RTP/AVP 0 101`],
    ...['a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', 'a=ptime:20', `a=${direction}`, ''],
  ].join('\r\n');

const newEar = async (server: FsmrfServer): Promise<Ear> => {
  let to: { host: string; port: number } | undefined;
  const as = { payload: 0, events: 101, understands: new Set([0, 101]) } as const;
  const stream = () => ({ ...as, to, seal: (packet: Buffer) => packet, open: (packet: Buffer) => packet });
  const rtp = new RtpPort('127.0.0.1', () => [stream()]);
  const port = await rtp.open();
  const offer = (direction = 'sendrecv') => offerOf(port, direction);
  const endpoint = await server.createEndpoint({ remoteSdp: offer() }).catch(async (problem: unknown) => {
    await rtp.close();
    throw problem;
  });
  // Its wish for events is under way still: what is answered after it comes after it.
  await endpoint.set({ is_heard: '1' });
  const { sdp } = endpoint.local;
  to = { host: /c=IN IP4 (\S+)/.exec(sdp)?.[1] ?? '', port: Number(/m=audio (\d+)/.exec(sdp)?.[1]) };
  return {
    endpoint,
    rtp,
    offer,
    talks: async ({ tone }) => rtp.talk(...[tone].flat()),
    shares: (tones) => rtp.shares(tones),
    presses: (key) => rtp.press(key, stream),
    close: () => rtp.close(),
  };
};

/** Connects the unmodified fsmrf. */
export const connectFsmrf = async (place: MediaPlace): Promise<Stage> => {
  const Mrf = createRequire(import.meta.url)('drachtio-fsmrf') as Fsmrf;
  const engine = await startEngine();
  const srf = new Srf();
  srf.connect({ host: '127.0.0.1', port: engine.adminPort, secret: engineSecret });
  await once(srf as never, 'connect');
  const { host: address, port, secret } = place;
  const server = await new Mrf(srf).connect({ address, port, secret, listenAddress: '127.0.0.1' });
  const ears: Ear[] = [];
  return {
    server,
    ear: async () => {
      const ear = await newEar(server);
      ears.push(ear);
      return ear;
    },
    stop: async () => {
      for (const { endpoint } of ears) if (endpoint.connected) await server.api(`uuid_kill ${endpoint.uuid}`);
      await Promise.all(ears.map((ear) => ear.close()));
      server.disconnect();
      srf.disconnect();
      await engine.stop();
    },
  };
};
