import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { resolveConfig } from './config.js';
import { examine } from './doctor.js';
import { proxyWarning } from './proxy-warning.js';

const config = (flags: Record<string, string>) => {
  const data = mkdtempSync(join(tmpdir(), 'sallyport-proxy-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const result = resolveConfig({ flags: { data, ...flags }, env: {}, cwd: data, root: false });
  if (!result.ok) throw new Error(result.mistakes.join());
  return result.config.values;
};

test('V39: behind a proxy that is not declared everybody is 127.0.0.1, and that is said', () => {
  const behind = { publicUrl: 'https://gate.example.com' };
  expect(proxyWarning(config(behind))).toMatchObject({
    detail: expect.stringContaining('https://gate.example.com'),
    next: expect.stringContaining('trustedProxies'),
  });
  expect(proxyWarning(config({ ...behind, http: '[::1]:8080' }))).toBeDefined();
  expect(proxyWarning(config({ ...behind, trustedProxies: '127.0.0.1' }))).toBeUndefined();
  expect(proxyWarning(config({}))).toBeUndefined();
  for (const publicUrl of ['https://localhost:8080', 'https://[::1]:8080', 'http://127.0.0.1:9']) {
    expect(proxyWarning(config({ publicUrl }))).toBeUndefined();
  }
});

test('doctor warns of it', async () => {
  const found = async (flags: Record<string, string>) =>
    (await examine(config({ http: '127.0.0.1:0', ...flags }))).find(({ name }) => name === 'proxy');
  expect(await found({ publicUrl: 'https://gate.example.com' })).toMatchObject({ state: 'warn' });
  expect(await found({})).toBeUndefined();
});
