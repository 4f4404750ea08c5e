import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSearch, stringifySearch, strings } from './search.js';

test('a repeated name is a list, and nothing is JSON', () => {
  expect(parseSearch('?open=a.b&open=c.d&t=412.3')).toEqual({ open: ['a.b', 'c.d'], t: '412.3' });
  expect(stringifySearch({ open: ['a.b', 'c.d'], q: '', t: undefined })).toBe('?open=a.b&open=c.d');
  expect(stringifySearch({})).toBe('');
});

test('parse after stringify is the same search', () => {
  const name = fc.string({ minLength: 1 }).filter((one) => one !== '__proto__');
  const value = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.oneof(value, fc.array(value, { minLength: 2 })), { noNullPrototype: true }),
      (search) => {
        expect(parseSearch(stringifySearch(search))).toEqual(search);
      },
    ),
  );
});

test('only the named single values are kept', () => {
  expect(strings('q')({ q: 'web', x: '1' })).toEqual({ q: 'web' });
  expect(strings('q')({ q: ['a', 'b'] })).toEqual({});
});
