/** The offline verifier as a stranger gets it: the tarball under a clean prefix, and the page opened from disk. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { signingKeyJwk, signingKeyPem } from '@sallyport/core/evidence/signing-key.js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEADER, type Made, signedRecording, type TestKey, testKey } from '../../core/test/signed-recording.js';
import { launchBrowser } from '../../server/test/fixtures/browser.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let home: string;
let installed: string;
let key: TestKey;
let made: Made;
const at = (name: string): string => join(home, name);

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-verify-'));
  const pack = ['run', '--silent', 'pack:verify', '--', '--out', home];
  const tarball = execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }).trim();
  const install = ['install', '--global', '--offline', '--ignore-scripts', '--prefix', at('prefix'), tarball];
  const npm = spawnSync('npm', install, { env: { PATH: process.env.PATH, HOME: home }, encoding: 'utf8' });
  expect(npm.status, npm.stderr).toBe(0);
  installed = at('prefix/lib/node_modules/@sallyport/verify');
  key = await testKey(7);
  made = signedRecording(key, [Buffer.from('first'), Buffer.from('second 第二'), Buffer.alloc(70_000, 'x')]);
  const damaged = made.bytes.slice();
  damaged[made.places[2]! + 95]! ^= 1;
  writeFileSync(at('good.sprec'), made.bytes);
  writeFileSync(at('damaged.sprec'), damaged);
  writeFileSync(at('cut.sprec'), made.bytes.slice(0, -10));
  writeFileSync(at('key.jwk'), JSON.stringify(signingKeyJwk(key.key)));
  writeFileSync(
    at('keys.jwks'),
    JSON.stringify({ keys: [signingKeyJwk((await testKey(9)).key), signingKeyJwk(key.key)] }),
  );
  writeFileSync(at('key.pem'), signingKeyPem(key.key));
  writeFileSync(at('other.pem'), signingKeyPem((await testKey(9)).key));
}, 600_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function run(...args: string[]) {
  const program = at('prefix/bin/sallyport-verify');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: {},
    cwd: home,
  });
  return { status, stdout, stderr };
}

describe('the command', () => {
  it('needs no other package', () => {
    expect(readdirSync(installed)).not.toContain('node_modules');
    expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))).toMatchObject({ dependencies: {} });
  });

  it.each(['key.jwk', 'keys.jwks', 'key.pem'])('V47: a recording stands by %s', (name) => {
    const { status, stdout } = run('good.sprec', '--key', name);
    expect(stdout).toMatch(/^ok +good\.sprec\n +lin on web-01 as root, 2026-01-01T00:00:00\.000Z/);
    expect(stdout).toContain(`signed by ${key.key.id}`);
    expect(status).toBe(0);
  });

  it('V47: damage is named with its place, and the exit code says so', () => {
    const { status, stdout } = run('good.sprec', 'damaged.sprec', 'cut.sprec', '--key', 'key.jwk');
    expect(status).toBe(1);
    expect(stdout).toContain(`changed: the bytes of a chunk do not match its hash (bytes ${made.places[2]} to`);
    expect(stdout).toContain('chunk 2, session time 0:00.250 to 0:00.750');
    expect(stdout).toContain('cut: the file ends within a chunk');
    const reports = JSON.parse(run('damaged.sprec', '--key', 'key.jwk', '--json').stdout) as { findings: object[] }[];
    expect(reports[0]?.findings).toMatchObject([{ kind: 'changed', chunk: 2 }]);
    expect(run('good.sprec', '--key', 'other.pem')).toMatchObject({ status: 1 });
  });

  it('a mistake is told with another exit code', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage') });
    expect(run('good.sprec', '--key', 'good.sprec')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no public key'),
    });
    expect(run('none.sprec', '--key', 'key.jwk')).toMatchObject({ status: 2 });
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage') });
  });

  it('X: a key file with a private key is refused', () => {
    writeFileSync(at('private.pem'), key.private.export({ format: 'pem', type: 'pkcs8' }));
    expect(run('good.sprec', '--key', 'private.pem')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('private key'),
    });
  });
});

describe('the page, opened from disk', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('V47: verifies a file without a network, in both languages, and runs nothing but itself', async () => {
    const page = await (await browser.newContext({ offline: true, locale: 'en-US' })).newPage();
    const wrong: string[] = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => !request.url().startsWith('file:') && wrong.push(request.url()));
    await page.goto(pathToFileURL(join(installed, 'sallyport-verify.html')).href);
    const verify = async (file: string, keyFile: string): Promise<string> => {
      await page.setInputFiles('#recording', at(file));
      await page.setInputFiles('#key', at(keyFile));
      await page.click('#verify');
      await page.waitForSelector('#answer h2');
      return (await page.textContent('#answer')) ?? '';
    };
    expect(await verify('good.sprec', 'key.jwk')).toContain('The recording stands');
    expect(await page.textContent('#answer')).toContain(key.key.id);
    const damaged = await verify('damaged.sprec', 'key.pem');
    await page.waitForSelector('#answer.damaged');
    expect(await page.textContent('#answer tr[data-kind=changed]')).toContain(String(made.places[2]));
    expect(damaged).not.toBe('');
    await page.click('#language');
    expect(await page.title()).toBe('校验 Sallyport 录像');
    await page.click('#verify');
    await page.waitForSelector('h2:text("录像未通过校验")');
    expect(wrong).toEqual([]);
  });

  it('the module does the same in a page of somebody else', async () => {
    const page = await browser.newPage();
    await page.route('http://localhost/**', (route) => {
      const path = new URL(route.request().url()).pathname;
      if (path === '/') return route.fulfill({ contentType: 'text/html', body: '<p>theirs' });
      const body = path === '/verify.js' ? readFileSync(join(installed, 'verify.js')) : readFileSync(at(path.slice(1)));
      return route.fulfill({
        contentType: path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream',
        body,
      });
    });
    await page.goto('http://localhost/');
    // As text: the test runner rewrites imports of functions.
    const report = await page.evaluate(`(async () => {
      const { verifyFile } = await import('/verify.js');
      const [file, jwk] = await Promise.all([fetch('/good.sprec'), fetch('/key.jwk')]);
      return verifyFile(await file.blob(), await jwk.text());
    })()`);
    expect(report).toMatchObject({ ok: true, sessionId: HEADER.sessionId });
  });
});
