import t, { type Test } from 'tap';
import { parseSdp, writeSdp } from '../../../src/adapters/sip/sdp-text.js';
import { type Crossing, type CrossingPolicy, crossOffers, type Sdp } from '../../../src/domain/sdp.js';

/** Our own o= lines towards the two. */
export const origins = {
  caller: { username: 'callpickup', sessionId: 11, version: 3 },
  picker: { username: 'callpickup', sessionId: 22, version: 5 },
};

/** An offer as text: the session lines that never matter here, and the lines given. */
export const text = (lines: readonly string[], address = 'IN IP4 192.0.2.1'): string =>
  `${['v=0', 'o=phone 987 654 IN IP4 192.0.2.99', 's=Softphone 9', `c=${address}`, 't=0 0', ...lines].join('\r\n')}\r\n`;

/** The same, read. */
export const offer = (lines: readonly string[], address?: string): Sdp => {
  const sdp = parseSdp(text(lines, address));
  if (!sdp) throw new Error(`not a description: ${lines.join(' | ')}`);
  return sdp;
};

/** What every phone offers. */
export const pcmu = ['m=audio 4000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15'];

/** One case: two offers, and what each is answered. */
export interface Row {
  readonly name: string;
  readonly caller: readonly string[];
  readonly picker: readonly string[];
  readonly policy?: CrossingPolicy;
  readonly callerAt?: string;
  readonly pickerAt?: string;
  /** The reason of a refusal; or lines that must, and with a leading `!` must not, stand in each answer. */
  readonly why?: string;
  readonly toCaller?: readonly string[];
  readonly toPicker?: readonly string[];
}

/** A description as the lines it is written in. */
export const linesOf = (sdp: Sdp): string[] => writeSdp(sdp).trimEnd().split('\r\n');

const saysAll = (t: Test, lines: readonly string[], expected: readonly string[]): void => {
  for (const line of expected) {
    const isUnwanted = line.startsWith('!');
    const wanted = isUnwanted ? line.slice(1) : line;
    const found = isUnwanted ? lines.some((each) => each.startsWith(wanted)) : lines.includes(wanted);
    t.equal(found, !isUnwanted, `${line} in ${lines.join(' ')}`);
  }
};

/** Plays one row: two offers, one policy. */
export const cross = ({ caller, picker, policy = {}, callerAt, pickerAt = 'IN IP4 198.51.100.7' }: Row): Crossing =>
  crossOffers({ caller: offer(caller, callerAt), picker: offer(picker, pickerAt), origins, policy });

/** Plays every row of a requirement of RFC 3264 and its kin. */
export const table = (requirement: string, rows: readonly Row[]): void => {
  t.test(requirement, (t) => {
    for (const row of rows) {
      t.test(row.name, (t) => {
        const crossing = cross(row);
        if (row.why || !crossing.ok) {
          t.same(crossing, { ok: false, why: row.why });
        } else {
          saysAll(t, linesOf(crossing.toCaller), row.toCaller ?? []);
          saysAll(t, linesOf(crossing.toPicker), row.toPicker ?? []);
        }
        t.end();
      });
    }
    t.end();
  });
};

/** An `a=crypto` line. */
export const crypto = (id: number, suite: string, key: string) => `a=crypto:${id} ${suite} inline:${key}`;
/** A site whose phones all speak TLS. */
export const overTls = { signallingIsSecure: true };
/** Two suites of RFC 4568. */
export const [aes80, aes32] = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'];

/** An encrypted voice. */
export const savp = (port: number, ...keys: string[]) => [`m=audio ${port} RTP/SAVP 0`, ...keys];
/** A sign of ICE. */
export const candidate = 'a=candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host';
