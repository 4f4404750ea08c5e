import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from './compose.js';
import { resolveConfig } from './config.js';
import { createLog } from './log.js';

function prepared(flags: Record<string, string> = {}) {
  const data = mkdtempSync(join(tmpdir(), 'sallyport-compose-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const result = resolveConfig({ flags: { data, http: '127.0.0.1:0', ...flags }, env: {}, cwd: data, root: false });
  if (!result.ok) throw new Error(result.mistakes.join());
  const out = new PassThrough();
  const log = createLog({ logLevel: 'info', logFormat: 'json' }, out as unknown as NodeJS.WriteStream);
  return { config: result.config, log, logged: () => String(out.read() ?? '') };
}

test('F3: a stop whose last audit row fails says so, and still lets go of everything', async () => {
  const { config, log } = prepared();
  const server = await startServer({ config, log });
  const full = () => Promise.reject(new Error('database or disk is full'));
  Object.assign(server.stores.audit, { append: full });
  await expect(server.stop()).rejects.toThrow('disk is full');
  // The lock of the data directory is free, so the next one starts.
  const next = await startServer({ config, log });
  await next.stop();
});

test('V39: a proxy that is not declared is warned of at the start', async () => {
  const { config, log, logged } = prepared({ publicUrl: 'https://gate.example.com' });
  await (await startServer({ config, log })).stop();
  expect(logged()).toMatch(/"level":"warn".*trustedProxies/);
});
