import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import { createSessionFacts, type WatchNotice } from './session-facts.js';

const LIN = { by: 'lin', reason: 'wrong table', at: 5 };

function around(watchNotice: WatchNotice = 'always', waiting = 0, watcherRequired = false) {
  const told: Notice[] = [];
  const heard: Notice[] = [];
  const marks: string[] = [];
  const clock = fakeClock();
  const changes: Notice[] = [];
  let expired = 0;
  const facts = createSessionFacts({ watchNotice, watcherGraceMs: 60_000 }, clock, {
    tell: (notice) => told.push(notice),
    takeInputBack: () => waiting,
    mark: (label) => marks.push(label),
    ...(watcherRequired && { fourEyes: { changed: (change) => changes.push(change), expired: () => expired++ } }),
  });
  const stop = facts.listen((change) => heard.push(change));
  return { facts, told, heard, marks, stop, clock, changes, expired: () => expired };
}

describe('the facts around a session', () => {
  it('law: of what is typed exactly that passes which came while nothing was held; the rest is counted', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.nat(100).map((bytes) => ({ bytes })) },
      { weight: 1, arbitrary: fc.constant('freeze' as const) },
      { weight: 1, arbitrary: fc.constant('unfreeze' as const) },
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { facts } = around();
        let held = false;
        let dropped = 0;
        for (const one of steps) {
          if (one === 'freeze') {
            facts.freeze(LIN);
            held = true;
          } else if (one === 'unfreeze') {
            expect(facts.unfreeze('lin')).toBe(held ? dropped : undefined);
            held = false;
            dropped = 0;
          } else {
            expect(facts.lets(one.bytes)).toBe(!held);
            if (held) dropped += one.bytes;
          }
        }
      }),
    );
  });

  it('input taken back from the way to the host counts as dropped', () => {
    const { facts } = around('always', 40);
    facts.freeze(LIN);
    facts.lets(2);
    expect(facts.unfreeze('wang')).toBe(42);
  });

  it('the user, those who listen and the recording are told of each change, once', () => {
    const { facts, told, heard, marks } = around();
    facts.freeze(LIN);
    facts.freeze({ by: 'wang', reason: 'again', at: 6 });
    facts.lets(3);
    facts.unfreeze('wang');
    facts.unfreeze('wang');
    facts.say('lin', 'call me', 7);
    expect(told).toEqual([
      { kind: 'frozen', ...LIN },
      { kind: 'frozen', by: 'wang', reason: 'again', at: 6 },
      { kind: 'unfrozen', by: 'wang', droppedBytes: 3 },
      { kind: 'message', by: 'lin', text: 'call me', at: 7 },
    ]);
    expect(heard).toEqual(told);
    expect(marks).toEqual([
      'input held by lin: wrong table',
      'input held by wang: again',
      'input let go by wang, 3 typed bytes dropped',
      'message from lin: call me',
    ]);
  });

  it('W7: a name is told when it comes and when its last page goes', () => {
    const { facts, told, marks, clock } = around();
    const [first, second] = [facts.watch('lin'), facts.watch('lin')];
    clock.advance(100);
    const wang = facts.watch('wang');
    clock.advance(100);
    expect(facts.watchers).toEqual(['lin', 'wang']);
    first();
    first();
    expect(facts.watchers).toEqual(['lin', 'wang']);
    second();
    clock.advance(100);
    wang();
    const names = told.map((notice) => (notice.kind === 'watched' ? notice.names : undefined));
    expect(names).toEqual([['lin'], ['lin', 'wang'], ['wang'], []]);
    expect(marks).toEqual([]);
  });

  it('W7: five hundred who go at once are told of twice, and the last word is true', () => {
    const { facts, heard, clock } = around();
    const names = Array.from({ length: 500 }, (_, n) => `auditor-${n}`);
    const leaves = names.map((name) => facts.watch(name));
    clock.advance(100);
    expect(heard).toEqual([
      { kind: 'watched', names: names.slice(0, 1) },
      { kind: 'watched', names },
    ]);
    clock.advance(1_000);
    for (const leave of leaves) leave();
    expect(facts.watchers).toEqual([]);
    clock.advance(100);
    expect(heard.slice(2)).toEqual([
      { kind: 'watched', names: names.slice(1) },
      { kind: 'watched', names: [] },
    ]);
  });

  it('W7, law: whatever comes and goes, a moment later what was told last is what is so, and nothing was told twice', () => {
    const step = fc.oneof(
      fc.constantFrom('lin', 'wang', 'li').map((name) => ({ name })),
      fc.nat(5).map((leave) => ({ leave })),
      fc.nat(150).map((ms) => ({ ms })),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { facts, heard, clock } = around();
        const here: (() => void)[] = [];
        for (const one of steps) {
          if ('name' in one) here.push(facts.watch(one.name));
          else if ('leave' in one) here.splice(one.leave, 1)[0]?.();
          else clock.advance(one.ms);
        }
        clock.advance(100);
        const told = heard.map((notice) => (notice.kind === 'watched' ? notice.names : []));
        expect(told.at(-1) ?? []).toEqual(facts.watchers);
        for (const [at, names] of told.entries()) expect(names).not.toEqual(told[at - 1]);
        clock.advance(1_000);
        expect(heard).toHaveLength(told.length);
        expect(clock.pending).toBe(0);
      }),
    );
  });

  it('W7: by the rule `never` the user is not told who watches, and everybody else is', () => {
    const { facts, told, heard } = around('never');
    facts.watch('lin');
    expect(told).toEqual([]);
    expect(heard).toEqual([{ kind: 'watched', names: ['lin'] }]);
    expect(facts.standing()).toEqual([]);
    facts.freeze(LIN);
    expect(told).toEqual([{ kind: 'frozen', ...LIN }]);
  });

  it('F20: a page that comes back is told what stands, and nothing that is over', () => {
    const { facts } = around();
    expect(facts.standing()).toEqual([]);
    facts.freeze(LIN);
    facts.watch('wang');
    facts.say('lin', 'hello', 1);
    expect(facts.standing()).toEqual([
      { kind: 'frozen', ...LIN },
      { kind: 'watched', names: ['wang'] },
    ]);
    facts.unfreeze('lin');
    expect(facts.standing()).toEqual([{ kind: 'watched', names: ['wang'] }]);
  });

  it('who stopped listening hears nothing more', () => {
    const { facts, heard, stop } = around();
    stop();
    facts.freeze(LIN);
    expect(heard).toEqual([]);
  });
});

