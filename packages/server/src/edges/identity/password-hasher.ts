/**
 * argon2id with a bounded number at work: each costs 19 MiB and some 25 ms of CPU, so a flood of sign-ins must neither
 * fill the memory nor queue out a good one (V39, F11). Waiting is fair between sources; those that signed in before go
 * first and those that failed just now last, so that a flood from many addresses is slow for itself.
 */
import { hash, verify } from '@node-rs/argon2';

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. `2` is Algorithm.Argon2id, a const enum we cannot import. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Two at once keep one core's worth of sign-ins going and leave the other threads of the pool to file I/O. */
const MAX_AT_WORK = 2;
const MAX_WAITING_PER_SOURCE = 4;
/** In each queue. 128 are served in some two seconds. */
const MAX_WAITING = 128;
/** One place in this many goes to those who would otherwise wait for all the others. */
const LAST_FIRST_EVERY = 4;

/** What is known of a source: it signed in before, nothing, or it failed just now. In the order of being served. */
export const STANDINGS = ['proven', 'unknown', 'suspect'] as const;
export type Standing = (typeof STANDINGS)[number];
export interface HashSource {
  readonly key: string;
  readonly standing: Standing;
}
export interface PasswordHasher {
  /** undefined: too many are waiting. */
  hash(source: HashSource, password: string): Promise<string | undefined>;
  /** Without a stored hash the same work is done on a dummy, and the answer is false (V38). */
  verify(source: HashSource, stored: string | undefined, password: string): Promise<boolean | undefined>;
}

export function createPasswordHasher(dummyPassword: string): PasswordHasher {
  const dummy = hash(dummyPassword, PARAMETERS);
  // Told to whoever awaits it first; not to the process.
  dummy.catch(() => undefined);
  const queues = { proven: createFairQueue(), unknown: createFairQueue(), suspect: createFairQueue() };
  let atWork = 0;
  let served = 0;

  const next = (): (() => void) | undefined => {
    served += 1;
    const order = served % LAST_FIRST_EVERY === 0 ? STANDINGS.toReversed() : STANDINGS;
    for (const standing of order) {
      const start = queues[standing].take();
      if (start) return start;
    }
    return undefined;
  };

  const withPlace = async <T>(source: HashSource, work: () => Promise<T>): Promise<T | undefined> => {
    if (atWork < MAX_AT_WORK) atWork += 1;
    else {
      const place = new Promise<boolean>((settle) => {
        if (!queues[source.standing].put(source.key, () => settle(true))) settle(false);
      });
      if (!(await place)) return undefined;
    }
    try {
      return await work();
    } finally {
      // A place is handed on, not given up, while somebody waits for it.
      const start = next();
      if (start) start();
      else atWork -= 1;
    }
  };

  return {
    hash: (source, password) => withPlace(source, () => hash(password, PARAMETERS)),
    verify: (source, stored, password) =>
      withPlace(source, async () => {
        const matches = await verify(stored ?? (await dummy), password);
        return stored !== undefined && matches;
      }),
  };
}

interface FairQueue {
  /** False: this source's line, or the queue, is full. */
  put(key: string, start: () => void): boolean;
  take(): (() => void) | undefined;
}

/** One line per source, served in turn. */
function createFairQueue(): FairQueue {
  const lines = new Map<string, (() => void)[]>();
  let waiting = 0;
  return {
    put(key, start) {
      const line = lines.get(key) ?? [];
      if (line.length >= MAX_WAITING_PER_SOURCE || waiting >= MAX_WAITING) return false;
      waiting += 1;
      line.push(start);
      lines.set(key, line);
      return true;
    },
    take() {
      const [key, line] = lines.entries().next().value ?? [];
      if (key === undefined || line === undefined) return undefined;
      // To the back of the turn: the next place goes to another source.
      lines.delete(key);
      const start = line.shift();
      if (line.length > 0) lines.set(key, line);
      waiting -= 1;
      return start;
    },
  };
}
