import { createHmac } from 'node:crypto';

/** Who posts, and when: a receiver that knows the secret makes the same of `t`, a dot and the body. */
export const signatureHeader = 'Callpickup-Signature';

/**
 * `t=1767225600,v1=5257a869…`: the second of this try (Unix time), and HMAC-SHA256 over `t.body` in hexadecimal digits, with
 * the company's secret as its key.
 */
export const signatureOf = (secret: string, body: string, seconds: number): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
