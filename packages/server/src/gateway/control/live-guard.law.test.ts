/**
 * The guard over what runs, model-checked: random changes of the book, edges of time and slow answers in any order. After
 * each step, whatever runs is what the present book and time allow, or waits for an answer that nobody has yet.
 */
import { randomBytes } from 'node:crypto';
import { ok } from '@sallyport/core/model/problem.js';
import type { Answer } from '@sallyport/core/policy/answer.js';
import type { Book, ChangedFact } from '@sallyport/core/policy/book.js';
import type { Check } from '@sallyport/core/policy/check.js';
import { NO_PROPERTIES } from '@sallyport/core/policy/properties.js';
import { NO_ASSERTIONS, type Request } from '@sallyport/core/policy/request.js';
import { isPending, type See } from '@sallyport/core/policy/see.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeClock } from '../../../test/fixtures/fake-clock.js';
import { bookOf, memoryControlStore, userNamed } from '../../../test/fixtures/memory-control.js';
import { createControlRoom, put } from './control-room.js';
import { createLiveGuard } from './live-guard.js';
import { hostFacts, hostKey, userFacts } from './standing-facts.js';

const USERS = ['ann', 'ben', 'cai'];
const HOSTS = ['h0', 'h1'];
const hostNamed = (id: string) => ({ id, name: id, labels: {} });
const RUNS = 1_000;

const slow = (effect: Check['live']): Check => ({
  ...{ name: 'slow', half: 'user', cost: 'remote', order: 0, scope: {}, does: { kind: 'custom' }, limitMs: 100 },
  ...{ failure: 'closed', shadow: false, exemptable: false, live: effect, version: '1' },
});

const user = fc.constantFrom(...USERS);
const host = fc.constantFrom(...HOSTS);
const span = fc.record({ from: fc.nat(8), length: fc.integer({ min: 1, max: 8 }) });
const step = fc.oneof(
  fc.record({ do: fc.constant('open' as const), user, host }),
  fc.record({ do: fc.constant('block' as const), user, span }),
  fc.record({ do: fc.constant('block-host' as const), host, span }),
  fc.record({ do: fc.constant('lift' as const), which: fc.nat(5) }),
  fc.record({
    do: fc.constant('user' as const),
    user,
    role: fc.constantFrom('admin', 'operator', 'auditor'),
    active: fc.boolean(),
  }),
  fc.record({ do: fc.constant('host' as const), host, there: fc.boolean() }),
  fc.record({
    do: fc.constant('check' as const),
    effect: fc.constantFrom('freeze', 'close', 'freeze', 'none', 'new-only', 'freeze'),
  }),
  fc.record({
    do: fc.constant('answer' as const),
    pass: fc.constantFrom(true, false, true, false),
    lasts: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ do: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 6 }) }),
);