describe('V26: the facts of a session whose host requires a watcher', () => {
  it('only one who counts lets the input go; user, watchers and recording are told', () => {
    const { facts, told, heard, marks, changes } = around('never', 0, true);
    expect([facts.requiredWatcher, facts.standing()]).toEqual(['missing', [{ kind: 'unwatched' }]]);
    facts.watch('wall');
    expect([facts.requiredWatcher, facts.lets(2)]).toEqual(['missing', false]);
    const leave = facts.watch('lin', true);
    const attended = { kind: 'attended', droppedBytes: 2 };
    expect([facts.requiredWatcher, facts.lets(1), facts.standing()]).toEqual(['there', true, []]);
    expect(told).toEqual([attended]); // by whom is not told where the rule says never
    leave();
    expect(told).toMatchObject([attended, { kind: 'unwatched', endsAt: expect.any(Number) }]);
    expect(heard.filter(({ kind }) => kind !== 'watched')).toEqual(told);
    expect(changes).toEqual([{ kind: 'unwatched' }, ...told]);
    expect(marks).toEqual([
      'input held until somebody watches',
      'input let go, 2 typed bytes dropped: somebody watches',
      'input held until somebody watches',
    ]);
  });

  it('a freeze and the hold for want of a watcher are apart: lifting one leaves the other', () => {
    const { facts } = around('always', 0, true);
    facts.freeze(LIN);
    expect(facts.lets(1)).toBe(false);
    const leave = facts.watch('lin', true);
    expect(facts.lets(2)).toBe(false);
    expect(facts.unfreeze('lin')).toBe(3);
    expect(facts.lets(1)).toBe(true);
    leave();
    facts.freeze(LIN);
    facts.unfreeze('lin');
    expect([facts.frozen, facts.lets(1)]).toEqual([undefined, false]);
    expect(around('always', 0, false).facts.requiredWatcher).toBeUndefined();
  });
});
