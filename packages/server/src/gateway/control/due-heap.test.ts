import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDueHeap } from './due-heap.js';

it('gives what is due in order, each once, whatever was moved or taken out before', () => {
  const act = fc.record({ item: fc.nat(9), at: fc.option(fc.nat(50)) });
  fc.assert(
    fc.property(fc.array(act), fc.nat(50), (acts, now) => {
      const items = Array.from({ length: 10 }, (_, n) => ({ n }));
      const heap = createDueHeap<{ n: number }>();
      const model = new Map<number, number>();
      for (const { item, at } of acts) {
        if (at === null) {
          heap.remove(items[item]!);
          model.delete(item);
        } else {
          heap.set(items[item]!, at);
          model.set(item, at);
        }
        expect(heap.head()).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
      }
      const taken: number[] = [];
      for (let one = heap.takeUntil(now); one !== undefined; one = heap.takeUntil(now)) taken.push(one.n);
      const times = taken.map((n) => model.get(n)!);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect([...taken].sort()).toEqual(
        [...model]
          .filter(([, at]) => at <= now)
          .map(([n]) => n)
          .sort(),
      );
    }),
  );
});
