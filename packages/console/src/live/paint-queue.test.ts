import { expect, it } from 'vitest';
import { createPaintQueue } from './paint-queue.js';

it('paints for a few milliseconds a frame, each picture once, in the order asked', () => {
  let now = 0;
  const frames: (() => void)[] = [];
  const queue = createPaintQueue({ now: () => now, frame: (run) => frames.push(run) });
  const painted: string[] = [];
  const painter = (name: string) => () => {
    painted.push(name);
    now += 3;
  };
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(painter);
  queue.add(a!);
  queue.add(b!);
  queue.add(a!);
  queue.add(c!);
  queue.add(d!)();
  expect(frames).toHaveLength(1);
  frames.shift()!();
  expect(painted).toEqual(['a', 'b']);
  frames.shift()!();
  expect(painted).toEqual(['a', 'b', 'c']);
  expect(frames).toEqual([]);
});
