import { mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import {
  collect,
  describeRecordingStoreContract,
  newHeader,
  outputOf,
} from '../../../gateway/ports/recording-store.contract.js';
import { GATHER_MS, SYNC_MS } from './committer.js';
import { createDiskRecordingStore } from './disk-recording-store.js';
import { recordingPath } from './recording-files.js';

const clock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'sprec-'));

describeRecordingStoreContract('disk', async () => {
  const directory = join(await temporary(), 'recordings');
  const stores = [createDiskRecordingStore({ directory, clock })];
  return {
    store: stores[0]!,
    async reopen() {
      const store = createDiskRecordingStore({ directory, clock });
      stores.push(store);
      return store;
    },
    async dispose() {
      for (const store of stores) await store.close();
      await rm(join(directory, '..'), { recursive: true });
    },
  };
});

describe('recordings on disk', () => {
  let root: string;
  let directory: string;
  beforeEach(async () => {
    root = await temporary();
    directory = join(root, 'recordings');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('W14: files are 0600 in directories 0700, under the id’s first two characters', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const header = newHeader();
    const writer = await store.create(header);
    const { sessionId } = header;
    const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(directory)).toBe('700');
    expect(await mode(join(directory, sessionId.slice(0, 2)))).toBe('700');
    expect(await mode(join(directory, sessionId.slice(0, 2), `${sessionId}.sprec`))).toBe('600');
    expect(await readdir(join(directory, 'open'))).toEqual([sessionId]);
    await writer.seal(1);
    expect(await readdir(join(directory, 'open'))).toEqual([]);
  });

  it('V6: a link in place of a recording is not followed', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const header = newHeader();
    await (await store.create(header)).seal(1);
    const path = recordingPath(directory, header.sessionId);
    await rm(path);
    await writeFile(join(root, 'secret'), 'secret');
    await symlink(join(root, 'secret'), path);
    await expect(store.readRaw(header.sessionId, 0, 6)).rejects.toThrow();
    await expect(store.create(header)).rejects.toThrow();
    expect(await readFile(join(root, 'secret'), 'utf8')).toBe('secret');
  });

  it('X21: output is handed to the kernel GATHER_MS after it came, for all sessions by one timer', async () => {
    const time = fakeClock();
    const store = createDiskRecordingStore({ directory, clock: time });
    const headers = [newHeader(), newHeader(), newHeader()];
    const writers = await Promise.all(headers.map((header) => store.create(header)));
    const sizes = async (): Promise<number[]> =>
      Promise.all(headers.map(async ({ sessionId }) => (await stat(recordingPath(directory, sessionId))).size));
    const before = await sizes();
    for (const writer of writers) writer.output(1, Buffer.from('x'));
    expect(time.pending).toBe(1);
    time.advance(GATHER_MS - 1);
    expect(await sizes()).toEqual(before);
    time.advance(1);
    await vi.waitFor(async () => expect((await sizes()).every((size, n) => size > before[n]!)).toBe(true));
    expect(GATHER_MS + SYNC_MS).toBeLessThanOrEqual(250);
    await Promise.all(writers.map((writer) => writer.seal(2)));
  });

  it('an idle recording holds no timer and an empty output no chunk', async () => {
    const time = fakeClock();
    const store = createDiskRecordingStore({ directory, clock: time });
    const writer = await store.create(newHeader());
    writer.output(1, new Uint8Array(0));
    expect(time.pending).toBe(0);
    await writer.seal(1);
  });

  it('compresses where it pays and within a budget, of which bulk leaves a share to the small chunks', async () => {
    const time = fakeClock();
    const store = createDiskRecordingStore({ directory, clock: time });
    const write = async (bytes: Buffer): Promise<number> => {
      const header = newHeader();
      const writer = await store.create(header);
      for (let at = 0; at < bytes.length; at += 65_536) {
        writer.output(1, bytes.subarray(at, at + 65_536));
        if (writer.pressure) await writer.flush();
      }
      await writer.seal(2);
      expect(outputOf(await collect(store.read(header.sessionId))).equals(bytes)).toBe(true);
      return (await store.describe(header.sessionId))!.sizeBytes;
    };
    const screen = Buffer.alloc(3_000, 'drwxr-xr-x 2 root root\r\n');
    expect(await write(screen)).toBeLessThan(1_000);
    const bulk = 40 * 1024 * 1024;
    const stored = await write(Buffer.alloc(bulk, 'drwxr-xr-x 2 root root\r\n'));
    expect(stored).toBeLessThan(bulk * 0.9);
    expect(stored).toBeGreaterThan(bulk * 0.8);
    expect(await write(screen)).toBeLessThan(1_000);
    for (let n = 0; n < 140; n += 1) await write(screen);
    expect(await write(screen)).toBeGreaterThan(3_000);
    time.advance(10_000);
    expect(await write(screen)).toBeLessThan(1_000);
  });

  it('F2: truncated at 2,000 random bytes every recording opens, keeps all whole chunks and is sealed at the start', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const header = newHeader();
    const writer = await store.create(header);
    for (let n = 0; n < 40; n += 1) {
      writer.output(n, Buffer.alloc(1 + ((n * 131) % 1500), `${n} 中文 `));
      if (n % 2 === 0) await writer.flush();
    }
    await writer.seal(200);
    const path = recordingPath(directory, header.sessionId);
    const whole = await readFile(path);
    const all = outputOf(await collect(store.read(header.sessionId)));
    let seed = 42;
    for (let run = 0; run < 2000; run += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const cut = seed % whole.length;
      await writeFile(path, whole.subarray(0, cut));
      const events = await collect(store.read(header.sessionId));
      const kept = outputOf(events);
      expect(kept.equals(all.subarray(0, kept.length))).toBe(true);
      expect(events.at(-1)).toMatchObject({ type: 'end', truncated: true });
      if (run % 10 !== 0) continue;
      const before = await store.describe(header.sessionId);
      expect(before).toMatchObject({ state: 'truncated', outputBytes: kept.length });
      if (kept.length === 0) continue;
      await writeFile(join(directory, 'open', header.sessionId), '');
      expect(await store.recover(() => false)).toEqual([header.sessionId]);
      const sealed = await collect(store.read(header.sessionId));
      expect(outputOf(sealed).equals(kept)).toBe(true);
      expect(sealed.at(-1)).not.toHaveProperty('damage');
      expect(await store.describe(header.sessionId)).toMatchObject({ state: 'truncated', outputBytes: kept.length });
    }
  }, 120_000);

  it('F2: a tail of zeros, as a power cut leaves it, is cut like a torn one', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const header = newHeader();
    const writer = await store.create(header);
    for (let n = 0; n < 20; n += 1) {
      writer.output(n, Buffer.alloc(3000, `${n} `));
      await writer.flush();
    }
    const { sizeBytes } = (await store.describe(header.sessionId))!;
    await store.close();
    const path = recordingPath(directory, header.sessionId);
    const bytes = (await readFile(path)).subarray(0, sizeBytes);
    bytes.fill(0, sizeBytes - 700, sizeBytes - 100); // the last chunk's middle never reached the disk
    await writeFile(path, Buffer.concat([bytes, Buffer.alloc(5000)]));
    await writeFile(join(directory, 'open', header.sessionId), '');
    const next = createDiskRecordingStore({ directory, clock });
    await next.recover(() => false);
    const events = await collect(next.read(header.sessionId));
    expect(outputOf(events).length % 3000).toBe(0);
    expect(outputOf(events).length).toBeGreaterThanOrEqual(15 * 3000);
    expect(events.at(-1)).toMatchObject({ type: 'end', truncated: true });
    expect(events.at(-1)).not.toHaveProperty('damage');
  });

  it('V47: a changed byte in the middle is located, and never cut away by recovery', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const header = newHeader();
    const writer = await store.create(header);
    for (let n = 0; n < 20; n += 1) {
      writer.output(n, Buffer.alloc(300, `${n} `));
      await writer.flush();
    }
    await writer.seal(30);
    const path = recordingPath(directory, header.sessionId);
    const bytes = await readFile(path);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await writeFile(path, bytes);
    const events = await collect(store.read(header.sessionId));
    const end = events.at(-1);
    expect(end).toMatchObject({ type: 'end', truncated: true, damage: { detail: expect.any(String) } });
    const position = end?.type === 'end' ? end.damage!.position : 0;
    expect(Math.abs(position - bytes.length / 2)).toBeLessThan(600);
    await store.recover(() => false);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('recovery survives what should not be there: empty, short and foreign files, markers without a file', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const ids: string[] = [];
    for (const content of ['', 'S', 'not a recording at all', undefined]) {
      const header = newHeader();
      await (await store.create(header)).seal(1);
      const path = recordingPath(directory, header.sessionId);
      if (content === undefined) await rm(path);
      else await writeFile(path, content);
      await writeFile(join(directory, 'open', header.sessionId), '');
      ids.push(header.sessionId);
    }
    await writeFile(join(directory, 'open', 'lost+found'), '');
    expect([...(await store.recover(() => false))].sort()).toEqual(ids.sort());
    expect(await store.recover(() => false)).toEqual([]);
    for (const id of ids.slice(0, 3)) await collect(store.read(id));
  });

  it('leaks no file descriptor: 200 recordings, reads left half way, failed opens', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const count = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    const header = newHeader();
    await (await store.create(header)).seal(1);
    const before = await count();
    for (let n = 0; n < 200; n += 1) {
      const one = newHeader();
      const writer = await store.create(one);
      writer.output(1, Buffer.alloc(5000, 'x'));
      await writer.seal(2);
      await store.describe(one.sessionId);
      await store.header(one.sessionId);
      for await (const event of store.read(one.sessionId)) if (event.type === 'output') break;
      await store.create(one).catch(() => {});
    }
    expect(await count()).toBeLessThanOrEqual(before + 1);
  });

  it('W14: finds a place in a large recording by its index, live and sealed, whatever lies before', async () => {
    const store = createDiskRecordingStore({ directory, clock });
    const header = newHeader();
    const writer = await store.create(header);
    const block = Buffer.from(Array.from({ length: 65_536 }, (_, n) => (n * n * 31) % 251));
    for (let n = 0; n < 640; n += 1) {
      writer.output(n, block);
      if (writer.pressure) await new Promise<void>((resolve) => writer.onRelief(resolve));
    }
    await writer.flush();
    const total = 640 * block.length;
    const path = recordingPath(directory, header.sessionId);
    // What lies before the place is not looked at: it is destroyed here, headers and all, and nobody minds.
    const file = await open(path, 'r+');
    const before = Buffer.alloc(1024 * 1024);
    await file.read(before, 0, before.length, 10 * 70_000);
    await file.write(Buffer.alloc(before.length), 0, before.length, 10 * 70_000);
    const tail = async (): Promise<void> => {
      const events = await collect(store.read(header.sessionId, total - 10));
      expect(outputOf(events).equals(block.subarray(-10))).toBe(true);
      expect(events.filter((event) => event.type === 'output')).toHaveLength(1);
    };
    await tail();
    await writer.seal(700);
    await tail();
    expect((await collect(store.read(header.sessionId))).at(-1)).toHaveProperty('damage');
    await file.write(before, 0, before.length, 10 * 70_000);
    await file.close();
    const end = (await collect(store.read(header.sessionId))).at(-1);
    expect(end).toEqual({ type: 'end', atMs: 700, offset: total });
  });

  it('recovers many leftovers in a bounded time', async () => {
    const crashed = createDiskRecordingStore({ directory, clock: fakeClock() });
    const headers = Array.from({ length: 100 }, () => newHeader());
    for (const header of headers) {
      const writer = await crashed.create(header);
      writer.output(1, Buffer.alloc(200, 'x'));
      await writer.flush();
    }
    const next = createDiskRecordingStore({ directory, clock });
    const started = performance.now();
    expect(await next.recover(() => false)).toHaveLength(100);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await next.describe(headers[99]!.sessionId)).toMatchObject({ state: 'truncated', outputBytes: 200 });
    await crashed.close();
  });
});
