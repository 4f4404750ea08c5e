/** The planned evaluator on a world: from the book at once, or change by change with decisions between, as a gateway would. */
import { emptyBook } from '../../src/policy/book.js';
import type { createEvaluator, Evaluator } from '../../src/policy/planned.js';
import { randomOf } from './random.js';
import { seen } from './seen.js';
import { makeWorld, NOW, type World } from './world.js';

export function evaluatorOf({ book, changes, seed }: World, create: typeof createEvaluator): Evaluator {
  const random = randomOf(seed + 1);
  if (random.chance(0.3)) return create(book);
  const evaluator = create(emptyBook(book.language, book.settings), random.pick([1, 3, 50_000]));
  const others = [makeWorld(seed).request, makeWorld(seed + 1).request];
  for (const change of changes) {
    evaluator.apply(change);
    // Decisions on the way leave caches behind that the next change must see to.
    if (random.chance(0.2)) evaluator.decide(random.pick(others), seen(seed), NOW);
  }
  return evaluator;
}
