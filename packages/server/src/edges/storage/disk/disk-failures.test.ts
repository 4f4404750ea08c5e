/** Failures made by the system itself: a full disk, a read-only one, a slow one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, open, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { collect, newHeader, outputOf } from '../../../gateway/ports/recording-store.contract.js';
import type { RecordingWriter } from '../../../gateway/ports/recording-store.js';
import { createDiskRecordingStore } from './disk-recording-store.js';
import { recordingPath } from './recording-files.js';
import { QUEUE_BYTES } from './recording-writer.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sprec-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const failureOf = (writer: RecordingWriter): string[] => {
  const told: string[] = [];
  writer.onFailure((detail) => told.push(detail));
  return told;
};
/** Longer than what a compressor looks back over. */
const noise = randomBytes(40 * 1024);

/** A tmpfs may be mounted by root only; elsewhere these tests say so and are skipped. */
const mayMount = process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;
if (!mayMount) console.warn('F3, V41 on a full disk: skipped, mounting a tmpfs needs root');

describe.skipIf(!mayMount)('recordings on a disk of 1 MB', () => {
  let disk: string;
  beforeEach(async () => {
    disk = join(root, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  });
  afterEach(() => {
    execFileSync('umount', ['-l', disk]);
  });

  it('F3, V41: a full disk is told once, what was written plays, and the next session records again without a restart', async () => {
    const time = fakeClock();
    const store = createDiskRecordingStore({ directory: join(disk, 'recordings'), clock: time });
    const header = newHeader();
    const writer = await store.create(header);
    const told = failureOf(writer);
    let relieved = 0;
    writer.onRelief(() => {
      relieved += 1;
    });
    const sent: Buffer[] = [];
    for (let n = 0; told.length === 0 && n < 500; n += 1) {
      writer.output(n, noise);
      sent.push(noise);
      await writer.flush();
    }
    expect(told).toEqual(['ENOSPC: no space left on device']);
    expect(writer.pressure).toBe(false);
    expect(relieved).toBeGreaterThan(0);
    writer.output(1000, noise);
    await writer.seal(1001);
    expect(told).toHaveLength(1);

    const events = await collect(store.read(header.sessionId));
    const kept = outputOf(events);
    // 0 bytes delivered and not recorded: the reserve held what was taken before the failure was told.
    expect(kept.equals(Buffer.concat(sent))).toBe(true);
    expect(kept.length).toBeGreaterThan(0.8 * 1024 * 1024);
    expect(events.at(-1)).toMatchObject({ type: 'end', truncated: true });

    await writeFile(join(disk, 'filler'), Buffer.alloc(1024 * 1024)).catch(() => {});
    await expect(store.create(newHeader())).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(stat(join(disk, 'recordings', 'reserve'))).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(recordingPath(join(disk, 'recordings'), header.sessionId));
    const again = newHeader();
    const next = await store.create(again);
    next.output(1, Buffer.from('recorded again'));
    await next.seal(2);
    expect(outputOf(await collect(store.read(again.sessionId))).toString()).toBe('recorded again');
    expect((await stat(join(disk, 'recordings', 'reserve'))).size).toBeGreaterThan(0);
    expect(await store.recover(() => false)).not.toContain(again.sessionId);
  });

  it('V41: a session that could not begin leaves no file', async () => {
    const directory = join(disk, 'recordings');
    const store = createDiskRecordingStore({ directory, clock: fakeClock() });
    await (await store.create(newHeader())).seal(1);
    await writeFile(join(disk, 'filler'), Buffer.alloc(2 * 1024 * 1024)).catch(() => {});
    const header = newHeader();
    await expect(store.create(header)).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(stat(recordingPath(directory, header.sessionId))).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(join(disk, 'filler'));
    await (await store.create(header)).seal(1);
  });

  it('F3: all sessions of a full disk are told, each once', async () => {
    const store = createDiskRecordingStore({ directory: join(disk, 'recordings'), clock: fakeClock() });
    const writers = await Promise.all(Array.from({ length: 8 }, () => store.create(newHeader())));
    const told = writers.map(failureOf);
    for (let n = 0; n < 40; n += 1) for (const writer of writers) writer.output(n, noise);
    await Promise.allSettled(writers.map((writer) => writer.flush()));
    await Promise.all(writers.map((writer) => writer.seal(99)));
    for (const one of told.slice(0, 7)) expect(one.length).toBeLessThanOrEqual(1);
    expect(told.flat().length).toBeGreaterThan(0);
    for (const one of told.flat()) expect(one).toMatch(/^ENOSPC/);
  });

  it('V41: a disk that became read-only refuses a new session', async () => {
    const store = createDiskRecordingStore({ directory: join(disk, 'recordings'), clock: fakeClock() });
    await (await store.create(newHeader())).seal(1);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(store.create(newHeader())).rejects.toMatchObject({ code: 'EROFS' });
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    await (await store.create(newHeader())).seal(1);
  });
});

describe('recordings where they cannot be written', () => {
  it('V41: a directory that is a file refuses the session', async () => {
    await writeFile(join(root, 'recordings'), '');
    const store = createDiskRecordingStore({ directory: join(root, 'recordings'), clock: fakeClock() });
    await expect(store.create(newHeader())).rejects.toMatchObject({ code: expect.stringMatching(/ENOTDIR|EEXIST/) });
  });
});

/** Takes every thread of the pool: each opens a pipe nobody writes to, as a hanging disk would hold it. */
function hangDisk(): () => void {
  const pipes = Array.from({ length: 4 }, (_, n) => join(root, `pipe${n}`));
  for (const pipe of pipes) {
    execFileSync('mkfifo', [pipe]);
    open(pipe, 'r', (error, fd) => {
      if (error === null) closeSync(fd);
    });
  }
  return () => {
    for (const pipe of pipes) closeSync(openSync(pipe, 'w'));
  };
}

describe('recordings on a disk that does not answer', () => {
  it('F4: a full queue presses, relief comes with the disk, nothing is lost and order is kept', async () => {
    const store = createDiskRecordingStore({ directory: join(root, 'recordings'), clock: fakeClock() });
    const header = newHeader();
    const writer = await store.create(header);
    let relieved = 0;
    writer.onRelief(() => {
      relieved += 1;
    });
    const release = hangDisk();
    const sent: Buffer[] = [];
    for (let n = 0; !writer.pressure; n += 1) {
      const bytes = Buffer.alloc(50_000, `${n} `);
      writer.output(n, bytes);
      sent.push(bytes);
    }
    const queued = sent.reduce((sum, { length }) => sum + length, 0);
    expect(queued).toBeGreaterThan(QUEUE_BYTES);
    expect(queued).toBeLessThan(QUEUE_BYTES + 100_000);
    expect(relieved).toBe(0);
    release();
    await vi.waitFor(() => expect(relieved).toBe(1));
    expect(writer.pressure).toBe(false);
    await writer.seal(1000);
    expect(outputOf(await collect(store.read(header.sessionId))).equals(Buffer.concat(sent))).toBe(true);
  });

  it('F1, F4: output waiting for more than 0.7 s presses too, so a crash never loses more than 1 s', async () => {
    const time = fakeClock();
    const store = createDiskRecordingStore({ directory: join(root, 'recordings'), clock: time });
    const writer = await store.create(newHeader());
    let relieved = 0;
    writer.onRelief(() => {
      relieved += 1;
    });
    const release = hangDisk();
    writer.output(1, Buffer.from('x'));
    time.advance(600);
    writer.output(600, Buffer.from('y'));
    expect(writer.pressure).toBe(false);
    time.advance(150);
    writer.output(750, Buffer.from('z'));
    expect(writer.pressure).toBe(true);
    release();
    await vi.waitFor(() => {
      time.advance(50);
      expect(relieved).toBe(1);
    });
    await writer.seal(1000);
  });

  it('V41: after 30 s the disk has failed, and the session is told', async () => {
    const time = fakeClock();
    const store = createDiskRecordingStore({ directory: join(root, 'recordings'), clock: time });
    const header = newHeader();
    const writer = await store.create(header);
    const told = failureOf(writer);
    const release = hangDisk();
    writer.output(1, Buffer.from('x'));
    time.advance(29_000);
    expect(told).toEqual([]);
    time.advance(2_000);
    expect(told).toEqual(['the disk did not answer for 30 s']);
    const sealed = writer.seal(32_000);
    release();
    await sealed;
    expect(await store.describe(header.sessionId)).toMatchObject({ state: 'truncated' });
  });

  it('F4: memory is bounded though the target does not heed the pause', async () => {
    const store = createDiskRecordingStore({ directory: join(root, 'recordings'), clock: fakeClock() });
    const writer = await store.create(newHeader());
    const told = failureOf(writer);
    const release = hangDisk();
    let sent = 0;
    for (let n = 0; told.length === 0; n += 1, sent += noise.length) writer.output(n, noise);
    expect(sent).toBeLessThanOrEqual(4 * QUEUE_BYTES + noise.length);
    expect(told).toEqual(['output came faster than the disk takes it']);
    release();
    await writer.seal(1);
  });

  it('a file taken away under the writer loses nothing of what is still open, and sealing does not hang', async () => {
    const directory = join(root, 'recordings');
    const store = createDiskRecordingStore({ directory, clock: fakeClock() });
    const header = newHeader();
    const writer = await store.create(header);
    writer.output(1, Buffer.from('x'));
    await rm(recordingPath(directory, header.sessionId));
    await writer.seal(2);
    expect(await store.describe(header.sessionId)).toBeUndefined();
    await expect(readFile(join(directory, 'open', header.sessionId))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
