/** Bearer secrets: 256 random bits handed out once, SHA-256 stored. No salt is needed: they cannot be guessed (V2). */
import { createHash, timingSafeEqual } from 'node:crypto';

export type Random = (bytes: number) => Uint8Array;

const SECRET_BYTES = 32;
/** 32 bytes in base64url without padding. */
const SECRET_PATTERN = /^[A-Za-z0-9_-]{43}$/;
export const TOKEN_PREFIX = 'sp_';

export const newBearerSecret = (random: Random): string => Buffer.from(random(SECRET_BYTES)).toString('base64url');

export const looksLikeBearerSecret = (text: string): boolean => SECRET_PATTERN.test(text);

export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Compares two hex digests without telling by time where they differ. */
export function sameDigest(a: string, b: string): boolean {
  const left = Buffer.from(a, 'utf8');
  const right = Buffer.from(b, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
