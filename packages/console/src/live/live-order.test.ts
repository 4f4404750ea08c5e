import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { describe, expect, it } from 'vitest';
import { createBusyMeter, inOrder, labelsIn, matching } from './live-order.js';

const session = (id: string, more: Partial<SessionAnswer> = {}): SessionAnswer => ({
  id,
  userId: `u-${id}`,
  userName: 'alice',
  hostId: 'h1',
  hostName: 'web-01',
  hostAddress: '10.0.0.4',
  accountId: 'a',
  login: 'root',
  sourceAddress: '10.2.0.14',
  state: 'live',
  cols: 80,
  rows: 24,
  createdAt: 0,
  outputBytes: 0,
  resumable: false,
  ...more,
});
const labels = (hostId: string): Record<string, string> => (hostId === 'h1' ? { env: 'prod', api: '' } : {});
const ids = (list: readonly SessionAnswer[]): string => list.map(({ id }) => id).join('');

describe('live sessions', () => {
  it('S25: are found by user, host, login, source and label, every word of them', () => {
    const all = [session('a'), session('b', { userName: '张敏', hostId: 'h2', hostName: 'job-07', login: 'app' })];
    const found = (q: string, label = ''): string => ids(matching(all, { q, label }, labels));
    expect(found('')).toBe('ab');
    expect(found('张')).toBe('b');
    expect(found('ALICE web')).toBe('a');
    expect(found('alice job')).toBe('');
    expect(found('env=prod')).toBe('a');
    expect(found('', 'env=prod')).toBe('a');
    expect(found('job', 'env=prod')).toBe('');
    expect(labelsIn(all, labels)).toEqual(['api', 'env=prod']);
  });

  it('stand by age, or by how much they put out of late', () => {
    const meter = createBusyMeter();
    const at = (bytesA: number, bytesB: number) => [
      session('a', { createdAt: 1, outputBytes: bytesA }),
      session('b', { createdAt: 2, outputBytes: bytesB }),
    ];
    meter.take(at(0, 0), 10_000);
    expect(ids(inOrder(at(0, 0), 'newest', meter.of))).toBe('ba');
    meter.take(at(500_000, 900), 20_000);
    expect(ids(inOrder(at(500_000, 900), 'busiest', meter.of))).toBe('ab');
    // A little more or less changes no places; silence does.
    meter.take(at(900_000, 1_800), 30_000);
    expect(meter.of('a')).toBe(5);
    meter.take(at(900_000, 2_700), 70_000);
    expect(ids(inOrder(at(900_000, 2_700), 'busiest', meter.of))).toBe('ba');
  });
});
