import type { Binding } from '../../flows/ports.js';

/** A binding as it lies in Redis: with what the next REGISTER is compared with. */
export interface StoredBinding extends Binding {
  /** SIP Call-ID and CSeq of the REGISTER that made it (RFC 3261 section 10.3 step 7). */
  readonly callId: string;
  readonly cseq: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly userAgent?: string;
}

/** Reads what register.lua kept. */
export const readBinding = (json: string): StoredBinding => JSON.parse(json) as StoredBinding;
