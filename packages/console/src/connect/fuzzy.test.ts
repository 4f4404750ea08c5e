import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzyMatch } from './fuzzy.js';
import { labelColumns, matchHost } from './host-match.js';

const score = (text: string, query: string) => fuzzyMatch(text, query)?.score ?? -1;

describe('one string', () => {
  test('a start beats a word start beats a middle beats strewn letters', () => {
    expect(score('web-01', 'web')).toBeGreaterThan(score('gate-web', 'web'));
    expect(score('gate-web', 'web')).toBeGreaterThan(score('cobwebs', 'web'));
    expect(score('cobwebs', 'web')).toBeGreaterThan(score('w-east-b', 'web'));
  });

  test('letters must stand in order and not be strewn at random', () => {
    expect(fuzzyMatch('web-01', 'bew')).toBeUndefined();
    expect(fuzzyMatch('a-x-b-x-c-x-d', 'abcd')).toBeUndefined();
    expect(fuzzyMatch('prod-db-02', 'pd02')).toBeDefined();
  });

  test('says which part to mark', () => {
    expect(fuzzyMatch('网关-web-备用', 'WEB')?.ranges).toEqual([[3, 6]]);
  });

  test('every mark is in the text and spells the query', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,20}$/), fc.stringMatching(/^[a-z0-9]{1,6}$/), (text, query) => {
        const match = fuzzyMatch(text, query);
        if (match !== undefined) expect(match.ranges.map(([from, to]) => text.slice(from, to)).join('')).toBe(query);
      }),
    );
  });
});

const host = (name: string, rest: Partial<HostAnswer> = {}): HostAnswer => ({
  id: name,
  name,
  address: '10.0.0.4',
  port: 22,
  labels: {},
  legacyAlgorithms: false,
  onRecordingFailure: 'end',
  watcherRequired: false,
  createdAt: 0,
  updatedAt: 0,
  accounts: [],
  hostKeys: [],
  ...rest,
});

describe('hosts', () => {
  test('pinyin and initials find a Chinese name', () => {
    const zh = host('支付网关', { pinyin: 'zhifuwangguan zfwg' });
    expect(matchHost(zh, 'zfwg')).toBeDefined();
    expect(matchHost(zh, 'zhifu')).toBeDefined();
    expect(matchHost(zh, 'mysql')).toBeUndefined();
  });

  test('every word must match, in the name or elsewhere', () => {
    const web = host('web-01', { labels: { env: 'prod', team: 'order' } });
    expect(matchHost(web, 'web prod')).toBeDefined();
    expect(matchHost(web, 'web staging')).toBeUndefined();
    expect(matchHost(web, '10.0.0.4')).toBeDefined();
  });

  test('the name counts more than a label', () => {
    const byName = matchHost(host('web-01'), 'web')?.score ?? 0;
    const byLabel = matchHost(host('x', { labels: { team: 'web' } }), 'web')?.score ?? 0;
    expect(byName).toBeGreaterThan(byLabel);
  });

  test('the commonest labels become columns, env first', () => {
    const hosts = [host('a', { labels: { team: 'x', env: 'prod' } }), host('b', { labels: { team: 'y', zone: 'z' } })];
    expect(labelColumns(hosts)).toEqual(['env', 'team']);
  });
});
