/**
 * F26: each file call and each database statement of a whole life of a gateway fails in turn, until a life has no such
 * call left. Every rule of one-life.ts holds after each.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FAULTS, type Faults, FILE_FAULTS, injectFaults, type Plan } from '../fixtures/faults.js';
import { oneLife } from './one-life.js';
import { makeWorld, type World } from './world.js';

let world: World;
let faults: Faults;
beforeAll(async () => {
  world = await makeWorld();
  faults = injectFaults(world.directory);
});
afterAll(async () => {
  faults.remove();
  await world.close();
});

/** Past the last call nothing fails: the sweep is whole. */
async function sweep(planOf: (nth: number) => Plan): Promise<{ lives: number; broken: string[] }> {
  const broken: string[] = [];
  for (let nth = 1; ; nth += 1) {
    const plan = planOf(nth);
    const told = await oneLife(world, faults, plan);
    for (const what of told.broken) broken.push(`${nth}: ${told.failed}: ${what}`);
    if (told.failed === undefined) return { lives: nth, broken };
  }
}
const turn = <T>(list: readonly T[], nth: number): T => list[nth % list.length]!;

describe('every call fails in turn', () => {
  it('a life without a fault breaks no rule', async () => {
    const told = await oneLife(world, faults, { nth: Number.POSITIVE_INFINITY, file: 'EIO', database: 'SQLITE_IOERR' });
    expect(told.broken).toEqual([]);
    console.info(`${told.calls} calls`);
  });

  it('F26, V41: once', async () => {
    const { lives, broken } = await sweep((nth) => ({
      nth,
      file: turn(FILE_FAULTS, nth),
      database: turn(DATABASE_FAULTS, nth),
    }));
    expect(broken).toEqual([]);
    expect(lives).toBeGreaterThan(60);
  }, 300_000);

  it('F26, F4: and does not answer for half a minute', async () => {
    const { broken } = await sweep((nth) => ({ nth, file: 'hang', database: 'hang' }));
    expect(broken).toEqual([]);
  }, 300_000);

  it('F26, F3: and all that follow, until the session is over', async () => {
    const { broken } = await sweep((nth) => ({ nth, file: 'ENOSPC', database: 'SQLITE_FULL', lasting: true }));
    expect(broken).toEqual([]);
  }, 300_000);
});
