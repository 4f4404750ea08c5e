import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loginsFile, storedLogins, storeLogin, tokenFor } from './credentials.js';

let home: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-logins-'));
  env = { HOME: home };
});
afterEach(() => rmSync(home, { recursive: true }));

test('V46: tokens lie in the XDG directory, readable by their owner only; no dotfile in the home', () => {
  storeLogin('https://a.example', { token: 'sp_a', until: 7 }, env);
  expect(loginsFile(env)).toBe(join(home, '.config/sallyport/cli.json'));
  expect(statSync(loginsFile(env)).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, '.config/sallyport')).mode & 0o777).toBe(0o700);
});

test('one token per gateway; logging out forgets only its own', () => {
  storeLogin('https://a.example', { token: 'sp_a', until: 7 }, env);
  storeLogin('https://b.example', { token: 'sp_b', until: 7 }, env);
  expect(storedLogins(env).current).toBe('https://b.example');
  expect(tokenFor('https://a.example', env)).toBe('sp_a');
  storeLogin('https://a.example', undefined, env);
  expect(tokenFor('https://a.example', env)).toBeUndefined();
  expect(tokenFor('https://b.example', env)).toBe('sp_b');
  expect(storedLogins(env).until).toEqual({ 'https://b.example': 7 });
});

test('the environment wins over the file, and a token may come from a file it names', () => {
  storeLogin('https://a.example', { token: 'sp_a', until: 7 }, env);
  expect(tokenFor('https://a.example', { ...env, SALLYPORT_TOKEN: 'sp_env' })).toBe('sp_env');
  writeFileSync(join(home, 'token'), 'sp_file\n');
  expect(tokenFor('https://a.example', { ...env, SALLYPORT_TOKEN_FILE: join(home, 'token') })).toBe('sp_file');
});

test('a damaged file is as good as none, and is replaced whole', () => {
  storeLogin('https://a.example', { token: 'sp_a', until: 7 }, env);
  writeFileSync(loginsFile(env), '{"tokens": [1, ');
  expect(storedLogins(env)).toEqual({ tokens: {}, until: {} });
  storeLogin('https://a.example', { token: 'sp_new', until: 7 }, env);
  expect(JSON.parse(readFileSync(loginsFile(env), 'utf8')).tokens).toEqual({ 'https://a.example': 'sp_new' });
});

test('a file of an older version, without ends, is read', () => {
  storeLogin('https://a.example', { token: 'sp_a', until: 7 }, env);
  writeFileSync(
    loginsFile(env),
    JSON.stringify({ current: 'https://a.example', tokens: { 'https://a.example': 'x' } }),
  );
  expect(storedLogins(env)).toEqual({ current: 'https://a.example', tokens: { 'https://a.example': 'x' }, until: {} });
});
