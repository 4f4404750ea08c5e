import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeRecordingShelfContract } from '../../../gateway/ports/recording-shelf.contract.js';
import { createDiskRecordingShelf } from './disk-recording-shelf.js';

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
