/** X18, W17: what the page replays is what the person saw, at any moment and whatever was looked at before. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeReplayIndex } from '@sallyport/core/cast/replay-index.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { createGroundScanner } from '@sallyport/core/terminal/ground-scanner.js';
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobReader } from '../../../console/src/evidence/blob-reader.js';
import { createPlayer, type Player } from '../../../console/src/replay/player.js';
import { createReplayScreen } from '../../../console/src/replay/replay-screen.js';
import { createReplaySource, type ReplayReader, type ReplaySource } from '../../../console/src/replay/source.js';
import { systemClock } from '../../src/app/system-clock.js';
import { createHeadlessEmulator } from '../../src/edges/screen/headless-emulator.js';
import { createScreenWorkers } from '../../src/edges/screen/screen-workers.js';
import { gunzipChunk } from '../../src/edges/storage/disk/chunk-gzip.js';
import { createDiskRecordingStore } from '../../src/edges/storage/disk/disk-recording-store.js';
import { createDiskReplayIndexFiles } from '../../src/edges/storage/disk/disk-replay-index-files.js';
import { sha256 } from '../../src/edges/storage/disk/sha256.js';
import { newHeader } from '../../src/gateway/ports/recording-store.contract.js';
import { createReplayIndexes, type ReplayIndexes } from '../../src/gateway/replay-indexes.js';
import { bundleScreenWorker } from '../fixtures/screen-worker-bundle.js';

type Event = { readonly atMs: number; readonly bytes?: Uint8Array; readonly size?: TerminalSize };

const STREAMS = new URL('../fixtures/terminal-streams/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'sallyport-law-'));
const header = newHeader();
const recordings = createDiskRecordingStore({ directory: folder, clock: systemClock });
const files = createDiskReplayIndexFiles({ directory: folder });
const failures: unknown[] = [];
const log = { error: (fields: object) => void failures.push(fields) };
const events: Event[] = [];
const reads = { content: 0 };
let screens: ReturnType<typeof createScreenWorkers>;
let indexes: ReplayIndexes;

/** An hour of the recorded programs, in pieces of any length, with windows that change. */
function script(): void {
  const programs = readdirSync(STREAMS)
    .filter((name) => name.endsWith('.vt.gz'))
    .map((name) => gunzipSync(readFileSync(new URL(name, STREAMS))));
  const scanner = createGroundScanner();
  let atMs = 0;
  let number = 7;
  const next = (below: number): number => {
    number = (number * 1_103_515_245 + 12_345) % 2_147_483_648;
    return number % below;
  };
  for (let round = 0; round < 8; round++) {
    for (const program of programs) {
      for (let at = 0; at < program.length; ) {
        const length = 1 + next(2_000);
        atMs += next(40) === 0 ? 2_000 + next(9_000) : next(60);
        const bytes = program.subarray(at, at + length);
        scanner.push(bytes);
        events.push({ atMs, bytes });
        at += length;
        // Inside a sequence a size hardly ever changes: output is cut where programs write.
        if (scanner.ground && next(12) === 0) events.push({ atMs, size: { cols: 40 + next(90), rows: 10 + next(40) } });
      }
      events.push({ atMs, size: { cols: 80, rows: 24 } });
    }
  }
}

beforeAll(async () => {
  script();
  screens = createScreenWorkers({ worker: await bundleScreenWorker() });
  indexes = createReplayIndexes({ recordings, files, screens, clock: systemClock, log });
  const writer = await recordings.create(header);
  for (const { atMs, bytes, size } of events) {
    if (bytes) writer.output(atMs, bytes);
    else if (size) writer.resize(atMs, size);
    if (atMs % 97 === 0) await writer.flush();
  }
  await writer.seal(events.at(-1)!.atMs + 5_000, 0);
});
afterAll(async () => {
  indexes.close();
  await screens.close();
  await recordings.close();
  rmSync(folder, { recursive: true });
});

const value = async <T>(found: Promise<{ ok: true; value: T } | { ok: false; problem: unknown }>): Promise<T> => {
  const result = await found;
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
};
const fromGateway: ReplayReader = {
  async content(from, to) {
    const bytes = await recordings.readRaw(header.sessionId, from, to, 'plain');
    reads.content += bytes.length;
    return bytes;
  },
  table: () => value(indexes.table(header.sessionId)),
  keyframes: (from, to) => value(indexes.keyframes(header.sessionId, from, to)),
};

