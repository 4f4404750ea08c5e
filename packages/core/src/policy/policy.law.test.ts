/** What must be true of any decision, whoever makes it. Checked on the reference; the planned one is held to it elsewhere. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../test/policy/random.js';
import { seen } from '../../test/policy/seen.js';
import { block, custom, grant, makeWorld, NOW, REACH_MS, shuffled, WORDS } from '../../test/policy/world.js';
import type { Block } from './block.js';
import { applyChange, type Book, type Change, type ChangedFact, emptyBook } from './book.js';
import type { Check } from './check.js';
import type { Decision } from './decision.js';
import type { Grant } from './grant.js';
import { playbackSee, recompute, recordingSee, UnknownObservation } from './recording-see.js';
import { decide, decideAccess, decideLogin, review } from './reference.js';
import { isPending } from './see.js';

const CASES = process.env.LONG_TESTS === undefined ? 2_000 : 200_000;
const TIME_LIMIT_MS = process.env.LONG_TESTS === undefined ? 120_000 : 7_200_000;

/** Every decision that could be made at once, with what it was made on. */
function decided(seed: number) {
  const world = makeWorld(seed);
  const see = seen(seed, { waits: false });
  const decision = decide(world.book, world.request, see, NOW);
  if (isPending(decision)) throw new Error('nothing waits here');
  return { ...world, see, decision };
}
const answer = ({ outcome, code, by, params, obligations }: Decision): object => ({
  outcome,
  code,
  by,
  params,
  obligations,
});

const changed = (book: Book, fact: ChangedFact): Book =>
  applyChange(book, { version: book.version + 1, at: NOW, by: 'law', ...fact } as Change);

describe('laws of deciding', () => {
  it(
    'the same answer at every instant before `until`',
    () => {
      let instants = 0;
      for (let seed = 1; seed <= CASES; seed++) {
        const { book, request, login, see, decision } = decided(seed);
        const looked = review(book, request, see, NOW);
        const door = decideLogin(book, login, see, NOW);
        if (isPending(looked) || isPending(door)) throw new Error('nothing waits here');
        for (let now = NOW + 1; now <= NOW + REACH_MS; now++, instants++) {
          if (now < decision.until) {
            const later = decide(book, request, see, now) as Decision;
            if (!isDeepStrictEqual(answer(later), answer(decision)))
              expect(answer(later), `${seed}`).toEqual(answer(decision));
          }
          if (now < door.until) {
            expect(answer(decideLogin(book, login, see, now) as Decision), `${seed}`).toEqual(answer(door));
          }
          if (now < looked.until)
            expect(review(book, request, see, now), `${seed}`).toMatchObject({ objections: looked.objections });
        }
      }
      expect(instants).toBeGreaterThan(CASES * REACH_MS - 1);
    },
    TIME_LIMIT_MS,
  );

  it(
    'the order of grants, blocks and rules is irrelevant',
    () => {
      for (let seed = 1; seed <= CASES; seed++) {
        const { book, request, see, decision } = decided(seed);
        const other = decide(shuffled(book, randomOf(seed)), request, see, NOW);
        if (!isDeepStrictEqual(other, decision)) expect(other, `${seed}`).toEqual(decision);
      }
    },
    TIME_LIMIT_MS,
  );

  it(
    'a deny, block, rule or failing check added, or an allow removed, never turns a refusal into an allow',
    () => {
      let refusals = 0;
      for (let seed = 1; seed <= CASES; seed++) {
        const { book, request, see, decision } = decided(seed);
        if (decision.outcome !== 'deny') continue;
        refusals++;
        const random = randomOf(seed);
        const denyGrant = { ...(grant(random, 'more').item as Grant), effect: 'deny' } as const;
        const rule = { ...(custom(random, 'more').item as Check), shadow: false };
        const worse = [
          changed(book, { noun: 'grant', key: 'more', after: denyGrant }),
          changed(book, { noun: 'block', key: 'more', after: block(random, 'more').item as Block }),
          changed(book, { noun: 'check', key: `${rule.half}:more`, after: rule }),
          ...[...book.tables.grant.values()]
            .filter(({ effect }) => effect === 'allow')
            .map((before) => changed(book, { noun: 'grant', key: before.id, before })),
        ];
        for (const other of worse)
          expect((decide(other, request, see, NOW) as Decision).outcome, `${seed}`).toBe('deny');
      }
      expect(refusals).toBeGreaterThan(CASES / 4);
    },
    TIME_LIMIT_MS,
  );

  it(
    'a shadow changes the trace and nothing else',
    () => {
      let seenInTrace = 0;
      for (let seed = 1; seed <= CASES; seed++) {
        const { book, request, see, decision } = decided(seed);
        const shadow = { ...(custom(randomOf(seed), 'shade').item as Check), shadow: true };
        const other = changed(book, { noun: 'check', key: `${shadow.half}:shade`, after: shadow });
        const after = decide(other, request, see, NOW) as Decision;
        const rest = after.trace.filter(([name]) => name !== 'shade');
        seenInTrace += Number(rest.length < after.trace.length);
        expect({ ...after, version: decision.version, trace: rest }, `${seed}`).toEqual(decision);
      }
      expect(seenInTrace).toBeGreaterThan(CASES / 20);
    },
    TIME_LIMIT_MS,
  );

  it(
    'recomputing a record gives the decision, from the book folded to its version and what was seen',
    () => {
      for (let seed = 1; seed <= CASES; seed++) {
        const { book, changes, request, login } = makeWorld(seed);
        const version = book.version - randomOf(seed).between(0, 3);
        const past = changes.slice(0, version).reduce(applyChange, emptyBook(WORDS, book.settings));
        for (const checkpoint of ['operation', 'login', 'access'] as const) {
          const see = recordingSee(seen(seed));
          const decision =
            checkpoint === 'operation'
              ? decide(past, request, see, NOW)
              : (checkpoint === 'login' ? decideLogin : decideAccess)(past, login, see, NOW);
          if (isPending(decision)) continue;
          // Through JSON, as a store would keep it.
          const observations = JSON.parse(JSON.stringify(see.observations)) as typeof see.observations;
          const asked = checkpoint === 'operation' ? request : login;
          const again = recompute(past, { version, at: NOW, checkpoint, request: asked, observations });
          if (!isDeepStrictEqual(again, decision)) expect(again, `${seed}`).toEqual(decision);
          if (observations.length === 0) continue;
          const less = { version, at: NOW, checkpoint, request: asked, observations: observations.slice(1) };
          expect(() => recompute(past, less)).toThrow(UnknownObservation);
        }
      }
    },
    TIME_LIMIT_MS,
  );

  it('a recorder asks once, and gives the same answer when the decision begins again', () => {
    let asked = 0;
    const see = recordingSee({ ...playbackSee([]), count: () => ({ count: ++asked }) });
    expect([see.count('a', NOW), see.count('a', NOW + 1), see.count('b', NOW)]).toEqual([
      { count: 1 },
      { count: 1 },
      { count: 2 },
    ]);
    expect(see.observations).toHaveLength(2);
  });
});
