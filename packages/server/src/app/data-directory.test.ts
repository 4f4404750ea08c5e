import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataPaths, prepareDataDirectory } from './data-directory.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-data-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('V46: the data directory is made for its owner only, and one that others can read is closed', () => {
  const made = join(home, 'a/b');
  prepareDataDirectory(made);
  expect(statSync(made).mode & 0o777).toBe(0o700);
  chmodSync(made, 0o755);
  prepareDataDirectory(made);
  expect(statSync(made).mode & 0o777).toBe(0o700);
});

test('a directory with other things in it is refused before anything is written', () => {
  writeFileSync(join(home, 'thesis.tex'), '');
  expect(() => prepareDataDirectory(home)).toThrow('holds other files');
  expect(statSync(home).mode & 0o777).toBe(0o700); // as mkdtemp made it
  const ours = join(home, 'ours');
  mkdirSync(ours);
  for (const name of ['sallyport.yaml', 'notes.txt']) writeFileSync(join(ours, name), '');
  expect(() => prepareDataDirectory(ours)).not.toThrow();
});

test('a place where nothing can be made is refused at once, with what to do', () => {
  // Node’s own recursive mkdir never ends there.
  if (existsSync('/proc/self'))
    expect(() => prepareDataDirectory('/proc/x/data')).toThrow(/\/proc\/x\/data cannot be made: ENOENT/);
  writeFileSync(join(home, 'a-file'), '');
  expect(() => prepareDataDirectory(join(home, 'a-file/data'))).toThrow(/cannot be made: ENOTDIR/);
});

test('the master key lies in the data directory unless another file is named', () => {
  expect(dataPaths({ data: '/d', masterKeyFile: undefined }).masterKey).toBe('/d/master.key');
  expect(dataPaths({ data: '/d', masterKeyFile: '/keys/m' }).masterKey).toBe('/keys/m');
});
