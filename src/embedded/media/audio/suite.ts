/** The ways of protecting media that are spoken here (RFC 4568 section 6.2), by the length of their tags in bytes. */
export const tagBytes = { AES_CM_128_HMAC_SHA1_80: 10, AES_CM_128_HMAC_SHA1_32: 4 } as const;

/** One of {@link tagBytes}. */
export type SuiteName = keyof typeof tagBytes;

/** A master key of 16 bytes, and behind it a salt of 14. */
export type MasterKey = Buffer;

/** Bytes of a {@link MasterKey}. */
export const masterKeyBytes = 30;

/** What two ends have agreed on to protect their media. */
export interface Keys {
  readonly suite: SuiteName;
  /** Of what we send. */
  readonly ours: MasterKey;
  /** Of what they send. */
  readonly theirs: MasterKey;
  /** Bytes in each packet of theirs that name the key. */
  readonly theirIndexBytes: number;
}