/** As the page of an evidence bundle reads: the file alone, nothing that the gateway derived. */
async function fromBundle(changed: (bytes: Buffer) => void = () => undefined): Promise<ReplayReader> {
  const { sizeBytes } = (await recordings.describe(header.sessionId))!;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < sizeBytes; at += parts.at(-1)!.length)
    parts.push(await recordings.readRaw(header.sessionId, at, sizeBytes));
  const bytes = Buffer.concat(parts);
  changed(bytes);
  const inner = blobReader(new Blob([bytes]), { gunzip: gunzipChunk, sha256 }, (size) => createHeadlessEmulator(size));
  return {
    ...inner,
    async content(from, to, signal) {
      const read = await inner.content(from, to, signal);
      reads.content += read.length;
      return read;
    },
  };
}

function page(reader: ReplayReader = fromGateway): {
  player: Player;
  source: ReplaySource;
  view(): ScreenView;
  load(): Promise<void>;
} {
  const source = createReplaySource({
    reader,
    tools: { gunzip: gunzipChunk, sha256, trustOpened: true },
    clock: { now: () => performance.now(), after: (ms, call) => systemClock.after(ms, call) },
  });
  const emulator = createHeadlessEmulator(header.size);
  const player = createPlayer({
    source,
    screen: createReplayScreen(emulator.terminal),
    clock: { now: () => performance.now(), after: (ms, call) => systemClock.after(ms, call) },
    pace: { speed: 1, skipIdle: true },
    changed: () => undefined,
    failed: (cause) => {
      throw cause;
    },
  });
  return { player, source, view: emulator.view, load: () => source.load(new AbortController().signal) };
}

/** The screen as the person had it: all bytes from the start. */
function live(untilMs: number): ScreenView {
  const emulator = createHeadlessEmulator(header.size);
  for (const { atMs, bytes, size } of events) {
    if (atMs > untilMs) break;
    if (bytes) emulator.write(bytes);
    else if (size) emulator.resize(size);
  }
  return emulator.view();
}

/** What can be seen, and the cursor. Mouse reports are off in a replay, so that text can be selected. */
const seen = ({ size, normal, alternate, alternateShown, modes, charset, title, pen }: ScreenView): unknown => ({
  size,
  rows: (alternateShown ? alternate : normal).rows.map(({ cells }) =>
    cells.map(
      ({ text, width, pen: drawn }) => `${text}|${width}|${JSON.stringify({ ...drawn, link: drawn.link?.uri })}`,
    ),
  ),
  cursor: (alternateShown ? alternate : normal).cursor,
  alternateShown,
  modes: { ...modes, mouse: 0 },
  charset,
  title,
  pen: { ...pen, link: undefined },
});

it('law: at random moments the replayed screen is the live one, cell by cell, however one got there', async () => {
  const { player, source, view, load } = page();
  await load();
  const lastMs = events.at(-1)!.atMs;
  expect(source.end).toMatchObject({ truncated: false, exitCode: 0 });
  const moments = fc.sample(fc.integer({ min: 0, max: lastMs + 4_000 }), { numRuns: 24 });
  const turns = events.filter(({ size }) => size).map(({ atMs }) => atMs);
  for (const moment of [...moments, ...fc.sample(fc.constantFrom(...turns), { numRuns: 8 }), 0, lastMs]) {
    await player.seek(moment);
    expect({ moment, ...(seen(view()) as object) }).toEqual({ moment, ...(seen(live(moment)) as object) });
  }
  // On from a keyframe, through changes of size.
  for (const moment of turns.slice(20, 24)) {
    await player.seek(moment - 1);
    for (const step of [0, 200, 3_000]) {
      await player.seek(moment + step);
      expect(seen(view())).toEqual(seen(live(moment + step)));
    }
  }
  player.stop();
});

it('law: in a bundle a seek back restores the screen of that moment, cell by cell, and reads one step', async () => {
  const { player, source, view, load } = page(await fromBundle());
  await load();
  const lastMs = events.at(-1)!.atMs;
  expect(source.end).toMatchObject({ truncated: false, exitCode: 0 });
  await player.seek(lastMs);
  expect(seen(view())).toEqual(seen(live(lastMs)));
  const turns = events.filter(({ size }) => size).map(({ atMs }) => atMs);
  const moments = [...fc.sample(fc.integer({ min: 0, max: lastMs }), { numRuns: 12 }), ...turns.slice(30, 34), 0];
  // Only ever back.
  for (const moment of moments.sort((a, b) => b - a)) {
    reads.content = 0;
    await player.seek(moment);
    expect({ moment, ...(seen(view()) as object) }).toEqual({ moment, ...(seen(live(moment)) as object) });
    expect(reads.content).toBeLessThan(600_000);
  }
  player.stop();
});

