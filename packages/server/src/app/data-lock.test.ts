import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockData } from './data-lock.js';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sallyport-lock-'));
});
afterEach(() => rmSync(data, { recursive: true }));

test('a second server on the same data directory is refused and told who holds it; after release it may start', async () => {
  const first = await lockData(data);
  if (!first.ok) throw new Error('not locked');
  expect(await lockData(data)).toEqual({ ok: false, pid: process.pid });
  first.lock.release();
  const second = await lockData(data);
  expect(second.ok).toBe(true);
  if (second.ok) second.lock.release();
});

test('F1: kill -9 of the holder leaves no stale lock', async () => {
  const script = `
    const Open = process.getBuiltinModule?.('node:sqlite')?.DatabaseSync ?? require('libsql');
    const handle = new Open(process.argv[1]);
    handle.exec('BEGIN EXCLUSIVE');
    console.log('locked');
    setInterval(() => handle, 1000);`;
  const holder = spawn(process.execPath, ['-e', script, join(data, 'server.lock')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect((await lockData(data)).ok).toBe(false);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const again = await lockData(data);
  expect(again.ok).toBe(true);
  if (again.ok) again.lock.release();
});
