/** Whatever is done in whatever order: what is held, running or under the floor stays. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ADMIN, Crash, DAY, FLOOR, keepWorld } from './keep-world.js';

const SUBJECTS = ['recording', 'user', 'host'] as const;
const ONE_OF_TWO = fc.constantFrom('1', '2');

const step = fc.oneof(
  fc.record({
    do: fc.constant('record' as const),
    user: ONE_OF_TWO,
    host: ONE_OF_TWO,
    prod: fc.boolean(),
    running: fc.boolean(),
  }),
  fc.record({ do: fc.constant('end' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ do: fc.constant('hold' as const), subject: fc.constantFrom(...SUBJECTS), which: fc.nat(20) }),
  fc.record({ do: fc.constant('release' as const), subject: fc.constantFrom(...SUBJECTS), which: fc.nat(20) }),
  fc.record({
    do: fc.constant('policy' as const),
    days: fc.nat(30),
    maxBytes: fc.nat(500),
    prod: fc.boolean(),
    guard: fc.boolean(),
  }),
  fc.record({ do: fc.constant('remove' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('sweep' as const), diesAt: fc.option(fc.integer({ min: 1, max: 30 })) }),
  fc.record({ do: fc.constant('clock-step' as const), days: fc.integer({ min: -5, max: 5 }) }),
);

interface Known {
  readonly id: string;
  readonly userId: string;
  readonly hostId: string;
  since?: number;
}

it('nothing held, running or under the floor is ever deleted by any sequence of operations (law)', {
  timeout: 180_000,
}, async () => {
  let deletions = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const world = await keepWorld();
      const { clock, keeper } = world;
      const known: Known[] = [];
      const holds = new Set<string>();
      const pick = (which: number): Known | undefined => known[which % Math.max(1, known.length)];
      const placeOf = (subject: (typeof SUBJECTS)[number], one: Known) => {
        const subjectId = { recording: one.id, user: one.userId, host: one.hostId }[subject];
        return { subject, subjectId };
      };
      const guarded = (one: Known): boolean =>
        one.since === undefined ||
        clock.now() < one.since + FLOOR ||
        SUBJECTS.some((subject) => holds.has(`${subject} ${placeOf(subject, one).subjectId}`));
      try {
        for (const one of steps) {
          const safe = known.filter((recording) => world.stored(recording.id) && guarded(recording));
          switch (one.do) {
            case 'record': {
              const [userId, hostId] = [`u${one.user}`, `h${one.host}`];
              const labels = one.prod ? { env: 'prod' } : {};
              const id = await world.record({ userId, hostId, labels, ...(one.running ? { running: true } : {}) });
              known.push({ id, userId, hostId, ...(one.running ? {} : { since: clock.now() }) });
              break;
            }
            case 'end': {
              const session = pick(one.which);
              if (session !== undefined && session.since === undefined) {
                await world.end(session.id);
                session.since = clock.now();
              }
              break;
            }
            case 'wait':
              clock.advance(one.days * DAY);
              break;
            case 'clock-step':
              clock.step(one.days * DAY);
              break;
            case 'hold': {
              const session = pick(one.which);
              if (session === undefined) break;
              const place = placeOf(one.subject, session);
              const placed = await keeper.hold(place, 'case', ADMIN);
              if (placed.ok) holds.add(`${place.subject} ${place.subjectId}`);
              break;
            }
            case 'release': {
              const session = pick(one.which);
              if (session === undefined) break;
              const place = placeOf(one.subject, session);
              const lifted = await keeper.release(place, 'over', ADMIN);
              expect(lifted.ok).toBe(holds.delete(`${place.subject} ${place.subjectId}`));
              break;
            }
            case 'policy': {
              const rules = [
                { name: 'all', labels: {}, days: one.days, evenWhenFull: false },
                { name: 'prod', labels: { env: 'prod' }, days: 3 * one.days, evenWhenFull: one.guard },
              ];
              await keeper.setPolicy({ rules: one.prod ? rules : rules.slice(0, 1), maxBytes: one.maxBytes }, ADMIN);
              break;
            }
            case 'remove': {
              const session = pick(one.which);
              if (session !== undefined) await keeper.remove(session.id, 'asked for', ADMIN);
              break;
            }
            case 'sweep':
              if (one.diesAt === null) await keeper.sweep();
              else {
                await world
                  .dying(one.diesAt, one.diesAt % 2 === 0)
                  .sweep()
                  .catch((error: unknown) => {
                    if (!(error instanceof Crash)) throw error;
                  });
                await keeper.recover();
              }
              break;
          }
          for (const { id } of safe) expect(world.stored(id), `${one.do} took ${id}`).toBe(true);
          expect(await world.deps.deletions.unfinished()).toEqual([]);
        }
        deletions += known.filter(({ id }) => !world.stored(id)).length;
        // What went is told, by name, and what is told went.
        const told = world.told.flatMap((event) => ('sessionId' in event ? [event.sessionId] : []));
        expect(told.sort()).toEqual(known.flatMap(({ id }) => (world.stored(id) ? [] : [id])).sort());
      } finally {
        await world.close();
      }
    }),
    {
      numRuns: process.env.LONG_TESTS === '1' ? 500 : 25,
      // One that surely deletes: a few random ones may all keep everything.
      examples: [
        [
          [
            { do: 'record', user: '1', host: '1', prod: false, running: false },
            { do: 'wait', days: 20 },
            { do: 'remove', which: 0 },
          ],
        ],
      ],
    },
  );
  expect(deletions).toBeGreaterThan(0);
});
