import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MediaStreamTrack, RTCPeerConnection, usePCMU } from 'werift';
import { Ear } from './rtp-ear.js';
import { lawBytes, soundOf, writeRtp } from './rtp-packet.js';

/**
 * The media of a browser: ICE, DTLS and SRTP by the library werift, none of it ours; G.711 mu-law, as browsers have it too.
 * Signalling is somebody else's business.
 */
export interface WebrtcMedia {
  /** Its offer, with all its candidates. */
  offer(): Promise<string>;
  /** Takes the answer to its offer. */
  accepts(answer: string): Promise<void>;
  /** Resolves when ICE and DTLS are through. */
  connects(): Promise<void>;
  /** Says a tone (Hz) from now on, 50 packets a second. */
  talks(what: { tone: number | readonly number[] }): Promise<void>;
  /** The share that each tone has in what it heard last. */
  shares(tones: readonly number[]): readonly number[];
  close(): Promise<void>;
}

const [rate, samplesPerPacket, packetMs] = [8_000, 160, 20];

/** Milliseconds until ICE and DTLS must be through, on a machine that does other things too. */
const patience = 20_000;

/** Opens a browser's media on loopback. */
export const webrtcMedia = (): WebrtcMedia => {
  const connection = new RTCPeerConnection({
    codecs: { audio: [usePCMU({ payloadType: 0 })] },
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
  });
  const ear = new Ear();
  const mouth = new MediaStreamTrack({ kind: 'audio' });
  connection.addTransceiver(mouth, { direction: 'sendrecv' });
  connection.onTrack.subscribe((track) => {
    track.onReceiveRtp.subscribe(({ header: { payloadType: payload, ssrc, timestamp }, payload: body }) => {
      if (payload === 0) ear.hear(`${ssrc}`, { timestamp, samples: soundOf({ payload, body }) });
    });
  });
  const voice = voiceOf((packet) => mouth.writeRtp(packet));
  return {
    offer: async () => {
      await connection.setLocalDescription(await connection.createOffer());
      return connection.localDescription?.sdp ?? '';
    },
    accepts: (sdp) => connection.setRemoteDescription({ type: 'answer', sdp: spelledOut(sdp) }),
    connects: async () => {
      for (const until = Date.now() + patience; connection.connectionState !== 'connected'; await sleep(10)) {
        if (Date.now() > until) throw new Error(`the browser's media is ${connection.connectionState}`);
      }
    },
    talks: async ({ tone }) => voice.says([tone].flat()),
    shares: (tones) => ear.shares(tones),
    close: async () => {
      voice.hushes();
      await connection.close();
    },
  };
};

// FreeSWITCH leaves out what need not be said of one line that flows both ways (RFC 8843 section 7.1.3, RFC 3264 section
// 5.1). The library takes its absence for no line, and for no flow.
const spelledOut = (sdp: string): string => {
  const missing = [
    ...(/^a=mid:/m.test(sdp) ? [] : ['a=mid:0\r\n']),
    ...(/^a=(sendrecv|sendonly|recvonly|inactive)/m.test(sdp) ? [] : ['a=sendrecv\r\n']),
  ];
  return sdp.replace(/^m=audio .*\r\n/m, (line) => line + missing.join(''));
};

/** Fifty packets a second of the tones that were said last. */
const voiceOf = (send: (packet: Buffer) => void) => {
  const source = randomInt(2 ** 32);
  const first = randomInt(2 ** 15);
  let tones: readonly number[] = [];
  let clock: NodeJS.Timeout | undefined;
  let said = 0;
  const say = (): void => {
    const start = said * samplesPerPacket;
    const samples = Int16Array.from({ length: samplesPerPacket }, (_, at) =>
      tones.reduce((sum, hz) => sum + 8_000 * Math.sin((2 * Math.PI * hz * (start + at)) / rate), 0),
    );
    const head = { payload: 0, sequence: (first + said) % 2 ** 16, timestamp: start, source };
    send(Buffer.from(writeRtp(head, lawBytes(0, samples))));
    said += 1;
  };
  return {
    says: (what: readonly number[]): void => {
      tones = what;
      if (clock) return;
      const [began, before] = [performance.now(), said];
      // A late tick is made up for.
      clock = setInterval(() => {
        while ((said - before) * packetMs <= performance.now() - began) say();
      }, packetMs);
    },
    hushes: (): void => clearInterval(clock),
  };
};
