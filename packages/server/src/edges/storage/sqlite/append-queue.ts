/**
 * Appends that wait and go to disk in groups: one transaction for all that came while the last one was written, so that
 * they cost a share of one sync, not one each. In the order of the calls.
 */
import { isBusy } from './sqlite-dialect.js';

/** Under SQLite's bound of 32,766 parameters with eleven values each. */
const GROUP_MAX = 500;
/** While another process holds the lock, appends wait here (F5). Past this the caller is refused. */
const QUEUE_MAX = 20_000;

interface Waiting<Item, Done> {
  readonly item: Item;
  resolve(done: Done): void;
  reject(error: unknown): void;
}

export function createAppendQueue<Item, Done>(
  what: string,
  write: (group: readonly Item[]) => Promise<readonly Done[]>,
): (item: Item) => Promise<Done> {
  const queue: Waiting<Item, Done>[] = [];
  let writing = false;

  async function drain(): Promise<void> {
    writing = true;
    while (queue.length > 0) {
      const group = queue.slice(0, GROUP_MAX);
      try {
        const done = await write(group.map(({ item }) => item));
        queue.splice(0, group.length);
        for (const [i, { resolve }] of group.entries()) resolve(done[i]!);
      } catch (error) {
        if (isBusy(error)) continue; // nothing was written, and SQLite has waited already
        queue.splice(0, group.length);
        for (const { reject } of group) reject(error);
      }
    }
    writing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (queue.length >= QUEUE_MAX) {
        reject(new Error(`${what} cannot be written: too many entries are waiting`));
        return;
      }
      queue.push({ item, resolve, reject });
      if (!writing) void drain();
    });
}
