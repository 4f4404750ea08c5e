/**
 * Blocks, as people set, see and lift them: facts of the control book, which refuses what they are about from the turn in
 * which they are written. Lifted ones stay, with who lifted them, when and why.
 */
import type { Block } from '@sallyport/core/model/block.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import { automaticBlock, type Block as BookBlock } from '@sallyport/core/policy/block.js';
import type { Book } from '@sallyport/core/policy/book.js';
import { FOREVER, isActive } from '@sallyport/core/policy/instant.js';
import type { Clock } from '../ports/clock.js';
import { type ControlRoom, put } from './control-room.js';

export interface BlockRequest {
  readonly userId: string;
  readonly minutes: number;
  readonly reason: string;
  readonly sessionId?: string | undefined;
}
export interface BlockDesk {
  /** `block.self`, `block.last-admin`. Undefined: the end of that session has brought one already. */
  add(
    by: { readonly name: string; readonly userId: string },
    request: BlockRequest,
  ): Promise<Result<Block | undefined>>;
  /** Who may not be blocked, before anything is done. */
  refused(byId: string, userId: string): Result<void>;
  /** What follows too many operations (S70). Undefined when such a block stands already. */
  addAutomatic(userId: string, cause: NonNullable<BookBlock['cause']>): Promise<Block | undefined>;
  /** Those that still stand now, the newest first. */
  standing(): readonly Block[];
  /** What it was, for who did so, once. */
  lift(id: string, by: string, reason: string): Promise<Result<Block>>;
}

const MINUTE_MS = 60_000;

export function createBlockDesk(parts: {
  readonly room: ControlRoom;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: (bytes: number) => Uint8Array;
}): BlockDesk {
  const { room, clock, random } = parts;
  const newId = (): string => idFromBytes(random(16));
  const standingIn = (book: Book): readonly BookBlock[] => {
    const now = clock.now();
    return [...book.tables.block.values()].filter((block) => block.lifted === undefined && isActive(block, now));
  };

  function isLastAdmin(book: Book, userId: string): boolean {
    const blocked = new Set(standingIn(book).flatMap(({ on }) => ('user' in on ? [on.user] : [])));
    const left = [...book.tables.subject.values()].some(
      ({ id, active, roles }) => id !== userId && active && roles.includes('admin') && !blocked.has(id),
    );
    return !left && book.tables.subject.get(userId)?.roles.includes('admin') === true;
  }
  function refused(book: Book, byId: string, userId: string): Result<void> {
    if (byId === userId) return fail('block.self');
    return isLastAdmin(book, userId) ? fail('block.last-admin') : ok(undefined);
  }

  return {
    refused: (byId, userId) => refused(room.evaluator.book(), byId, userId),

    async add(by, { userId, minutes, reason, sessionId }) {
      let made: BookBlock | undefined;
      const changed = await room.change(by.name, (book) => {
        const blocks = [...book.tables.block.values()];
        if (sessionId !== undefined && blocks.some(({ session }) => session === sessionId)) return ok([]);
        const may = refused(book, by.userId, userId);
        if (!may.ok) return may;
        const from = clock.now();
        made = {
          id: newId(),
          on: { user: userId },
          source: 'manual',
          reason,
          by: by.name,
          byId: by.userId,
          ...(sessionId === undefined ? {} : { session: sessionId }),
          from,
          until: from + minutes * MINUTE_MS,
        };
        return ok(put(book, 'block', made.id, made));
      });
      return changed.ok ? ok(made && viewOf(made)) : changed;
    },

    async addAutomatic(userId, cause) {
      let made: BookBlock | undefined;
      const changed = await room.change('system', (book) => {
        // Nobody would be left to lift it; the quota refuses all the same.
        if (isLastAdmin(book, userId)) return ok([]);
        const there = standingIn(book).some(
          (one) => one.source === 'automatic' && 'user' in one.on && one.on.user === userId,
        );
        if (there) return ok([]);
        made = automaticBlock(newId(), userId, clock.now(), cause);
        return ok(put(book, 'block', made.id, made));
      });
      return changed.ok ? made && viewOf(made) : undefined;
    },

    standing: () =>
      standingIn(room.evaluator.book())
        .flatMap((block) => viewOf(block) ?? [])
        .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)),

    async lift(id, by, reason) {
      let was: BookBlock | undefined;
      const changed = await room.change(by, (book) => {
        was = book.tables.block.get(id);
        if (was === undefined || !standingIn(book).includes(was)) return fail('not-found');
        return ok(put(book, 'block', id, { ...was, lifted: { at: clock.now(), by, reason } }));
      });
      if (!changed.ok) return changed;
      const view = was && viewOf(was);
      return view === undefined ? fail('not-found') : ok(view);
    },
  };
}

/** Lists are about users; what else a block can be on has no page yet. */
function viewOf({
  id,
  on,
  until = FOREVER,
  reason,
  by,
  byId,
  from = 0,
  session,
  source,
}: BookBlock): Block | undefined {
  if (!('user' in on)) return undefined;
  return {
    id,
    userId: on.user,
    until,
    reason,
    by,
    ...(byId === undefined ? {} : { byId }),
    at: from,
    ...(session === undefined ? {} : { sessionId: session }),
    ...(source === 'automatic' ? { automatic: true as const } : {}),
  };
}
