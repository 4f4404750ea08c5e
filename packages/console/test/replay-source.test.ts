import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { encodeRecording } from '@sallyport/core/cast/encode-recording.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { describe, expect, it } from 'vitest';
import { browserTools, gunzip } from '../src/replay/browser-tools.js';
import { createReplaySource } from '../src/replay/source.js';
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

const reader =
  (file: Uint8Array, log: [number, number][] = []) =>
  async (from: number, to: number) => {
    log.push([from, to]);
    return file.slice(from, to);
  };
async function everything(source: ReturnType<typeof createReplaySource>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let i = 0; i < source.chunkCount; i++) events.push(...(await source.chunk(i)));
  return events;
}
const plain = (events: readonly RecordedEvent[]) =>
  events.map((event) => (event.type === 'output' ? { ...event, bytes: [...event.bytes] } : event));

describe('replay source', () => {
  it.each([true, false])('reads a whole recording, verified (gzip %s)', async (gzip) => {
    const { file, events } = recording(400, gzip);
    const source = createReplaySource({
      read: reader(file),
      tools: browserTools(),
      clock: pageClock,
      stillGrowing: async () => false,
    });
    await source.load(new AbortController().signal);
    expect(source.verified).toBe(true);
    expect(source.header).toEqual(header);
    expect(source.end).toEqual({ atMs: 40_000, truncated: false, exitCode: 3 });
    expect(plain(await everything(source))).toEqual(plain(events.slice(0, -1)));
    expect(source.activity.resizes).toHaveLength(8);
  });

  it('a small cache fetches chunks again and gives the same events', async () => {
    const { file, events } = recording();
    const log: [number, number][] = [];
    const source = createReplaySource({
      read: reader(file, log),
      tools: browserTools(),
      clock: pageClock,
      stillGrowing: async () => false,
      cacheBytes: 3_000,
    });
    await source.load(new AbortController().signal);
    const reads = log.length;
    expect(plain(await everything(source))).toEqual(plain(events.slice(0, -1)));
    expect(log.length).toBeGreaterThan(reads + 5);
  });

  it('a recording that was cut plays to the cut and says where', async () => {
    const { file } = recording();
    const source = createReplaySource({
      read: reader(file.slice(0, Math.floor(file.length / 2))),
      tools: browserTools(),
      clock: pageClock,
      stillGrowing: async () => false,
    });
    await source.load(new AbortController().signal);
    expect(source.end?.truncated).toBe(true);
    expect(source.end?.damage?.detail).toBe('the last chunk is cut');
    expect(source.lastMs).toBeGreaterThan(10_000);
  });

  it('a changed byte breaks the chain at a named place', async () => {
    const { file } = recording();
    const at = Math.floor(file.length / 2);
    file[at] = file[at]! ^ 1;
    const source = createReplaySource({
      read: reader(file),
      tools: browserTools(),
      clock: pageClock,
      stillGrowing: async () => false,
    });
    await source.load(new AbortController().signal);
    expect(source.end?.truncated).toBe(true);
    expect(source.end?.damage?.position).toBeLessThanOrEqual(at);
    expect(source.lastMs).toBeLessThan(40_000);
  });

  it('follows a running session until its seal', async () => {
    const { file, events } = recording();
    const clock = handClock();
    let written = 700;
    const source = createReplaySource({
      read: async (from, to) => file.slice(from, Math.min(to, written)),
      tools: browserTools(),
      clock,
      stillGrowing: async () => written < file.length,
    });
    const done = source.load(new AbortController().signal);
    const seen: number[] = [];
    source.watch(() => {
      seen.push(source.chunkCount);
      written = Math.min(file.length, written + 5_000);
      // The poll's pause begins after this call.
      setTimeout(() => clock.pass(2_000));
    });
    await done;
    expect(seen.length).toBeGreaterThan(2);
    expect(source.end).toMatchObject({ truncated: false });
    expect(plain(await everything(source))).toEqual(plain(events.slice(0, -1)));
  });

  it('a member that opens to more than it announced is stopped', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(2_000_000)));
    await expect(gunzip(bomb, 1_000)).rejects.toThrow('more bytes');
  });
});
