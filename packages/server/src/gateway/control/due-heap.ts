/** DueHeap: things by the time at which they are due. Each stands in it once; the earliest is at the head. */
import type { Instant } from '@sallyport/core/policy/instant.js';

export interface DueHeap<T> {
  /** Puts it in, or moves it. */
  set(item: T, at: Instant): void;
  remove(item: T): void;
  /** When the earliest is due. */
  head(): Instant | undefined;
  /** Takes one out that is due by then. */
  takeUntil(now: Instant): T | undefined;
}

interface Entry<T> {
  readonly item: T;
  readonly at: Instant;
}

export function createDueHeap<T extends object>(): DueHeap<T> {
  /** A binary heap; `at` of the parent is never later. */
  const heap: Entry<T>[] = [];
  const places = new Map<T, number>();

  function put(index: number, entry: Entry<T>): void {
    heap[index] = entry;
    places.set(entry.item, index);
  }
  function rise(from: number, entry: Entry<T>): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.at <= entry.at) break;
      put(index, heap[parent]!);
      index = parent;
    }
    put(index, entry);
  }
  function sink(from: number, entry: Entry<T>): void {
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
      if (child >= heap.length || heap[child]!.at >= entry.at) break;
      put(index, heap[child]!);
      index = child;
    }
    put(index, entry);
  }
  function remove(item: T): void {
    const index = places.get(item);
    if (index === undefined) return;
    places.delete(item);
    const last = heap.pop()!;
    if (last.item === item) return;
    if (index > 0 && heap[(index - 1) >> 1]!.at > last.at) rise(index, last);
    else sink(index, last);
  }

  return {
    set(item, at) {
      remove(item);
      rise(heap.length, { item, at });
    },
    remove,
    head: () => heap[0]?.at,
    takeUntil(now) {
      const first = heap[0];
      if (first === undefined || first.at > now) return undefined;
      remove(first.item);
      return first.item;
    },
  };
}
