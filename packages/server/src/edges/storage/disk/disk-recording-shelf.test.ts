import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { expect, it } from 'vitest';
import { systemClock } from '../../../app/system-clock.js';
import { describeRecordingShelfContract } from '../../../gateway/ports/recording-shelf.contract.js';
import { newHeader } from '../../../gateway/ports/recording-store.contract.js';
import { createDiskRecordingShelf } from './disk-recording-shelf.js';
import { createDiskRecordingStore } from './disk-recording-store.js';

function place() {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-shelf-'));
  const write = (sessionId: string, ending: string, bytes: number): void => {
    mkdirSync(join(directory, sessionId.slice(0, 2)), { recursive: true });
    writeFileSync(join(directory, sessionId.slice(0, 2), `${sessionId}${ending}`), Buffer.alloc(bytes));
  };
  return { directory, write, shelf: createDiskRecordingShelf({ directory }) };
}

describeRecordingShelfContract('disk', async () => {
  const { directory, write, shelf } = place();
  return {
    shelf,
    put: async (id, recording, index) => {
      write(id, '.sprec', recording);
      if (index !== undefined) write(id, '.spri', index);
    },
    putIndexOnly: async (id, bytes) => write(id, '.spri', bytes),
    close: async () => rmSync(directory, { recursive: true }),
  };
});

it('takes drafts and the marker along, and leaves the folders of nobody’s business alone', async () => {
  const { directory, write, shelf } = place();
  const id = 'a'.repeat(26);
  for (const ending of ['.sprec', '.spri', '.spri.tmp-12']) write(id, ending, 1);
  mkdirSync(join(directory, 'open'));
  writeFileSync(join(directory, 'open', id), '');
  writeFileSync(join(directory, 'reserve'), 'x');
  await shelf.remove(id);
  expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['aa', 'open', 'reserve']);
  rmSync(directory, { recursive: true });
});

it('a reader whose recording is deleted under it is told so at the next block, not left to finish', async () => {
  const { directory, shelf } = place();
  const store = createDiskRecordingStore({ directory, clock: systemClock });
  const header = newHeader();
  const writer = await store.create(header);
  for (let n = 0; n < 40; n++) writer.output(n, randomBytes(50_000));
  await writer.seal(100);
  let bytes = 0;
  let last: RecordedEvent | undefined;
  for await (const event of store.read(header.sessionId)) {
    if (bytes === 0) await shelf.remove(header.sessionId);
    if (event.type === 'output') bytes += event.bytes.length;
    last = event;
  }
  expect(bytes).toBeLessThan(1_000_000);
  expect(last).toMatchObject({ type: 'end', truncated: true, damage: { detail: expect.stringContaining('deleted') } });
  expect(await store.describe(header.sessionId)).toBeUndefined();
  await store.close();
  rmSync(directory, { recursive: true });
});
