import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeReplayIndexFilesContract } from '../../../gateway/ports/replay-index-files.contract.js';
import { createDiskReplayIndexFiles } from './disk-replay-index-files.js';

type Options = Pick<Parameters<typeof createDiskReplayIndexFiles>[0], 'keys'>;

function place(options: Options = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-spri-'));
  const files = createDiskReplayIndexFiles({ directory, ...options });
  const pathOf = (id: string, ending: string): string => join(directory, id.slice(0, 2), `${id}.${ending}`);
  return {
    directory,
    pathOf,
    files: {
      ...files,
      // Beside a recording, as always.
      async write(sessionId: string, bytes: Uint8Array) {
        if (/^[0-9a-z]{26}$/.test(sessionId)) {
          await mkdir(join(directory, sessionId.slice(0, 2)), { recursive: true });
          await writeFile(pathOf(sessionId, 'sprec'), '');
        }
        await files.write(sessionId, bytes);
      },
    },
    bare: files,
    dispose: async () => rmSync(directory, { recursive: true }),
  };
}
const key = randomBytes(32);
const keys = { find: async () => Buffer.from(key) };
const ID = 'a'.repeat(26);

describeReplayIndexFilesContract('disk', async () => place());
describeReplayIndexFilesContract('disk, encrypted', async () => place({ keys }));

it('the index of an encrypted recording shows nothing on the disk and is never sealed alike twice', async () => {
  const { files, pathOf, dispose } = place({ keys });
  const screen = Buffer.from('the secret plan of the works council '.repeat(50));
  await files.write(ID, screen);
  const first = readFileSync(pathOf(ID, 'spri'));
  expect(first.includes('works council')).toBe(false);
  await files.write(ID, screen);
  expect(Buffer.compare(readFileSync(pathOf(ID, 'spri')).subarray(24), first.subarray(24))).not.toBe(0);
  for (const start of [0, 1, 15, 16, 17, 1000]) {
    expect(Buffer.compare(await files.read(ID, start, start + 40), screen.subarray(start, start + 40))).toBe(0);
  }
  await dispose();
});

it('is not left behind when its recording was deleted while it was made', async () => {
  const { directory, bare, pathOf, dispose } = place();
  await mkdir(join(directory, 'aa'));
  await bare.write(ID, Buffer.from('screen'));
  expect(existsSync(pathOf(ID, 'spri'))).toBe(false);
  await dispose();
});
