import { afterEach, describe, expect, it } from 'vitest';
import { FIRST_PACE, keepPace, keptPace } from './pace.js';

describe('the pace of replays', () => {
  const stored = new Map<string, string>();
  const storage = { getItem: (key: string) => stored.get(key) ?? null, setItem: stored.set.bind(stored) };
  Object.assign(globalThis, { localStorage: storage });
  afterEach(() => stored.clear());

  it('X22: is three times with idle skipped at first, and afterwards what was chosen', () => {
    expect(keptPace()).toEqual({ speed: 3, skipIdle: true });
    keepPace({ speed: 0.5, skipIdle: false });
    expect(keptPace()).toEqual({ speed: 0.5, skipIdle: false });
  });

  it('survives what is not its own', () => {
    for (const strange of ['{', 'null', '{"speed":7,"skipIdle":"no"}', '[]']) {
      stored.set('sallyport.replay', strange);
      expect(keptPace()).toEqual(FIRST_PACE);
    }
  });
});
