import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { describeImportSpoolContract } from '../../../gateway/ports/import-spool.contract.js';
import { createImportSpool } from './import-spool.js';

describeImportSpoolContract('disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'spool-'));
  return {
    spool: createImportSpool(join(directory, 'imports')),
    stored: async () =>
      readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) => file.isFile()).length,
    dispose: async () => rmSync(directory, { recursive: true }),
  };
});

test('V45: a gigabyte out of a megabyte is refused at the cap, with less than 64 MB more memory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'spool-'));
  try {
    // Compressed piece by piece, so that this test does not need the memory it measures.
    const bomb = execFileSync('sh', ['-c', 'head -c 1073741824 /dev/zero | gzip -9'], { maxBuffer: 4 * 1024 * 1024 });
    expect(bomb.length).toBeLessThan(1_200_000);
    const spool = createImportSpool(directory);
    gzipSync('warm');
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 5);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bomb.length; at += 65_536) yield bomb.subarray(at, at + 65_536);
    }
    const result = await spool.keep(pieces(), 256 * 1024 * 1024);
    clearInterval(watch);
    expect(result).toMatchObject({ ok: false, problem: { code: 'import.too-large' } });
    expect(most - before).toBeLessThan(64 * 1024 * 1024);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
