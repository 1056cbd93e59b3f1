/** Which way media flows, seen from whoever wrote the description (RFC 8866 section 6.7). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** A `c=` line: the address that media is sent to. `version` is 4 or 6. */
export interface Connection {
  readonly version: number;
  readonly ip: string;
}

/** An `a=crypto` line (RFC 4568): the key with which its writer will send. */
export interface CryptoLine {
  readonly id: number;
  readonly suite: string;
  readonly config: string;
  readonly sessionConfig?: string;
}

/** An `a=fingerprint` line (RFC 8122). */
export interface Fingerprint {
  readonly type: string;
  readonly hash: string;
}

/** An `a=extmap` line (RFC 8285). */
export interface HeaderExtension {
  readonly value: number;
  readonly direction?: string;
  readonly uri: string;
  readonly config?: string;
}

/** An `a=rtcp-fb` line (RFC 4585); `payload` may be `*`. */
export interface Feedback {
  readonly payload: number | string;
  readonly type: string;
  readonly subtype?: string;
}

/** What may stand at session level and at media level alike. */
interface Shared {
  readonly connection?: Connection;
  readonly bandwidth?: readonly { readonly type: string; readonly limit: number }[];
  readonly direction?: Direction;
  readonly setup?: string;
  readonly fingerprint?: Fingerprint;
  readonly iceUfrag?: string;
  readonly icePwd?: string;
  readonly iceOptions?: string;
  readonly ext?: readonly HeaderExtension[];
  /** Attributes that the parser has no name for, as written after `a=`. */
  readonly invalid?: readonly { readonly value: string }[];
}

/** One m-line and all that belongs to it. */
export interface Media extends Shared {
  readonly type: string;
  readonly port: number;
  readonly protocol: string;
  readonly payloads?: string;
  readonly rtp: readonly {
    readonly payload: number;
    readonly codec: string;
    readonly rate?: number;
    readonly encoding?: number;
  }[];
  readonly fmtp: readonly { readonly payload: number; readonly config: string }[];
  readonly ptime?: number;
  readonly maxptime?: number;
  readonly rtcp?: {
    readonly port: number;
    readonly netType?: string;
    readonly ipVer?: number;
    readonly address?: string;
  };
  readonly rtcpMux?: string;
  readonly rtcpRsize?: string;
  readonly rtcpFb?: readonly Feedback[];
  readonly mid?: string;
  readonly crypto?: readonly CryptoLine[];
  readonly candidates?: readonly unknown[];
  readonly connectionType?: string;
  readonly bfcpFloorCtrl?: string;
}

/** An `o=` line as it is read and written. */
export interface OriginLine {
  readonly username: string;
  readonly sessionId: string | number;
  readonly sessionVersion: number;
  readonly netType: string;
  readonly ipVer: number;
  readonly address: string;
}

/** A session description (RFC 8866) as plain values. What is not named here is carried along untouched. */
export interface Sdp extends Shared {
  readonly version: number;
  readonly origin: OriginLine;
  readonly name: string;
  readonly timing: { readonly start: number; readonly stop: number };
  readonly icelite?: string;
  readonly groups?: readonly { readonly type: string; readonly mids: string }[];
  readonly media: readonly Media[];
}
