/** The law that the planned evaluator equals the reference can fail: it catches every one of these mistakes. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluatorOf } from '../../test/policy/evaluator-of.js';
import { MUTANTS, type Mutant } from '../../test/policy/mutants.js';
import { seen } from '../../test/policy/seen.js';
import { makeWorld, NOW } from '../../test/policy/world.js';
import * as reference from './reference.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../../.cache/', import.meta.url));
mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'mutants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Worlds until the mistake shows. */
const MOST_WORLDS = 20_000;
const TIME_LIMIT_MS = 300_000; // so many worlds on a busy machine, if a mistake were not caught

async function mutated(mutant: Mutant, at: number): Promise<typeof import('./planned.js')> {
  const copy = join(folder, String(at));
  cpSync(HERE, copy, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  const source = readFileSync(join(copy, mutant.file), 'utf8');
  expect(source.split(mutant.from), `${mutant.file} has not one place for it`).toHaveLength(2);
  writeFileSync(
    join(copy, mutant.file),
    source.replace(mutant.from, () => mutant.to),
  );
  return (await import(pathToFileURL(join(copy, 'planned.ts')).href)) as typeof import('./planned.js');
}

describe('a mistake in the planned evaluator is caught', () => {
  it.each(MUTANTS.map((mutant, at) => [mutant.name, mutant, at] as const))(
    '%s',
    async (_, mutant, at) => {
      const { createEvaluator } = await mutated(mutant, at);
      const caught = (seed: number): boolean => {
        const world = makeWorld(seed);
        const { book, request } = world;
        const see = seen(seed);
        const evaluator = evaluatorOf(world, createEvaluator);
        return !(
          isDeepStrictEqual(evaluator.decide(request, see, NOW), reference.decide(book, request, see, NOW)) &&
          isDeepStrictEqual(evaluator.review(request, see, NOW), reference.review(book, request, see, NOW))
        );
      };
      let seed = 1;
      while (seed <= MOST_WORLDS && !caught(seed)) seed++;
      expect(seed).toBeLessThanOrEqual(MOST_WORLDS);
    },
    TIME_LIMIT_MS,
  );
});
