/** What every recording store must do. `make` gives one over real storage; `reopen` is the next start after a crash. */
import { randomBytes } from 'node:crypto';
import { idFromBytes } from '@sallyport/core/model/id.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedEvent, RecordingHeader, RecordingStore, RecordingWriter } from './recording-store.js';

export interface RecordingStoreUnderTest {
  readonly store: RecordingStore;
  /** Another store over the same data, as a new process sees it: the first one was not closed. */
  reopen(): Promise<RecordingStore>;
  dispose(): Promise<void>;
}

export const newHeader = (changes: Partial<RecordingHeader> = {}): RecordingHeader => ({
  sessionId: idFromBytes(randomBytes(16)),
  startedAt: Date.UTC(2026, 10, 22, 4, 5, 6),
  size: { cols: 80, rows: 24 },
  term: 'xterm-256color',
  title: 'lin > 测试机 (root)',
  userName: 'lin',
  hostName: '测试机',
  login: 'root',
  ...changes,
});
export async function collect(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> {
  const list: RecordedEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}
export const outputOf = (events: readonly RecordedEvent[]): Buffer =>
  Buffer.concat(events.map((event) => (event.type === 'output' ? event.bytes : new Uint8Array(0))));

export function describeRecordingStoreContract(name: string, make: () => Promise<RecordingStoreUnderTest>): void {
  describe(`recording store: ${name}`, () => {
    let under: RecordingStoreUnderTest;
    let store: RecordingStore;
    let header: RecordingHeader;
    beforeEach(async () => {
      under = await make();
      ({ store } = under);
      header = newHeader();
    });
    afterEach(() => under.dispose());
    const failing = (writer: RecordingWriter): string[] => {
      const failures: string[] = [];
      writer.onFailure((detail) => failures.push(detail));
      return failures;
    };

    it('S2, S11: what was appended comes back by the session’s id: bytes, sizes, times, the end', async () => {
      const writer = await store.create(header);
      const failures = failing(writer);
      writer.output(0.25, Buffer.from('$ vim\r\n'));
      writer.resize(10, { cols: 132, rows: 43 });
      writer.output(10.5, Buffer.from([0xe4, 0xb8, 0xff, 0x00]));
      await writer.seal(1234.567, 3);
      const output = Buffer.from('$ vim\r\n');
      expect(await collect(store.read(header.sessionId))).toEqual([
        { type: 'output', atMs: 0.25, offset: 0, bytes: output },
        { type: 'resize', atMs: 10, offset: 7, size: { cols: 132, rows: 43 } },
        { type: 'output', atMs: 10.5, offset: 7, bytes: Buffer.from([0xe4, 0xb8, 0xff, 0x00]) },
        { type: 'end', atMs: 1234.567, offset: 11, exitCode: 3 },
      ]);
      expect(await store.header(header.sessionId)).toMatchObject(header);
      const recording = await store.describe(header.sessionId);
      expect(recording).toMatchObject({ sessionId: header.sessionId, state: 'complete', outputBytes: 11 });
      expect(recording?.durationMs).toBeCloseTo(1234.567, 6);
      expect(recording?.head).toMatch(/^[0-9a-f]{64}$/);
      expect(failures).toEqual([]);
    });

    it('a session without output leaves a recording too', async () => {
      await (await store.create(header)).seal(5);
      expect(await collect(store.read(header.sessionId))).toEqual([{ type: 'end', atMs: 5, offset: 0 }]);
      expect(await store.describe(header.sessionId)).toMatchObject({
        state: 'complete',
        outputBytes: 0,
        durationMs: 5,
      });
    });

    it('nothing stands under an unknown id', async () => {
      const { sessionId } = newHeader();
      expect(await store.describe(sessionId)).toBeUndefined();
      expect(await store.header(sessionId)).toBeUndefined();
      expect(await collect(store.read(sessionId))).toEqual([]);
      expect(await store.readRaw(sessionId, 0, 10)).toHaveLength(0);
    });

    it('V6: what is not an id is refused when written and unknown when read', async () => {
      const good = header.sessionId;
      for (const sessionId of [
        '',
        '..',
        '../../etc/passwd',
        `../${good}`,
        `${good}/..`,
        `${good}\0`,
        '%2e%2e',
        'CON',
        'x'.repeat(300),
        good.toUpperCase(),
      ]) {
        if (sessionId === good) continue;
        await expect(store.create(newHeader({ sessionId }))).rejects.toThrow();
        expect(await store.describe(sessionId)).toBeUndefined();
        expect(await collect(store.read(sessionId))).toEqual([]);
        expect(await store.readRaw(sessionId, 0, 10)).toHaveLength(0);
      }
    });

    it('V6: names in the header are data: hostile ones come back as they are', async () => {
      const odd = newHeader({ userName: '../../x', hostName: '\u0000\u001b[31m', login: '"}],', title: 'CON%2e%2e' });
      await (await store.create(odd)).seal(1);
      expect(await store.header(odd.sessionId)).toMatchObject(odd);
    });

    it('a recording is never written over: the same id twice is refused and the first goes on', async () => {
      const writer = await store.create(header);
      writer.output(1, Buffer.from('first'));
      await expect(store.create(header)).rejects.toThrow();
      writer.output(2, Buffer.from(' second'));
      await writer.seal(3);
      expect(outputOf(await collect(store.read(header.sessionId))).toString()).toBe('first second');
      await expect(store.create(header)).rejects.toThrow();
    });

    it('W9: sessions opened in the same moment have recordings of their own', async () => {
      const headers = Array.from({ length: 20 }, () => newHeader());
      const writers = await Promise.all(headers.map((one) => store.create(one)));
      for (let round = 0; round < 5; round += 1)
        writers.forEach((writer, n) => {
          writer.output(round, Buffer.from(`${n}.`));
        });
      await Promise.all(writers.map((writer) => writer.seal(9)));
      for (const [n, { sessionId }] of headers.entries())
        expect(outputOf(await collect(store.read(sessionId))).toString()).toBe(`${n}.`.repeat(5));
    });

    it('flush makes all that was appended readable, and the recording goes on', async () => {
      const writer = await store.create(header);
      let expected = '';
      for (let n = 0; n < 20; n += 1) {
        writer.output(n, Buffer.from(`line ${n}\r\n`));
        expected += `line ${n}\r\n`;
        await writer.flush();
        const events = await collect(store.read(header.sessionId));
        expect(outputOf(events).toString()).toBe(expected);
        expect(events.at(-1)?.type).toBe('output');
        expect(await store.describe(header.sessionId)).toMatchObject({
          state: 'writing',
          outputBytes: expected.length,
        });
      }
      await writer.seal(30);
      expect((await collect(store.read(header.sessionId))).at(-1)).toMatchObject({ type: 'end' });
    });

    it('keeps the caller’s bytes, not its buffer', async () => {
      const writer = await store.create(header);
      const buffer = Buffer.from('aaaa');
      writer.output(1, buffer);
      buffer.fill(0x62);
      await writer.seal(2);
      expect(outputOf(await collect(store.read(header.sessionId))).toString()).toBe('aaaa');
    });

    it('output of any size is kept whole and in order', async () => {
      const writer = await store.create(header);
      const parts = [1, 4095, 4096, 65_536, 65_537, 3_000_000].map((length, n) => Buffer.alloc(length, `${n}part`));
      parts.forEach((part, n) => {
        writer.output(n, part);
      });
      await writer.seal(9);
      const events = await collect(store.read(header.sessionId));
      expect(outputOf(events).equals(Buffer.concat(parts))).toBe(true);
      let offset = 0;
      for (const event of events) {
        expect(event.offset).toBe(offset);
        if (event.type === 'output') offset += event.bytes.length;
      }
    });

    it('seal is idempotent, and what comes after it is not recorded', async () => {
      const writer = await store.create(header);
      writer.output(1, Buffer.from('in time'));
      await Promise.all([writer.seal(2), writer.seal(3)]);
      writer.output(4, Buffer.from('too late'));
      writer.resize(4, { cols: 9, rows: 9 });
      await writer.seal(5);
      const events = await collect(store.read(header.sessionId));
      expect(outputOf(events).toString()).toBe('in time');
      expect(events.at(-1)).toMatchObject({ type: 'end', atMs: 2 });
    });

    it('X20: times never decrease', async () => {
      const writer = await store.create(header);
      for (const at of [5, 3, 8, 1]) writer.output(at, Buffer.from('x'));
      await writer.seal(2);
      const times = (await collect(store.read(header.sessionId))).map(({ atMs }) => atMs);
      expect(times).toEqual([5, 5, 8, 8, 8]);
    });

    it('reading from an offset is the tail of reading all, and begins with the size in force', async () => {
      const writer = await store.create(header);
      let size = header.size;
      const sizes: { offset: number; size: typeof size }[] = [{ offset: 0, size }];
      let offset = 0;
      for (let n = 0; n < 300; n += 1) {
        const bytes = Buffer.alloc(1 + ((n * 7919) % 900), `${n},`);
        writer.output(n, bytes);
        offset += bytes.length;
        if (n % 17 === 0) {
          size = { cols: 40 + n, rows: 10 + (n % 50) };
          writer.resize(n, size);
          sizes.push({ offset, size });
        }
        if (n % 23 === 0) await writer.flush();
      }
      await writer.seal(400);
      const all = outputOf(await collect(store.read(header.sessionId)));
      expect(all).toHaveLength(offset);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: offset + 10 }), async (from) => {
          const events = await collect(store.read(header.sessionId, from));
          expect(outputOf(events).equals(all.subarray(from))).toBe(true);
          const force = sizes.findLast((one) => one.offset < from);
          expect(events[0]).toMatchObject({ type: 'resize', size: force?.size });
          expect(events.at(-1)).toMatchObject({ type: 'end' });
          if (from < offset) expect(events.find((event) => event.type === 'output')?.offset).toBe(from);
        }),
        { numRuns: 60 },
      );
    });

    it('raw bytes by range are the file', async () => {
      const writer = await store.create(header);
      writer.output(1, Buffer.alloc(10_000, 'abc'));
      await writer.seal(2);
      const size = (await store.describe(header.sessionId))!.sizeBytes;
      const all = Buffer.from(await store.readRaw(header.sessionId, 0, size));
      expect(all).toHaveLength(size);
      expect(Buffer.from(await store.readRaw(header.sessionId, 5, 105)).equals(all.subarray(5, 105))).toBe(true);
      expect(await store.readRaw(header.sessionId, size - 3, size + 100)).toHaveLength(3);
      expect(await store.readRaw(header.sessionId, size + 5, size + 100)).toHaveLength(0);
      expect(await store.readRaw(header.sessionId, 7, 7)).toHaveLength(0);
    });

    it('W8: after a crash a left recording is sealed as truncated, once, and plays; a live one is left alone', async () => {
      const other = newHeader();
      const [left, live] = [await store.create(header), await store.create(other)];
      left.output(1, Buffer.from('before the crash'));
      left.resize(2, { cols: 100, rows: 30 });
      live.output(1, Buffer.from('elsewhere'));
      await Promise.all([left.flush(), live.flush()]);
      const next = await under.reopen();
      expect((await collect(next.read(header.sessionId))).at(-1)).toMatchObject({ type: 'end', truncated: true });
      expect(await next.describe(header.sessionId)).toMatchObject({
        state: 'truncated',
        outputBytes: 16,
        durationMs: 2,
      });
      expect(await next.recover((id) => id === other.sessionId)).toEqual([header.sessionId]);
      const events = await collect(next.read(header.sessionId));
      expect(outputOf(events).toString()).toBe('before the crash');
      expect(events.at(-1)).toEqual({ type: 'end', atMs: 2, offset: 16, truncated: true });
      expect(await next.describe(header.sessionId)).toMatchObject({
        state: 'truncated',
        outputBytes: 16,
        durationMs: 2,
      });
      expect(await next.recover((id) => id === other.sessionId)).toEqual([]);
      live.output(3, Buffer.from(' goes on'));
      await live.seal(4);
      expect(await next.describe(other.sessionId)).toMatchObject({ state: 'complete', outputBytes: 17 });
    });

    it('close lets nothing be lost', async () => {
      const writer = await store.create(header);
      writer.output(1, Buffer.from('last words'));
      await store.close();
      const next = await under.reopen();
      expect(outputOf(await collect(next.read(header.sessionId))).toString()).toBe('last words');
      expect(await next.describe(header.sessionId)).toMatchObject({ state: 'truncated' });
    });
  });
}
