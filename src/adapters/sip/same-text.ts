import { timingSafeEqual } from 'node:crypto';

/** Compares a secret text in a time that tells nothing of where it differs; the length is no secret. */
export const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
