import { Worker } from 'node:worker_threads';

export type Unlocked = { readonly pem: string } | { readonly error: string };

/** A derivation may be written to take for ever (PKCS#8 names its own count). */
const UNLOCK_LIMIT_MS = 15_000;
/** More at once would only take the processor from each other and from the sessions; the rest wait in line. */
const UNLOCKING_MAX = 2;

let running = 0;
const waiting: (() => void)[] = [];

/** The same key without its passphrase, or why not. */
export async function unlockKey(pem: string, passphrase: string): Promise<Unlocked> {
  if (running >= UNLOCKING_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await inWorker(pem, passphrase);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function inWorker(pem: string, passphrase: string): Promise<Unlocked> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./unlock-worker.js', import.meta.url), { workerData: { pem, passphrase } });
    const finish = (answer: Unlocked): void => {
      clearTimeout(limit);
      resolve(answer);
      void worker.terminate();
    };
    const limit = setTimeout(() => finish({ error: 'takes too long' }), UNLOCK_LIMIT_MS);
    worker.once('message', (answer: Unlocked) => finish(answer));
    worker.once('error', (error) => finish({ error: error.message }));
    worker.once('exit', () => finish({ error: 'stopped' }));
  });
}
