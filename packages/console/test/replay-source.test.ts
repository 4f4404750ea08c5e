import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ActivityMeter } from '@sallyport/core/cast/activity-meter.js';
import { encodeRecording } from '@sallyport/core/cast/encode-recording.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { encodeReplayIndex, type ReplayEnd } from '@sallyport/core/cast/replay-index.js';
import { describe, expect, it } from 'vitest';
import { browserTools, gunzip } from '../src/replay/browser-tools.js';
import { createReplaySource, type ReplayReader, type ReplaySource } from '../src/replay/source.js';
import { handClock } from '../src/terminal/page-clock.fixture.js';
import { pageClock } from '../src/terminal/page-clock.js';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const header = {
  sessionId: 's',
  startedAt: 1_700_000_000_000,
  size: { cols: 80, rows: 24 },
  term: 'xterm-256color',
  title: '',
  userName: 'u',
  hostName: 'h',
  login: 'l',
};

function recording(events = 400, gzip = true): { file: Uint8Array; events: RecordedEvent[] } {
  let offset = 0;
  const list: RecordedEvent[] = [];
  for (let i = 0; i < events; i++) {
    const atMs = i * 100;
    if (i % 50 === 49) {
      list.push({ type: 'resize', atMs, offset, size: { cols: 80 + i, rows: 24 } });
      continue;
    }
    const bytes = new TextEncoder().encode(`line ${i} 中文 ${'x'.repeat(i % 40)}\r\n`);
    list.push({ type: 'output', atMs, offset, bytes });
    offset += bytes.length;
  }
  list.push({ type: 'end', atMs: events * 100, offset, exitCode: 3 });
  const parts = [
    ...encodeRecording(header, list, { sha256, slabBytes: 1024, ...(gzip ? { gzip: (raw) => gzipSync(raw) } : {}) }),
  ];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return { file, events: list };
}

/** The server's part: an index without keyframes of the first `covered` bytes. */
function table(events: readonly RecordedEvent[], covered: number, end?: ReplayEnd): Uint8Array {
  const meter = new ActivityMeter();
  for (const event of events) if (event.type !== 'end') meter.add(event);
  if (end) meter.reach(end.atMs);
  const { sessionId, startedAt, size } = header;
  const index = { sessionId, startedAt, size, coveredBytes: covered, complete: end !== undefined, outputBytes: 1 };
  const activity = meter.record();
  return gzipSync(encodeReplayIndex({ ...index, keyframes: [], activity, ...(end ? { end } : {}) }));
}
const WHOLE: ReplayEnd = { atMs: 40_000, truncated: false, exitCode: 3 };
const reader = (file: Uint8Array, index: () => Uint8Array, log: [number, number][] = []): ReplayReader => ({
  async content(from, to) {
    log.push([from, to]);
    return file.slice(from, to);
  },
  table: async () => index(),
  keyframes: async () => new Uint8Array(),
});
async function everything(source: ReplaySource): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of source.events(0, new AbortController().signal)) events.push(event);
  return events;
}
const plain = (events: readonly RecordedEvent[]) =>
  events.map((event) => (event.type === 'output' ? { ...event, bytes: [...event.bytes] } : event));

describe('replay source', () => {
  it.each([true, false])('reads all events of a recording by ranges (gzip %s)', async (gzip) => {
    const { file, events } = recording(400, gzip);
    const index = table(events, file.length, WHOLE);
    const source = createReplaySource({ reader: reader(file, () => index), tools: browserTools(), clock: pageClock });
    await source.load(new AbortController().signal);
    expect(source.verified).toBe(true);
    expect(source.header).toEqual(header);
    expect(source.end).toEqual(WHOLE);
    expect(plain(await everything(source))).toEqual(plain(events.slice(0, -1)));
    expect(source.activity.resizes).toHaveLength(8);
  });

  it('a small cache fetches chunks again and gives the same events', async () => {
    const { file, events } = recording();
    const log: [number, number][] = [];
    const index = table(events, file.length, WHOLE);
    const deps = { reader: reader(file, () => index, log), tools: browserTools(), clock: pageClock };
    const source = createReplaySource({ ...deps, cacheBytes: 3_000 });
    await source.load(new AbortController().signal);
    const reads = log.length;
    expect(plain(await everything(source))).toEqual(plain(events.slice(0, -1)));
    expect(log.length).toBeGreaterThan(reads);
  });

  it('a changed byte: plays to the chunk it is in and names the place', async () => {
    const { file, events } = recording();
    const at = Math.floor(file.length / 2);
    file[at] = file[at]! ^ 1;
    const index = table(events, file.length);
    const clock = handClock();
    const source = createReplaySource({ reader: reader(file, () => index), tools: browserTools(), clock });
    const stop = new AbortController();
    const followed = source.load(stop.signal).catch(() => undefined);
    await new Promise<void>((told) => source.watch(told));
    const played = await everything(source);
    expect(played.length).toBeGreaterThan(50);
    expect(source.end?.truncated).toBe(true);
    expect(source.end?.damage?.position).toBeLessThanOrEqual(at);
    stop.abort();
    clock.pass(2_000);
    await followed;
  });

  it('follows a running session until its seal', async () => {
    const { file, events } = recording();
    const clock = handClock();
    let written = 100;
    const source = createReplaySource({
      reader: reader(file, () =>
        written < 400 ? table(events.slice(0, written), file.length) : table(events, file.length, WHOLE),
      ),
      tools: browserTools(),
      clock,
    });
    const done = source.load(new AbortController().signal);
    const seen: number[] = [];
    source.watch(() => {
      seen.push(source.lastMs);
      written += 150;
      // The poll's pause begins after this call.
      setTimeout(() => clock.pass(2_000));
    });
    await done;
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.toSorted((one, other) => one - other)).toEqual(seen);
    expect(source.end).toEqual(WHOLE);
  });

  it('a member that opens to more than it announced is stopped', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(2_000_000)));
    await expect(gunzip(bomb, 1_000)).rejects.toThrow('more bytes');
  });
});
