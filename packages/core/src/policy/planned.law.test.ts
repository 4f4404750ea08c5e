/** Planned equals specified, on random worlds. `LONG_TESTS=1` looks at a million of them, another number at as many. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { evaluatorOf } from '../../test/policy/evaluator-of.js';
import { randomOf } from '../../test/policy/random.js';
import { seen } from '../../test/policy/seen.js';
import { makeWorld, NOW, REACH_MS, type World } from '../../test/policy/world.js';
import type { Decision } from './decision.js';
import { createEvaluator } from './planned.js';
import * as reference from './reference.js';
import { isPending } from './see.js';

const LONG = Number(process.env.LONG_TESTS ?? 0);
const CASES = LONG === 0 ? 20_000 : LONG === 1 ? 1_000_000 : LONG;
const TIME_LIMIT_MS = Math.max(300_000, CASES * 20);

const shown = (world: World): string => JSON.stringify({ seed: world.seed, request: world.request });

describe('the planned evaluator', () => {
  it(
    `law: decides as the reference does, in ${CASES} random worlds, and reviews the same`,
    () => {
      const codes = new Map<string, number>();
      for (let seed = 1; seed <= CASES; seed++) {
        const world = makeWorld(seed);
        const evaluator = evaluatorOf(world, createEvaluator);
        const see = seen(seed);
        const { book, request, login } = world;
        for (const now of [NOW, NOW + randomOf(seed).between(1, REACH_MS)]) {
          const pairs = [
            [evaluator.decide(request, see, now), reference.decide(book, request, see, now)],
            [evaluator.review(request, see, now), reference.review(book, request, see, now)],
            [evaluator.decideLogin(login, see, now), reference.decideLogin(book, login, see, now)],
            [evaluator.decideAccess(login, see, now), reference.decideAccess(book, login, see, now)],
          ] as const;
          for (const [planned, specified] of pairs) {
            if (!isDeepStrictEqual(planned, specified)) expect(planned, shown(world)).toEqual(specified);
          }
          const [[, decided]] = pairs;
          const code = isPending(decided) ? 'pending' : (decided as Decision).code;
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }
      }
      // A law that looks at half of the outcomes proves half.
      for (const code of EVERY_CODE) expect(codes.get(code) ?? 0, code).toBeGreaterThan(CASES / 2_000);
    },
    TIME_LIMIT_MS,
  );
});

const EVERY_CODE = [
  'pending',
  'allowed',
  'user-unknown',
  'user-disabled',
  'user-blocked',
  'resource-unknown',
  'operation-unknown',
  'no-grant',
  'grant-denied',
  'operation-frequency',
  'resource-blocked',
  'check-failed',
  'step-up-needed',
  'approval-needed',
  'outside-window',
  'source-refused',
  'cap-reached',
  'rule-applies',
  'own-reason',
];
