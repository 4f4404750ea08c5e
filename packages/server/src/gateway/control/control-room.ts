/**
 * Holds the control book and its evaluator. Every change goes one road, one at a time: planned on the book as it stands,
 * validated, stored, applied, told. What cannot be stored has not happened.
 *
 * INVARIANT: applying and telling happen in one turn, so nobody decides on the new book before what runs was looked at.
 */

import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import {
  applyChange,
  type Book,
  type Change,
  type ChangedFact,
  foldChanges,
  type Items,
  type Noun,
} from '@sallyport/core/policy/book.js';
import { createEvaluator, type Evaluator } from '@sallyport/core/policy/planned.js';
import { validateFact } from '@sallyport/core/policy/validate.js';
import type { Clock } from '../ports/clock.js';
import type { ControlStore } from '../ports/control-store.js';

/** Read on the book as it stands when the change has its turn. */
export type ChangePlan = (book: Book) => Result<readonly ChangedFact[]> | Promise<Result<readonly ChangedFact[]>>;

export interface ControlRoom {
  readonly evaluator: Evaluator;
  change(by: string, plan: ChangePlan): Promise<Result<readonly Change[]>>;
  /** Told of all changes of one step at once, in the turn in which they took effect. Answers how to stop. */
  onChange(listener: (changes: readonly Change[]) => void): () => void;
}

/** Another process writes to the same book: a command on the data directory, once in a while. */
const TRIES = 20;

export async function openControlRoom(
  store: ControlStore,
  clock: Pick<Clock, 'now'>,
  empty: Book,
): Promise<ControlRoom> {
  return createControlRoom(store, clock, foldChanges(empty, await store.changes(empty.version)));
}

export function createControlRoom(store: ControlStore, clock: Pick<Clock, 'now'>, book: Book): ControlRoom {
  const evaluator = createEvaluator(book);
  const listeners = new Set<(changes: readonly Change[]) => void>();
  let last: Promise<unknown> = Promise.resolve();

  function take(changes: readonly Change[]): void {
    for (const change of changes) evaluator.apply(change);
    for (const listener of [...listeners]) listener(changes);
  }

  async function attempt(by: string, plan: ChangePlan): Promise<Result<readonly Change[]>> {
    for (let tries = 0; tries < TRIES; tries++) {
      const planned = await plan(evaluator.book());
      if (!planned.ok) return planned;
      if (planned.value.length === 0) return ok([]);
      const numbered = numberOff(evaluator.book(), planned.value, clock.now(), by);
      if (!numbered.ok) return numbered;
      if (await store.append(numbered.value)) {
        take(numbered.value);
        return numbered;
      }
      take(await store.changes(evaluator.book().version));
    }
    throw new Error('the control book is being written by somebody else');
  }

  return {
    evaluator,
    change(by, plan) {
      const mine = last.then(() => attempt(by, plan));
      last = mine.catch(() => undefined);
      return mine;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** With versions, each valid on the book that those before it leave. */
function numberOff(book: Book, facts: readonly ChangedFact[], at: number, by: string): Result<readonly Change[]> {
  let next = book;
  const changes: Change[] = [];
  for (const fact of facts) {
    const [fault] = validateFact(next, fact);
    if (fault !== undefined) return fail('control.invalid', { code: fault.code, path: fault.path, found: fault.found });
    const change: Change = { version: next.version + 1, at, by, ...fact };
    changes.push(change);
    next = applyChange(next, change);
  }
  return ok(changes);
}

/** The fact that puts an item where there was another, or none; nothing when it is there as it is. */
export function put<N extends Noun>(book: Book, noun: N, key: string, after: Items[N] | undefined): ChangedFact[] {
  const before = book.tables[noun].get(key) as Items[N] | undefined;
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    {
      noun,
      key,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    } as ChangedFact,
  ];
}
