/** What every clock must do. `pass` lets `ms` go by: a fake clock is moved, the real one is waited for. */
import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.js';

export function describeClockContract(
  name: string,
  make: () => { clock: Clock; pass(ms: number): Promise<void> },
): void {
  describe(`clock: ${name}`, () => {
    it('tells UTC milliseconds, and a time that only goes forward (F10)', async () => {
      const { clock, pass } = make();
      const [wall, steady] = [clock.now(), clock.monotonic()];
      expect(wall).toBeGreaterThan(Date.UTC(2025, 0, 1));
      await pass(20);
      expect(clock.monotonic() - steady).toBeGreaterThanOrEqual(19);
      expect(clock.now()).toBeGreaterThanOrEqual(wall);
    });

    it('calls once, not before its time, in order of due times', async () => {
      const { clock, pass } = make();
      const called: string[] = [];
      const asked = clock.monotonic();
      let at = 0;
      clock.after(30, () => called.push('later'));
      clock.after(5, () => {
        at = clock.monotonic() - asked;
        called.push('sooner');
      });
      expect(called).toEqual([]);
      await pass(60);
      expect(called).toEqual(['sooner', 'later']);
      expect(at).toBeGreaterThanOrEqual(4);
      await pass(40);
      expect(called).toHaveLength(2);
    });

    it('forgets what is cancelled, also after it was called', async () => {
      const { clock, pass } = make();
      let calls = 0;
      const cancel = clock.after(10, () => calls++);
      const cancelLate = clock.after(1, () => calls++);
      cancel();
      cancel();
      await pass(30);
      cancelLate();
      expect(calls).toBe(1);
    });

    it('takes times past the longest timer of the machine, and none below zero', async () => {
      const { clock, pass } = make();
      let [soon, never] = [0, 0];
      const cancel = clock.after(Number.MAX_SAFE_INTEGER, () => never++);
      clock.after(-5, () => soon++);
      await pass(20);
      cancel();
      expect([soon, never]).toEqual([1, 0]);
    });
  });
}
