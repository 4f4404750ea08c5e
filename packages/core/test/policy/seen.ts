/** A See whose every answer follows from a seed and the name of what is asked, so two evaluators see the same. */
import type { Answer, Failure } from '../../src/policy/answer.js';
import { PASS } from '../../src/policy/answer.js';
import type { Pending, See } from '../../src/policy/see.js';
import { type Random, randomOf } from './random.js';
import { NOW, REACH_MS } from './world.js';

export function seen(seed: number, { waits = true } = {}): See {
  const about = (name: string): Random => {
    let hash = seed * 7_919;
    for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
    return randomOf(hash);
  };
  const later = (random: Random): number => NOW + random.between(1, REACH_MS);
  const pending: Pending = { pending: Promise.resolve() };
  return {
    place(key, _quota, now) {
      const random = about(key);
      if (random.chance(0.02)) return { failed: 'store' };
      if (waits && random.chance(0.01)) return pending;
      const retryAt = NOW + random.between(-3 * REACH_MS, REACH_MS);
      return { used: 2, ...(random.chance(0.3) && retryAt > now ? { retryAt } : {}) };
    },
    count(key) {
      const random = about(key);
      return random.chance(0.03) ? { failed: 'store' } : { count: random.between(0, 4) };
    },
    answer(check) {
      const random = about(`${check.half}:${check.name}`);
      if (waits && random.chance(0.05)) return pending;
      const until = random.chance(0.3) ? { until: later(random) } : {};
      return random.pick<Answer | Failure>([
        PASS,
        PASS,
        { pass: true, ...until },
        {
          pass: true,
          ...until,
          obligations: [
            { kind: 'notice', text: 'x' },
            { kind: 'step-up', maxAgeMs: 7 },
          ],
        },
        { pass: false, code: 'own-reason', params: { n: 1 }, ...until },
        { failed: 'threw', ...until },
      ]);
    },
    paid(debt, _request, now) {
      const random = about(JSON.stringify(debt));
      const until = later(random);
      return random.chance(0.6) && until > now ? { until } : {};
    },
  };
}
