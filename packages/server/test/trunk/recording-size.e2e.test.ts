import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addSshd,
  openPageAs,
  openShell,
  type Person,
  type Product,
  sessionRow,
  setUp,
  startProduct,
} from '../fixtures/product.js';
import { type Sshd, startSshd } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';

const FILE_BYTES = 54_000_000;

let product: Product;
let sshd: Sshd;
let admin: Person;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-size-'));
  [product, sshd] = await Promise.all([startProduct(), startSshd()]);
  admin = await setUp(product);
});
afterAll(async () => {
  await product?.stop();
  await sshd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Lines of a log, none like another; short ones, so that the terminal's own carriage returns weigh. */
function writeLog(path: string): void {
  const file = openSync(path, 'w');
  let n = 0;
  for (let bytes = 0; bytes < FILE_BYTES; ) {
    const lines: string[] = [];
    for (let length = 0; length < 60_000; ) {
      n += 1;
      const line = `12:${n % 60}:${(n * 7) % 60} INFO ${(Math.imul(n, 2_654_435_761) >>> 0).toString(16)} took ${n % 97} ms\n`;
      lines.push(line);
      length += line.length;
    }
    bytes += writeSync(file, lines.join('').slice(0, FILE_BYTES - bytes));
  }
  closeSync(file);
}

it('X21: a text file of 54 MB printed in a shell is recorded whole in less than 54 MB', async () => {
  const path = join(folder, 'service.log');
  writeLog(path);
  const target = await addSshd(admin, sshd, 'size');
  const page = await openPageAs(product, admin);
  const terminal = await openShell(page, admin, target);
  const id = terminal.opened.sessionId;
  terminal.keeping = false;
  terminal.type(`cat ${path}; exit\r`);
  await until('its end', () => terminal.ended, 100_000);
  const recording = await until('the seal', async () => {
    const { recording } = await sessionRow(admin, id);
    return recording?.state === 'complete' ? recording : undefined;
  });
  console.info(`${FILE_BYTES / 1e6} MB printed: ${(recording.sizeBytes / 1e6).toFixed(1)} MB recorded`);
  expect(recording.outputBytes).toBeGreaterThan(FILE_BYTES * 1.02); // the carriage returns
  expect(recording.sizeBytes).toBeLessThan(FILE_BYTES);
  page.drop();
});
