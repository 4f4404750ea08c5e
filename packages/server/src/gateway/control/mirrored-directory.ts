/**
 * The directory, whose users and hosts are in the control book too: whoever is made, changed, switched off or deleted is so
 * in the book before the write is answered. A write whose book change cannot be stored fails; it is then caught up by the
 * next write, and at the latest by the next start.
 */
import { ok, type Result } from '@sallyport/core/model/problem.js';
import type { ChangedFact } from '@sallyport/core/policy/book.js';
import type { Directory } from '../ports/directory.js';
import type { ChangePlan, ControlRoom } from './control-room.js';
import { directoryFacts, hostFacts, programFacts, userFacts } from './standing-facts.js';

const BY = 'directory';

/** Brings the book up to date with the program and the directory. */
export async function reconcile(room: ControlRoom, directory: Pick<Directory, 'users' | 'hosts'>): Promise<void> {
  await must(room, (book) => ok(programFacts(book)));
  await must(room, async (book) => ok(directoryFacts(book, await directory.users(), await directory.hosts())));
}

async function must(room: ControlRoom, plan: ChangePlan): Promise<void> {
  const changed = await room.change(BY, plan);
  if (!changed.ok) throw new Error(`the control book refuses the directory: ${JSON.stringify(changed.problem)}`);
}

export function mirrorDirectory(directory: Directory, room: ControlRoom): Directory {
  /** Book changes that failed, and how many of them were caught up: until all are, the book is not trusted to know all. */
  let failed = 0;
  let caughtUp = 0;

  async function follow(plan: ChangePlan): Promise<void> {
    const seen = failed;
    try {
      await (seen > caughtUp ? reconcile(room, directory) : must(room, plan));
    } catch (error) {
      failed++;
      throw error;
    }
    caughtUp = Math.max(caughtUp, seen);
  }
  /** The row is read when the change has its turn: of two writes at once the later one stays. */
  const afterwards =
    <A extends readonly unknown[], T extends { readonly id: string }>(
      write: (...args: A) => Promise<Result<T>>,
      factsOf: (id: string) => ChangePlan,
    ) =>
    async (...args: A): Promise<Result<T>> => {
      const written = await write(...args);
      if (written.ok) await follow(factsOf(written.value.id));
      return written;
    };
  const answer = (facts: readonly ChangedFact[]): Result<readonly ChangedFact[]> => ok(facts);
  const user =
    (id: string): ChangePlan =>
    async (book) =>
      answer(userFacts(book, id, await directory.user(id)));
  const host =
    (id: string): ChangePlan =>
    async (book) =>
      answer(hostFacts(book, id, await directory.host(id)));

  return {
    ...directory,
    createUser: afterwards(directory.createUser, user),
    updateUser: afterwards(directory.updateUser, user),
    deleteUser: afterwards(directory.deleteUser, user),
    createHost: afterwards(directory.createHost, host),
    updateHost: afterwards(directory.updateHost, host),
    deleteHost: afterwards(directory.deleteHost, host),
  };
}
