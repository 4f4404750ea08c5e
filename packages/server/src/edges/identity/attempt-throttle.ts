/**
 * Growing delay after failed sign-ins. Counted per user *and* address, so that a stranger's failures never hold the user
 * up anywhere else (V39), and per address alone, so that trying many names is slow too (W33). An attempt counts as
 * failed from its start: a hundred at once get no more tries than a hundred in a row.
 *
 * Limits: who has many addresses has as many first tries; argon2 and the password rules stand behind this.
 */
import type { Standing } from './password-hasher.js';

export interface Attempt {
  /** The address signed in before; or it fails more, just now, than a person who mistypes. */
  readonly standing: Standing;
  succeeded(): void;
  /** Gives the try back: nothing was learnt from it (a code is asked for, the queue was full). */
  undone(): void;
}
export type Admission = { readonly admitted: Attempt } | { readonly waitSeconds: number };

export interface AttemptThrottle {
  admit(name: string, address: string): Admission;
}

const FREE_FAILURES = 3;
const MAX_DELAY_MS = 60_000;
/** After this long without a failure a pair starts afresh. */
const FORGET_MS = 15 * 60_000;
/** An address may fail this often in a burst, then once per second. */
const ADDRESS_BURST = 20;
const ADDRESS_REFILL_MS = 1_000;
/** Failures of an address at once that are still like a person's. */
const UNSUSPECTED_FAILURES = 2;
/** Entries kept; beyond it the one longest untouched goes. About 200 bytes each. */
const MAX_ENTRIES = 20_000;

interface Pair {
  failures: number;
  openAt: number;
  touchedAt: number;
}
interface Bucket {
  tokens: number;
  filledAt: number;
}

export function createAttemptThrottle(monotonic: () => number): AttemptThrottle {
  const pairs = new Map<string, Pair>();
  const addresses = new Map<string, Bucket>();
  /** Addresses somebody signed in from, since the start. */
  const proven = new Map<string, true>();

  const bucketOf = (key: string, now: number): Bucket => {
    const known = addresses.get(key);
    if (!known) return { tokens: ADDRESS_BURST, filledAt: now };
    const gained = (now - known.filledAt) / ADDRESS_REFILL_MS;
    return { tokens: Math.min(ADDRESS_BURST, known.tokens + gained), filledAt: now };
  };

  return {
    admit(name, rawAddress) {
      const now = monotonic();
      const address = addressKey(rawAddress);
      // A name of any length is as good as its first 64 characters here; case and spelling do not open another counter.
      const key = `${address} ${name.normalize('NFC').toLowerCase().slice(0, 64)}`;
      const found = pairs.get(key);
      const pair = found && now - found.touchedAt < FORGET_MS ? found : { failures: 0, openAt: 0, touchedAt: now };
      if (now < pair.openAt) return { waitSeconds: Math.ceil((pair.openAt - now) / 1000) };

      const bucket = bucketOf(address, now);
      if (bucket.tokens < 1) {
        return { waitSeconds: Math.max(1, Math.ceil(((1 - bucket.tokens) * ADDRESS_REFILL_MS) / 1000)) };
      }

      const suspect = bucket.tokens <= ADDRESS_BURST - UNSUSPECTED_FAILURES;
      const standing = suspect ? 'suspect' : proven.has(address) ? 'proven' : 'unknown';
      bucket.tokens -= 1;
      keep(addresses, address, bucket);
      const failures = pair.failures + 1;
      const delay = failures < FREE_FAILURES ? 0 : Math.min(MAX_DELAY_MS, 1000 * 2 ** (failures - FREE_FAILURES));
      const before = pair.openAt;
      keep(pairs, key, { failures, openAt: now + delay, touchedAt: now });

      let settled = false;
      const giveBack = (): boolean => {
        if (settled) return false;
        settled = true;
        const full = bucketOf(address, monotonic());
        keep(addresses, address, { ...full, tokens: Math.min(ADDRESS_BURST, full.tokens + 1) });
        return true;
      };
      return {
        admitted: {
          standing,
          succeeded() {
            if (!giveBack()) return;
            pairs.delete(key);
            keep(proven, address, true);
          },
          undone() {
            if (!giveBack()) return;
            const current = pairs.get(key);
            if (current && current.failures > 1) {
              keep(pairs, key, { ...current, failures: current.failures - 1, openAt: before });
            } else pairs.delete(key);
          },
        },
      };
    },
  };
}

/** An IPv6 customer owns a /64 at least: its addresses are one source. */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('%', 1)[0]!.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(':')}::/64`;
}

/** Puts the entry last; drops the first when there are too many. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_ENTRIES) {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
}