it('V47: a bundle keeps no screen from bytes that were changed, nor from any behind them', async () => {
  const { sizeBytes } = (await recordings.describe(header.sessionId))!;
  const place = Math.floor(sizeBytes / 2);
  const { player, source, load } = page(
    await fromBundle((bytes) => {
      bytes[place]! ^= 1;
    }),
  );
  await load();
  const { damage, atMs } = source.end!;
  expect(damage!.position).toBeLessThanOrEqual(place);
  const last = source.keyframeAt(Number.POSITIVE_INFINITY)!;
  expect(last.position).toBeLessThanOrEqual(damage!.position);
  expect(last.atMs).toBeLessThanOrEqual(atMs);
  player.stop();
});

it('a seek reads one step of the recording, not what stands before it', async () => {
  const { player, load } = page();
  await load();
  const { sizeBytes } = (await recordings.describe(header.sessionId))!;
  reads.content = 0;
  await player.seek(events.at(-1)!.atMs * 0.9);
  expect(reads.content).toBeLessThan(sizeBytes / 2);
  expect(reads.content).toBeLessThan(600_000);
  player.stop();
});

it('a broken or stale sidecar is made again, never believed', async () => {
  const id = header.sessionId;
  const table = async (): Promise<number> => {
    const found = await indexes.table(id);
    if (!found.ok) throw new Error(found.problem.code);
    return decodeReplayIndex(gunzipSync(found.value).toString())!.keyframes.length;
  };
  const count = await table();
  expect(count).toBeGreaterThan(5);
  const size = (await files.size(id))!;
  const good = Buffer.from(await files.read(id, 0, size));
  for (const change of [
    Buffer.alloc(1),
    Buffer.from('no index'),
    good.subarray(0, 100),
    Buffer.concat([good.subarray(0, 24), Buffer.alloc(8, 1), good.subarray(32)]),
    Buffer.concat([good.subarray(0, 40), Buffer.alloc(4, 9), good.subarray(44)]),
  ]) {
    await files.write(id, change);
    expect(await table()).toBe(count);
    await expect.poll(async () => (await files.read(id, 0, size)).length).toBe(size);
  }
  expect(failures).toEqual([]);
});

it('the busiest moment has a picture; a running session has its screen up to now', async () => {
  const picture = await indexes.thumbnail(header.sessionId);
  expect(picture.ok && picture.value?.lines.flat().length).toBeGreaterThan(5);
  const running = newHeader();
  const writer = await recordings.create(running);
  writer.output(10, Buffer.from('first\r\n'));
  await writer.flush();
  const read = async (): Promise<unknown> => {
    const found = await indexes.table(running.sessionId);
    return found.ok && decodeReplayIndex(gunzipSync(found.value).toString());
  };
  expect(await read()).toMatchObject({ complete: false, outputBytes: 7 });
  writer.output(20, Buffer.from('second\r\n'));
  await writer.flush();
  expect(await read()).toMatchObject({ complete: false, outputBytes: 15, activity: { lastMs: 20 } });
  await writer.seal(30);
  await expect.poll(read).toMatchObject({ complete: true, end: { atMs: 30, truncated: false } });
});

it('W13: who looks while the same index is being made after the seal gets it, and its keyframes', async () => {
  for (let round = 0; round < 20; round++) {
    const sealed = newHeader();
    const writer = await recordings.create(sealed);
    for (let line = 0; line < 40; line++) writer.output(line, Buffer.from(`line ${line}\r\n`));
    await writer.seal(100, 0);
    indexes.enqueue(sealed.sessionId);
    // Steps of the background are passed by, to come at every moment of it.
    for (let step = 0; step < round; step++) await new Promise((resolve) => setImmediate(resolve));
    const found = await indexes.table(sealed.sessionId);
    expect(found.ok).toBe(true);
    expect((await indexes.keyframes(sealed.sessionId, 0, 1)).ok).toBe(true);
  }
});