it('V13: no session is wrong after any interleaving of changes, edges and slow answers', async () => {
  const seen = { closed: 0, frozen: 0, waited: 0, right: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const clock = fakeClock();
      const { book, changes } = bookOf(
        USERS.map((name) => userNamed(name, 'operator')),
        HOSTS.map(hostNamed),
      );
      const room = createControlRoom(memoryControlStore(changes), clock, book);
      const answers = new Map<string, Answer & { readonly until: number }>();
      let asked: { readonly who: string; readonly resolve: () => void }[] = [];
      const see: See = {
        place: () => ({ used: 0 }),
        count: () => ({ count: 0 }),
        paid: () => ({}),
        answer(_check, { user: who }) {
          const known = answers.get(who);
          if (known !== undefined && known.until > clock.now()) return known;
          return { pending: new Promise<void>((resolve) => asked.push({ who, resolve })) };
        },
      };
      const guard = createLiveGuard({
        ...{ room, see, clock },
        fault: (error) => {
          throw error;
        },
      });
      const running = new Map<symbol, { readonly request: Request; frozen: boolean }>();
      const change = (plan: (now: Book) => readonly ChangedFact[]) => room.change('test', (now) => ok(plan(now)));
      const spanFrom = ({ from, length }: { from: number; length: number }) => ({
        ...{ from: clock.now() + from, until: clock.now() + from + length },
      });
      const common = { source: 'manual', reason: 'r', by: 'test' } as const;
      const block = (on: { user: string } | { resource: string }, when: { from: number; length: number }) => {
        const id = randomBytes(8).toString('hex');
        return change((now) => put(now, 'block', id, { id, on, ...common, ...spanFrom(when) }));
      };

      for (const one of steps) {
        switch (one.do) {
          case 'open': {
            const request: Request = {
              ...{ user: one.user, operation: 'connect', resource: hostKey(one.host), params: NO_PROPERTIES },
              env: NO_ASSERTIONS,
            };
            const id = Symbol(one.user);
            const session = { request, frozen: false };
            running.set(id, session);
            let release = (): void => {};
            release = guard.hold(request, (events) => {
              for (const event of events) {
                if (event.event === 'freeze' || event.event === 'thaw') session.frozen = event.event === 'freeze';
                if (event.event !== 'close' || !running.delete(id)) continue;
                seen.closed++;
                const review = room.evaluator.review(request, see, clock.now());
                const wrong = isPending(review)
                  ? room.evaluator.decideAccess({ user: request.user }, see, clock.now())
                  : review.objections.find(({ effect }) => effect.do === 'close');
                expect(wrong).toBeDefined();
                expect(wrong).not.toMatchObject({ outcome: 'allow' });
                release();
              }
            });
            if (!running.has(id)) release(); // at the first look
            break;
          }
          case 'block':
            await block({ user: one.user }, one.span);
            break;
          case 'block-host':
            await block({ resource: hostKey(one.host) }, one.span);
            break;
          case 'lift':
            await change((now) => {
              const found = [...now.tables.block.values()][one.which];
              const lifted = { at: clock.now(), by: 'x', reason: '' };
              return found === undefined ? [] : put(now, 'block', found.id, { ...found, lifted });
            });
            break;
          case 'user':
            await change((now) =>
              userFacts(now, one.user, { ...userNamed(one.user, one.role as 'admin'), active: one.active }),
            );
            break;
          case 'host':
            await change((now) =>
              hostFacts(
                now,
                one.host,
                one.there ? (hostNamed(one.host) as Parameters<typeof hostFacts>[2]) : undefined,
              ),
            );
            break;
          case 'check':
            await change((now) => {
              const check = one.effect === 'none' ? undefined : slow({ do: one.effect as 'close' });
              return put(now, 'check', 'user:slow', check);
            });
            break;
          case 'answer': {
            const waiting = asked;
            asked = [];
            for (const { who } of waiting) {
              const until = clock.now() + one.lasts;
              answers.set(who, one.pass ? { pass: true, until } : { pass: false, code: 'not-now', until });
            }
            for (const { resolve } of waiting) resolve();
            break;
          }
          case 'time':
            clock.advance(one.ms);
        }
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        for (const { request, frozen } of running.values()) {
          const review = room.evaluator.review(request, see, clock.now());
          if (isPending(review)) {
            seen.waited++;
            const access = room.evaluator.decideAccess({ user: request.user }, see, clock.now());
            expect(access).toMatchObject({ outcome: 'allow' }); // a slow check keeps nobody in
            continue;
          }
          expect(review.objections.filter(({ effect }) => effect.do === 'close')).toEqual([]);
          expect(frozen).toBe(review.objections.some(({ effect }) => effect.do === 'freeze'));
          if (frozen) seen.frozen++;
          else seen.right++;
        }
        expect(guard.held).toBe(running.size);
      }
      guard.stop();
      expect(clock.pending).toBe(0);
    }),
    { numRuns: RUNS, seed: 13 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
}, 120_000);
