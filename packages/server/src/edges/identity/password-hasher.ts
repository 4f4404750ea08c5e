/**
 * argon2id with a bounded number at work: each costs 19 MiB and some 25 ms of CPU, so a flood of sign-ins must neither
 * fill the memory nor queue out a good one (V39, F11). Waiting is fair between sources: one line per source, served in
 * turn, and a source with a full line is refused rather than let wait.
 */
import { hash, verify } from '@node-rs/argon2';

/** OWASP's floor for argon2id: 19 MiB, two passes, one lane. `2` is Algorithm.Argon2id, a const enum we cannot import. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Two at once keep one core's worth of sign-ins going and leave the other threads of the pool to file I/O. */
const MAX_AT_WORK = 2;
const MAX_WAITING_PER_SOURCE = 4;
const MAX_WAITING = 128;

export interface PasswordHasher {
  /** undefined: too many are waiting. */
  hash(source: string, password: string): Promise<string | undefined>;
  /** Without a stored hash the same work is done on a dummy, and the answer is false (V38). */
  verify(source: string, stored: string | undefined, password: string): Promise<boolean | undefined>;
}

export function createPasswordHasher(dummyPassword: string): PasswordHasher {
  const dummy = hash(dummyPassword, PARAMETERS);
  // Told to whoever awaits it first; not to the process.
  dummy.catch(() => undefined);
  const lines = new Map<string, (() => void)[]>();
  let atWork = 0;
  let waiting = 0;

  const next = (): void => {
    const [source, line] = lines.entries().next().value ?? [];
    if (source === undefined || line === undefined) return;
    // To the back of the turn: the next place goes to another source.
    lines.delete(source);
    const start = line.shift();
    if (line.length > 0) lines.set(source, line);
    waiting -= 1;
    start?.();
  };

  const withPlace = async <T>(source: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (atWork >= MAX_AT_WORK) {
      const line = lines.get(source) ?? [];
      if (line.length >= MAX_WAITING_PER_SOURCE || waiting >= MAX_WAITING) return undefined;
      waiting += 1;
      await new Promise<void>((start) => {
        line.push(start);
        lines.set(source, line);
      });
    } else {
      atWork += 1;
    }
    try {
      return await work();
    } finally {
      // A place is handed on, not given up, while somebody waits for it.
      if (waiting > 0) next();
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
