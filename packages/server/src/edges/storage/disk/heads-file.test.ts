import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeHeadLogContract, listed } from '../../../gateway/ports/head-log.contract.js';
import { createHeadsFile } from './heads-file.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'sallyport-heads-'));

describeHeadLogContract('a file', async () => {
  const directory = folder();
  return {
    log: createHeadsFile(join(directory, 'heads.jsonl')),
    close: async () => rmSync(directory, { recursive: true, force: true }),
  };
});

it('F1: a line cut short by a crash costs no other line', async () => {
  const directory = folder();
  const path = join(directory, 'heads.jsonl');
  const log = createHeadsFile(path);
  const point = { seq: 1, hash: 'a'.repeat(64) };
  const head = { at: 5, audit: point, ledger: point, keyId: 'k'.repeat(43), signature: 's'.repeat(86) };
  await log.append(head);
  appendFileSync(path, readFileSync(path).subarray(0, 100));
  await log.append(head);
  expect(await listed(log)).toEqual([head, expect.stringMatching(/^\{"at":5/), head]);
  expect(await log.newest(9)).toEqual([head, head]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  rmSync(directory, { recursive: true, force: true });
});
