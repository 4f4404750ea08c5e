import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT } from './exit-code.js';
import { writeExport } from './export-file.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-export-'));
  file = join(folder, 'out.cast');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* twoPieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one ');
  yield Buffer.from('two');
}
async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one ');
  throw new TypeError('terminated');
}

test('an export is whole, readable by its owner only, and leaves nothing else behind', async () => {
  expect(await writeExport(file, {}, async () => twoPieces())).toBe(7);
  expect(readFileSync(file, 'utf8')).toBe('one two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['out.cast']);
});

test('a file that is there is kept: nothing is even asked of the gateway, and --force is named', async () => {
  writeFileSync(file, 'mine');
  let asked = false;
  const content = async () => {
    asked = true;
    return twoPieces();
  };
  const refused = {
    exitCode: EXIT.conflict,
    message: `${file} exists already.`,
    next: expect.stringContaining('--force'),
  };
  await expect(writeExport(file, {}, content)).rejects.toMatchObject(refused);
  expect([asked, readFileSync(file, 'utf8')]).toEqual([false, 'mine']);
  await writeExport(file, { force: true }, content);
  expect(readFileSync(file, 'utf8')).toBe('one two');
});

test('a file that appears during the export is kept too', async () => {
  const content = async () => {
    writeFileSync(file, 'mine');
    return twoPieces();
  };
  await expect(writeExport(file, {}, content)).rejects.toMatchObject({ exitCode: EXIT.conflict });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readdirSync(folder)).toEqual(['out.cast']);
});

test('an export that breaks off leaves no half file, and with --force the earlier one whole', async () => {
  const broken = { exitCode: EXIT.unreachable, message: expect.stringContaining('broke off') };
  await expect(writeExport(file, {}, async () => breaking())).rejects.toMatchObject(broken);
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(file, 'mine');
  await expect(writeExport(file, { force: true }, async () => breaking())).rejects.toMatchObject(broken);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readdirSync(folder)).toEqual(['out.cast']);
});

test('a place that cannot be written is told in a sentence, before anything is asked', async () => {
  const never = () => Promise.reject(new Error('asked'));
  const nowhere = join(folder, 'no/such/x.cast');
  await expect(writeExport(nowhere, {}, never)).rejects.toMatchObject({
    exitCode: EXIT.usage,
    message: `Cannot write ${nowhere}: there is no directory ${join(folder, 'no/such')}.`,
    next: expect.stringContaining('mkdir -p'),
  });
  mkdirSync(file);
  await expect(writeExport(file, { force: true }, never)).rejects.toMatchObject({
    message: `Cannot write ${file}: it is a directory.`,
  });
});

test('a link is written through; a pipe takes the bytes as they come', async () => {
  const link = join(folder, 'link');
  writeFileSync(file, 'mine');
  symlinkSync(file, link);
  await writeExport(link, { force: true }, async () => twoPieces());
  expect(readFileSync(file, 'utf8')).toBe('one two');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const read = import('node:fs/promises').then(({ readFile }) => readFile(pipe, 'utf8'));
  await writeExport(pipe, {}, async () => twoPieces());
  expect(await read).toBe('one two');
  expect(existsSync(`${pipe}.${process.pid}.part`)).toBe(false);
});
