import { afterEach, describe, expect, it } from 'vitest';
import { dropView, keepView, readViews } from './saved-views.js';
import { filterOf, listSearch, tidy } from './search.js';

describe('the address of the list', () => {
  it('asks the server for what it says, days with both ends', () => {
    const search = listSearch({ q: 'web', state: 'held', from: '2026-03-01', to: '2026-03-01', other: 'x' });
    const { from = 0, to = 0, ...rest } = filterOf(search);
    expect(rest).toMatchObject({ q: 'web', held: 'yes', sort: '-createdAt' });
    expect(rest).not.toHaveProperty('state');
    expect(new Date(from).getDate()).toBe(1);
    expect(to - from).toBeGreaterThan(22 * 3_600_000);
    expect(filterOf({ state: 'imported' })).toMatchObject({ origin: 'imported' });
    expect(filterOf({ state: 'failed' })).toMatchObject({ state: 'failed' });
  });

  it('drops what it does not know and what is the default', () => {
    expect(filterOf({ state: 'constructor', sort: 'x', from: 'yesterday' })).toMatchObject({ sort: '-createdAt' });
    expect(filterOf({ from: '9999-99-99' }).to).toBeUndefined();
    expect(tidy({ state: 'all', sort: '-createdAt', q: '' })).toEqual({});
    expect(tidy({ state: 'held', userId: 'u' })).toEqual({ state: 'held', userId: 'u' });
  });
});

describe('saved views', () => {
  const stored = new Map<string, string>();
  const storage = { getItem: (key: string) => stored.get(key) ?? null, setItem: stored.set.bind(stored) };
  Object.assign(globalThis, { localStorage: storage });
  afterEach(() => stored.clear());

  it('are kept by name, replaced, dropped, and survive what is not theirs', () => {
    const views = keepView(keepView([], { name: 'held', query: '?state=held' }), { name: 'web', query: '?q=web' });
    expect(readViews()).toEqual(views);
    keepView(views, { name: 'held', query: '?state=held&q=1' });
    expect(readViews().map(({ query }) => query)).toEqual(['?q=web', '?state=held&q=1']);
    dropView(readViews(), 'web');
    expect(readViews().map(({ name }) => name)).toEqual(['held']);
    stored.set('sallyport.recording-views', '[1, {"name": 2}, null]');
    expect(readViews()).toEqual([]);
    stored.set('sallyport.recording-views', '{');
    expect(readViews()).toEqual([]);
  });
});
