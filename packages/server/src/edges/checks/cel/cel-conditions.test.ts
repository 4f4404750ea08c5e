import { askCondition, type Bindings } from '@sallyport/core/policy/condition.js';
import { describe, expect, it } from 'vitest';
import { createCelConditions } from './cel-conditions.js';

const language = createCelConditions();
const bindings: Bindings = {
  subject: { id: 'ann', roles: ['author'], level: 3, tags: ['a', 'b'] },
  action: { name: 'delete', soft: true },
  resource: { id: 'record-1', status: 'active', groups: [] },
  context: {},
};

describe('conditions in CEL', () => {
  it.each([
    ['resource.status != "archived"', 'yes'],
    ['resource.status == "archived"', 'no'],
    ['action.soft', 'yes'],
    ['"author" in subject.roles && subject.level >= 3', 'yes'],
    ['has(subject.role) && subject.role == "admin"', 'no'],
    ['subject.tags.exists(tag, tag == "b")', 'yes'],
    ['resource.id.startsWith("record-")', 'yes'],
    // A missing key is an error, and so is what is neither true nor false: who asks says what that means.
    ['subject.role == "admin"', 'error'],
    ['resource.status', 'error'],
    ['subject.constructor == "x"', 'error'],
    ['subject.__proto__ == "x"', 'error'],
  ] as const)('%s: %s', (source, truth) => {
    expect(askCondition(language, source, bindings)).toBe(truth);
  });

  it.each([
    ['user.id == "ann"', 'unknown-variable', 1],
    ['true && foo.bar', 'unknown-variable', 9],
    ['subject.level + 1', undefined, 1],
    ['1 + 1', 'not-a-truth', 1],
    ['"a" == 1', 'no-such-overload', 1],
    ['subject.level >', undefined, undefined],
    ['', undefined, undefined],
    // V43: the runtime's regular expressions backtrack.
    ['subject.id.matches("(a+)+$")', 'switched-off', 1],
    ['true || subject.tags.all(x, x.matches("a"))', 'switched-off', undefined],
    ['subject.tags.all(x, subject.tags.all(y, x == y))', 'nested-loop', undefined],
    [`${'('.repeat(200)}true${')'.repeat(200)}`, undefined, undefined],
    [Array.from({ length: 2_000 }, () => 'true').join(' && '), undefined, undefined],
  ])('refuses %s', (source, code, column) => {
    const compiled = language.compile(source);
    if (compiled.ok) {
      // Types that are only known when asked cannot be refused here; the answer is an error then.
      expect(askCondition(language, source, bindings)).toBe('error');
      expect(code).toBeUndefined();
      return;
    }
    expect(compiled.fault.message).not.toBe('');
    if (code !== undefined) expect(compiled.fault.code).toBe(code);
    if (column !== undefined) expect(compiled.fault.column).toBe(column);
  });

  it('compiles a text once', () => {
    expect(language.compile('action.soft')).toBe(language.compile('action.soft'));
  });
});
