import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FakeClock, fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { type TestEvidence, testEvidence } from '../../../../test/fixtures/test-evidence.js';
import type { RecordingHeader, RecordingStore } from '../../../gateway/ports/recording-store.js';
import { createDiskRecordingStore } from './disk-recording-store.js';
import { recordingPath } from './recording-files.js';
import { SIGN_MS } from './recording-writer.js';

const ID = '0123456789abcdefghjkmnpqrs';
const header: RecordingHeader = {
  sessionId: ID,
  startedAt: 0,
  size: { cols: 80, rows: 24 },
  term: 'xterm-256color',
  title: '',
  userName: 'lin',
  hostName: 'web-01',
  login: 'root',
};

let root: string;
let clock: FakeClock;
let evidence: TestEvidence;
let store: RecordingStore;
let file: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-evidence-'));
  clock = fakeClock();
  evidence = await testEvidence();
  store = createDiskRecordingStore({ directory: root, clock, evidence });
  file = recordingPath(root, ID);
});
afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

/** Time goes on while the disk is idle: what waits for it is over, only the next signature may be due. */
async function pass(ms: number, timers = 1): Promise<void> {
  clock.advance(250);
  await vi.waitFor(() => expect(clock.pending).toBe(timers));
  clock.advance(ms - 250);
}

const kinds = (): string[] => evidence.entries.map(({ kind }) => kind);
const marker = (): string => join(root, 'open', ID);
/** As the next start finds it: nothing of the first store is used again. */
function nextStart(): RecordingStore {
  return createDiskRecordingStore({ directory: root, clock, evidence });
}

it('signs the end, and writes into the ledger that it began and how it ended', async () => {
  const writer = await store.create(header);
  writer.output(10, Buffer.from('hi'));
  await writer.seal(20, 0);
  expect(await evidence.check(file, { sessionId: ID })).toMatchObject({
    ok: true,
    state: 'complete',
    signatures: { count: 1, last: { occasion: 'END' } },
  });
  await store.close();
  const { head, sizeBytes } = (await store.describe(ID))!;
  expect(evidence.entries).toMatchObject([
    { kind: 'opened', sessionId: ID },
    { kind: 'sealed', head, bytes: sizeBytes, outputBytes: 2, state: 'complete' },
  ]);
  expect(sizeBytes).toBe(readFileSync(file).length);
  expect(existsSync(marker())).toBe(false);
});

it('signs a running recording within a minute of what was written, and not when nothing was', async () => {
  const writer = await store.create(header);
  const count = async (): Promise<number> => (await evidence.check(file, { growing: true })).signatures.count;
  for (let minute = 1; minute <= 3; minute += 1) {
    writer.output(minute * 1000, Buffer.from(`minute ${minute}`));
    writer.resize(minute * 1000, { cols: 80 + minute, rows: 24 });
    await writer.flush();
    await pass(SIGN_MS - 1);
    await writer.flush();
    expect(await count()).toBe(minute - 1);
    clock.advance(1);
    await writer.flush();
    expect(await evidence.check(file, { growing: true })).toMatchObject({
      ok: true,
      state: 'open',
      signatures: { count: minute, last: { occasion: 'RUNNING' } },
    });
  }
  await pass(10 * SIGN_MS, 0);
  await writer.flush();
  expect(await count()).toBe(3);
  await writer.seal(9000);
  expect(await evidence.check(file)).toMatchObject({ ok: true, signatures: { count: 4 } });
});

it('reads, describes and plays with signatures in between', async () => {
  const writer = await store.create(header);
  for (let n = 0; n < 5; n += 1) {
    writer.output(n, Buffer.from(`${n}`));
    await writer.flush();
    await pass(SIGN_MS);
    await writer.flush();
  }
  await writer.seal(10);
  for (const from of [0, 3]) {
    let text = '';
    for await (const event of store.read(ID, from)) {
      if (event.type === 'output') text += Buffer.from(event.bytes).toString();
      if (event.type === 'end') expect(event).not.toHaveProperty('damage');
    }
    expect(text).toBe('01234'.slice(from));
  }
});

it('F1: after a crash the recovered file says so in its signature and in the ledger', async () => {
  const writer = await store.create(header);
  writer.output(10, Buffer.from('before the crash'));
  await writer.flush();
  appendFileSync(file, 'SPCK torn');
  const next = nextStart();
  expect(await next.recover(() => false)).toEqual([ID]);
  expect(await evidence.check(file)).toMatchObject({
    ok: true,
    state: 'truncated',
    signatures: { count: 1, last: { occasion: 'RECOVERED' } },
  });
  expect(evidence.entries.at(-1)).toMatchObject({ kind: 'recovered', state: 'truncated', outputBytes: 16 });
  expect(existsSync(marker())).toBe(false);
});

it('F2: cut at any byte of its end it is recovered: a whole seal is kept, and all is signed', async () => {
  const writer = await store.create(header);
  writer.output(10, Buffer.from('x'.repeat(50)));
  await writer.flush();
  const before = readFileSync(file).length;
  await writer.seal(20, 7);
  const whole = readFileSync(file);
  const sealEnd = before + 88 + 16 + 36;
  const borders = [sealEnd - 1, sealEnd, sealEnd + 1, whole.length - 1];
  for (let size = before; size < whole.length; size += 1) {
    if (size % 13 !== 0 && !borders.includes(size)) continue;
    const directory = join(root, `at-${size}`);
    const path = recordingPath(directory, ID);
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(join(directory, 'open'), { recursive: true });
    copyFileSync(file, path);
    truncateSync(path, size);
    writeFileSync(join(directory, 'open', ID), '');
    await createDiskRecordingStore({ directory, clock, evidence }).recover(() => false);
    const report = await evidence.check(path);
    expect(report, `cut at ${size}`).toMatchObject({
      ok: true,
      state: size >= sealEnd ? 'complete' : 'truncated',
      signatures: { last: { occasion: 'RECOVERED' } },
    });
  }
}, 60_000);

it('V41: a ledger that cannot be written ends the session, and the next start tells it', async () => {
  evidence.failing = new Error('the disk is full');
  const writer = await store.create(header);
  const failed = vi.fn();
  writer.onFailure(failed);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledWith('the write failed'));
  await writer.seal(10);
  await store.close();
  expect(existsSync(marker())).toBe(true);
  evidence.failing = undefined;
  await nextStart().recover(() => false);
  expect(kinds()).toEqual(['opened', 'sealed']);
  expect(existsSync(marker())).toBe(false);
});
