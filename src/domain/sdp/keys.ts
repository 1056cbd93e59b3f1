import type { CryptoLine, Fingerprint } from './description.js';
import type { Line, Pair } from './line.js';
import type { CrossingPolicy } from './policy.js';
import { type Refused, refused } from './refusal.js';
import { rolesBetween } from './setup.js';

/** What an answer says about encryption; nothing for plain RTP. */
export interface KeyTerms {
  readonly crypto?: readonly CryptoLine[];
  readonly setup?: string;
  readonly fingerprint?: Fingerprint;
}

/** What each answer says about encryption. */
export interface AgreedKeys {
  readonly ok: true;
  readonly toCaller: KeyTerms;
  readonly toPicker: KeyTerms;
}

const plain: AgreedKeys = { ok: true, toCaller: {}, toPicker: {} };

const cryptoOf = ({ media }: Line): readonly CryptoLine[] => media.crypto ?? [];

const hasKeys = (line: Line): boolean => cryptoOf(line).length > 0 || line.fingerprint !== undefined;

// RFC 4568 section 6.1: "inline:key|lifetime|MKI:length"; the lifetime may be left out.
const keyIndexLength = ({ config }: CryptoLine): string => /\|\d+:(\d+)/.exec(config)?.[1] ?? '';

const isSameSuite = (one: CryptoLine, other: CryptoLine): boolean =>
  one.suite === other.suite &&
  one.sessionConfig === other.sessionConfig &&
  keyIndexLength(one) === keyIndexLength(other);

/** The key in an offer is the one its writer sends with: each answer names the reader's own tag and the other's key. */
const describedKeys = (pair: Pair, policy: CrossingPolicy): AgreedKeys | Refused => {
  if (!policy.signallingIsSecure) return refused('keys-in-clear-signalling');
  for (const mine of cryptoOf(pair.caller)) {
    const theirs = cryptoOf(pair.picker).find((line) => isSameSuite(mine, line));
    if (theirs) {
      return {
        ok: true,
        toCaller: { crypto: [{ ...theirs, id: mine.id }] },
        toPicker: { crypto: [{ ...mine, id: theirs.id }] },
      };
    }
  }
  return refused('no-common-keys');
};

/** Fingerprints go across as they are; of two that would take either role, the picker's phone starts (RFC 5763 section 5). */
const negotiatedKeys = ({ caller, picker }: Pair): AgreedKeys | Refused => {
  if (!caller.fingerprint || !picker.fingerprint) return refused('no-common-keys');
  if (caller.fingerprint.type.toLowerCase() !== picker.fingerprint.type.toLowerCase()) return refused('no-common-keys');
  const roles = rolesBetween({ caller: caller.setup, picker: picker.setup });
  if (!roles) return refused('no-dtls-role');
  return {
    ok: true,
    toCaller: { setup: roles.picker, fingerprint: picker.fingerprint },
    toPicker: { setup: roles.caller, fingerprint: caller.fingerprint },
  };
};

const bestEffortKeys = (pair: Pair, policy: CrossingPolicy): AgreedKeys | Refused => {
  if (!hasKeys(pair.caller) && !hasKeys(pair.picker)) return plain;
  if (policy.lowerBestEffort) return plain;
  const bothDescribe = cryptoOf(pair.caller).length > 0 && cryptoOf(pair.picker).length > 0;
  return bothDescribe ? describedKeys(pair, policy) : refused('transport-differs');
};

const keysOf: Readonly<Record<string, (pair: Pair, policy: CrossingPolicy) => AgreedKeys | Refused>> = {
  'RTP/AVP': bestEffortKeys,
  'RTP/AVPF': bestEffortKeys,
  'RTP/SAVP': describedKeys,
  'RTP/SAVPF': describedKeys,
  'UDP/TLS/RTP/SAVP': negotiatedKeys,
  'UDP/TLS/RTP/SAVPF': negotiatedKeys,
};

/** Whether an m-line carries RTP in a profile that we know. */
export const isRtp = ({ media }: Line): boolean => media.protocol.toUpperCase() in keysOf;

/** One transport profile and keys that both can use, or no crossing (RFC 3264 section 6.1, RFC 4568, RFC 5763). */
export const agreeOnKeys = (pair: Pair, policy: CrossingPolicy): AgreedKeys | Refused => {
  const [mine, theirs] = [pair.caller.media.protocol.toUpperCase(), pair.picker.media.protocol.toUpperCase()];
  const agree = keysOf[mine];
  return agree && mine === theirs ? agree(pair, policy) : refused('transport-differs');
};
