import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeReplayIndexFilesContract } from '../../../gateway/ports/replay-index-files.contract.js';
import { createDiskReplayIndexFiles } from './disk-replay-index-files.js';

describeReplayIndexFilesContract('disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-spri-'));
  const files = createDiskReplayIndexFiles({ directory });
  return {
    files: {
      ...files,
      // Beside a recording the folder is there already.
      async write(sessionId, bytes) {
        if (/^[0-9a-z]{26}$/.test(sessionId)) await mkdir(join(directory, sessionId.slice(0, 2)), { recursive: true });
        await files.write(sessionId, bytes);
      },
    },
    async dispose() {
      rmSync(directory, { recursive: true });
    },
  };
});
