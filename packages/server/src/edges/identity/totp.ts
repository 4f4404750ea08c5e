/** Time-based codes (RFC 6238, 30 s, six digits) and the ten recovery codes that stand in for a lost authenticator. */
import { Secret, TOTP } from 'otpauth';
import { type Random, sameDigest, sha256Hex } from './bearer-secret.js';

const ISSUER = 'Sallyport';
const PERIOD_SECONDS = 30;
/** One step early or late: clocks of phones drift. */
const WINDOW_STEPS = 1;
/** 160 bits, as RFC 4226 recommends. */
export const TOTP_SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
const RECOVERY_CODE_PATTERN = /^[0-9a-hjkmnp-tv-z]{12}$/;
/** Crockford's base 32: no look-alikes on paper. 12 characters are 60 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function authenticator(secret: Uint8Array, label: string): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    algorithm: 'SHA1', // the only one every authenticator app reads
    digits: 6,
    period: PERIOD_SECONDS,
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
  });
}

export function describeTotp(secret: Uint8Array, label: string): { readonly secret: string; readonly uri: string } {
  const totp = authenticator(secret, label);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The 30-second step the code belongs to, when it is right and later than `lastStep`: a code is taken once. */
export function acceptedStep(secret: Uint8Array, code: string, now: number, lastStep: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = authenticator(secret, '').validate({ token: code, timestamp: now, window: WINDOW_STEPS });
  if (delta === null) return undefined;
  const step = Math.floor(now / 1000 / PERIOD_SECONDS) + delta;
  return step > lastStep ? step : undefined;
}

export function newRecoveryCodes(random: Random): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const text = Array.from(random(12), (byte) => ALPHABET[byte & 31]).join('');
    return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
  });
}

/** What the vault keeps: digests only. */
export const sealableCodes = (codes: readonly string[]): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(codes.map((code) => sha256Hex(plainCode(code)))));

/** The digests left after `code` was used, or undefined when it is none of them. */
export function useRecoveryCode(sealed: Uint8Array, code: string): { left: number; sealed: Uint8Array } | undefined {
  const plain = plainCode(code);
  if (!RECOVERY_CODE_PATTERN.test(plain)) return undefined;
  const stored: unknown = JSON.parse(new TextDecoder().decode(sealed));
  if (!Array.isArray(stored)) throw new Error('recovery codes are not a list');
  const digests = stored.map(String);
  const digest = sha256Hex(plain);
  const left = digests.filter((one) => !sameDigest(one, digest));
  if (left.length === digests.length) return undefined;
  return { left: left.length, sealed: new TextEncoder().encode(JSON.stringify(left)) };
}

const plainCode = (code: string): string => code.toLowerCase().replace(/[\s-]/g, '');
