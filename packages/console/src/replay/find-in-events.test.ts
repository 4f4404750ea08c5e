import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { describe, expect, it } from 'vitest';
import { type FindState, findInEvents, MAX_FOUND } from './find-in-events.js';

const output = (atMs: number, text: string): RecordedEvent => ({
  type: 'output',
  atMs,
  offset: 0,
  bytes: new TextEncoder().encode(text),
});
async function* given(...events: readonly RecordedEvent[]): AsyncGenerator<RecordedEvent> {
  yield* events;
}
async function find(
  text: string,
  events: AsyncIterable<RecordedEvent>,
  signal = new AbortController().signal,
  tell: (text: string) => Promise<unknown> = async () => undefined,
) {
  const states: FindState[] = [];
  let clock = 0;
  const deps = { tell, events: () => events, now: () => (clock += 5), breathe: async () => undefined };
  await findInEvents(deps, text, signal, (state) => states.push(state));
  return states;
}

describe('finding in a recording', () => {
  it('gives each match with the moment it was whole, over chunks and changes of size', async () => {
    const events = given(
      output(0, 'wait\r\nrm -'),
      { type: 'resize', atMs: 900, offset: 0, size: { cols: 4, rows: 3 } },
      output(1_500, 'rf /\r\n'),
      { type: 'marker', atMs: 1_600, offset: 0, label: 'rm -rf' },
      output(2_000, 'rm -rf'),
      { type: 'end', atMs: 3_000, offset: 0 },
    );
    const last = (await find('RM -RF', events)).at(-1);
    expect(last).toMatchObject({ state: 'done', atMs: 3_000 });
    expect(last?.found.map(({ atMs }) => atMs)).toEqual([1_500, 2_000]);
  });

  it('W31: reads nothing before the audit log has what is looked for, and nothing at all when it cannot', async () => {
    const order: string[] = [];
    async function* events(): AsyncGenerator<RecordedEvent> {
      order.push('read');
      yield output(0, 'x');
    }
    const told = async (text: string): Promise<void> => {
      await Promise.resolve();
      order.push(`told ${text}`);
    };
    await find('x', events(), undefined, told);
    expect(order).toEqual(['told x', 'read']);
    const refused = await find('y', events(), undefined, () => Promise.reject(new Error('away')));
    expect(refused.at(-1)).toMatchObject({ state: 'refused', found: [] });
    expect(order).toHaveLength(2);
  });

  it('stops at its bound and says so', async () => {
    const states = await find('x', given(...Array.from({ length: 3 }, (_, at) => output(at, 'x\n'.repeat(600)))));
    expect(states.at(-1)).toMatchObject({ state: 'full' });
    expect(states.at(-1)?.found).toHaveLength(MAX_FOUND);
  });

  it('is silent once nobody wants it, and tells what it has when reading fails', async () => {
    const stop = new AbortController();
    async function* stopped() {
      yield output(0, 'x\n');
      stop.abort();
      yield output(1, 'x\n');
    }
    expect((await find('x', stopped(), stop.signal)).every(({ state }) => state === 'running')).toBe(true);
    async function* broken() {
      yield output(7, 'x\n');
      throw new Error('the network is gone');
    }
    expect((await find('x', broken())).at(-1)).toMatchObject({ state: 'failed', atMs: 7, found: [{ match: 'x' }] });
  });
});
