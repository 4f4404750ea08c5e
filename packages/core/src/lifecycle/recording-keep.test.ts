import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeptRecording, LegalHold, RetentionPolicy, RetentionRule } from '../model/retention.js';
import { DAY_MS, keepOf, verdictOf } from './recording-keep.js';

const AT = Date.UTC(2026, 0, 1);
const FLOOR = 7 * DAY_MS;
const rule = (name: string, days: number | undefined, labels = {}, evenWhenFull = false): RetentionRule => ({
  name,
  labels,
  evenWhenFull,
  ...(days === undefined ? {} : { days }),
});
const recording = (change: Partial<KeptRecording> = {}): KeptRecording => ({
  sessionId: 's1',
  userId: 'u1',
  hostId: 'h1',
  labels: { env: 'prod' },
  since: AT,
  ...change,
});
const hold = (change: Partial<LegalHold> = {}): LegalHold => ({
  id: 'x',
  subject: 'recording',
  subjectId: 's1',
  reason: 'case 12',
  by: 'zhou',
  at: AT,
  ...change,
});
const judge = (policy: RetentionPolicy, days: number, holds: readonly LegalHold[] = [], one = recording()) =>
  verdictOf(keepOf(policy, FLOOR, holds, one), AT + days * DAY_MS);

describe('how long a recording is kept', () => {
  it('for ever, when no rule fits', () => {
    expect(judge({ rules: [] }, 36_500)).toEqual({ kind: 'kept', spare: true });
    expect(judge({ rules: [rule('test', 1, { env: 'test' })] }, 36_500)).toEqual({ kind: 'kept', spare: true });
  });

  it('as long as the longest rule that fits says, whatever the order', () => {
    const rules = [rule('all', 30), rule('prod', 365, { env: 'prod' })];
    for (const order of [rules, rules.toReversed()]) {
      expect(judge({ rules: order }, 364)).toMatchObject({ kind: 'kept', rule: 'prod', until: AT + 365 * DAY_MS });
      expect(judge({ rules: order }, 365)).toEqual({ kind: 'expired', rule: 'prod', at: AT + 365 * DAY_MS });
      expect(judge({ rules: order }, 30, [], recording({ labels: {} }))).toMatchObject({ rule: 'all' });
    }
    expect(judge({ rules: [...rules, rule('ever', undefined)] }, 9999)).toMatchObject({ kind: 'kept', rule: 'ever' });
  });

  it('fits all labels of a rule or not at all, and is not fooled by what every object has', () => {
    const rules = [rule('odd', 1, { constructor: 'x' }), rule('two', 1, { env: 'prod', team: 'db' })];
    expect(judge({ rules }, 500)).toEqual({ kind: 'kept', spare: true });
  });

  it('is not taken by the size goal while a rule keeps it even when full', () => {
    const rules = [rule('long', 365), rule('guard', 90, { env: 'prod' }, true)];
    expect(judge({ rules }, 89)).toMatchObject({ kind: 'kept', spare: false });
    expect(judge({ rules }, 90)).toMatchObject({ kind: 'kept', spare: true });
  });

  it('stands in the order: running, hold, floor, rules', () => {
    const rules = [rule('now', 0)];
    const { since: _, ...running } = recording();
    expect(judge({ rules }, 1, [hold()], running)).toEqual({ kind: 'running' });
    expect(judge({ rules }, 500, [hold()])).toMatchObject({ kind: 'held' });
    expect(judge({ rules }, 6.9)).toEqual({ kind: 'floor', until: AT + FLOOR });
    expect(judge({ rules }, 7)).toMatchObject({ kind: 'expired', rule: 'now' });
  });

  it('is held by its own, its user’s and its host’s hold, not by another’s and not by a lifted one', () => {
    const rules = [rule('now', 0)];
    const kinds = (one: Partial<LegalHold>): string => judge({ rules }, 500, [hold(one)]).kind;
    expect(kinds({ subject: 'user', subjectId: 'u1' })).toBe('held');
    expect(kinds({ subject: 'host', subjectId: 'h1' })).toBe('held');
    expect(kinds({ subject: 'host', subjectId: 'u1' })).toBe('expired');
    expect(kinds({ lifted: { by: 'zhou', at: AT, reason: 'over' } })).toBe('expired');
  });

  it('never shortens when a rule or a hold is added (law)', () => {
    const rules = fc.array(
      fc.record({
        name: fc.string(),
        labels: fc.constantFrom<Record<string, string>>({}, { env: 'prod' }, { env: 'test' }),
        days: fc.nat(1000),
        evenWhenFull: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(rules, rules, fc.nat(2000), (some, more, day) => {
        const before = judge({ rules: some }, day);
        const after = judge({ rules: [...some, ...more] }, day);
        if (some.length > 0 && before.kind === 'kept' && before.rule !== undefined) expect(after.kind).toBe('kept');
        if (before.kind === 'kept' && !before.spare) expect(after).toMatchObject({ kind: 'kept', spare: false });
        if (day < 7) expect(after.kind).toBe('floor');
      }),
    );
  });
});
