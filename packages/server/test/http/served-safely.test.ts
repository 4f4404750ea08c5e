import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gate, openGate } from '../fixtures/http-gate.js';
import { rawRequest } from '../fixtures/raw-http.js';

let folder: string;
let gate: Gate;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-served-'));
  const built = join(folder, 'console');
  mkdirSync(join(built, 'assets'), { recursive: true });
  writeFileSync(join(built, 'index.html'), '<!doctype html><title>app</title>');
  writeFileSync(join(built, 'icon.svg'), '<svg/>');
  writeFileSync(join(built, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(built, 'assets', 'main-1a2b.js.gz'), gzipSync('export {};'));
  writeFileSync(join(folder, 'secret.txt'), 'canary');
  gate = await openGate({ consoleDirectory: built });
});
afterAll(async () => {
  await gate.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(gate.url + path, { headers });

test('the app’s own paths are its page; a missing file stays missing; assets are kept for ever', async () => {
  for (const path of ['/', '/connect', '/recordings/0a1b?t=4', '/setup']) {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain('<title>app');
  }
  for (const path of ['/assets/other.js', '/favicon.ico', '/assets/', '/index.html.gz']) {
    expect((await get(path)).status, path).toBe(404);
  }
  expect((await fetch(`${gate.url}/connect`, { method: 'POST' })).status).toBe(404);
  const asset = await get('/assets/main-1a2b.js', { 'accept-encoding': 'identity' });
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-encoding')).toBeNull();
  const etag = asset.headers.get('etag') ?? '';
  expect((await get('/assets/main-1a2b.js', { 'if-none-match': etag })).status).toBe(304);
});

test('compressed siblings are sent to whoever takes them', async () => {
  const answer = await rawRequest(
    gate.port,
    'GET /assets/main-1a2b.js HTTP/1.1\nhost: a\naccept-encoding: br, gzip\n\n',
  );
  expect(answer.head.toLowerCase()).toContain('content-encoding: gzip');
  expect(gunzipSync(Buffer.from(answer.body, 'latin1')).toString()).toBe('export {};');
});

test('V6: no path leads out of the console’s files', async () => {
  const paths = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..\\..\\secret.txt',
    '//secret.txt',
    '/secret.txt%00.js',
  ];
  for (const path of paths) {
    const answer = await rawRequest(gate.port, `GET ${path} HTTP/1.1\nhost: a\n\n`);
    expect(answer.body, path).not.toContain('canary');
    expect(answer.status, path).toBe(404);
  }
});

test('V34: the page may run no inline script and load nothing from elsewhere; data is never a page', async () => {
  const page = (await get('/')).headers;
  const policy = new Map(
    (page.get('content-security-policy') ?? '').split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1)]),
  );
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('script-src')).toEqual(["'self'"]);
  expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  expect(policy.get('base-uri')).toEqual(["'none'"]);
  for (const [name, sources] of policy) {
    for (const source of sources) {
      const allowed = [
        "'self'",
        "'none'",
        ...(name === 'style-src' ? ["'unsafe-inline'"] : []),
        ...(name === 'img-src' ? ['data:'] : []),
      ];
      expect(allowed, `${name} ${source}`).toContain(source);
    }
  }
  for (const path of ['/', '/api/v1/status', '/api/v1/hosts', '/nothing.txt']) {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toBeNull();
    if (path !== '/') expect(headers.get('cache-control')).toBe('no-store');
    if (path !== '/') expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
  }
});

test('health: alive, ready, and not ready while closing', async () => {
  expect((await get('/healthz')).status).toBe(200);
  expect(await (await get('/readyz')).json()).toEqual({ status: 'ready' });
});

test('V27: over TLS the cookie is __Host-, Secure, HttpOnly and SameSite=Strict, and HSTS is sent', async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const ecdsa = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', ...ecdsa, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  const secured = await openGate({ tls });
  try {
    const { token } = await secured.identity.issueSetupToken();
    const body = JSON.stringify({ token, name: 'ada', password: 'correct horse battery' });
    const { headers, status } = await new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>(
      (resolve, reject) => {
        const asked = tlsRequest(
          {
            host: '127.0.0.1',
            port: secured.port,
            path: '/api/v1/setup',
            method: 'POST',
            ca: tls.cert,
            headers: { 'content-type': 'application/json', origin: secured.url },
          },
          (answer) => {
            answer.resume();
            answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
          },
        );
        asked.on('error', reject);
        asked.end(body);
      },
    );
    expect(status).toBe(201);
    expect(headers['set-cookie']?.[0]).toMatch(
      /^__Host-sallyport=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
  } finally {
    await secured.close();
  }
});

test('V18: behind a trusted proxy the forwarded address counts, as far as proxies we trust tell it', async () => {
  const behind = await openGate({
    trustedProxies: ['127.0.0.0/8', '10.1.0.0/16'],
    publicUrl: 'https://gate.example.com',
  });
  try {
    const cases = [
      ['203.0.113.9', '203.0.113.9'],
      ['1.2.3.4, 203.0.113.9', '203.0.113.9'],
      ['1.2.3.4, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
      ['spoof, 203.0.113.9', '203.0.113.9'],
      ['203.0.113.9, spoof', '127.0.0.1'],
      ['::ffff:203.0.113.9', '203.0.113.9'],
    ];
    for (const [forwarded = '', expected] of cases) {
      await fetch(`${behind.url}/api/v1/sign-in`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: 'https://gate.example.com',
          'x-forwarded-for': forwarded,
        },
        body: JSON.stringify({ name: forwarded, password: 'x' }),
      });
      const [row] = await behind.audit.list({ limit: 1, action: 'sign-in.failed' });
      expect(row, forwarded).toMatchObject({ actor: forwarded, source: expected });
    }
  } finally {
    await behind.close();
  }
});
