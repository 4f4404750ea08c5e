import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import Database from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../gateway/ports/clock.js';
import { startServer } from './compose.js';
import { resolveConfig } from './config.js';
import { createLog } from './log.js';
import { systemClock } from './system-clock.js';

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

/** Watches the one clock that every part is given; it goes on as it is. */
function pendingTimers(): ReadonlySet<object> {
  const pending = new Set<object>();
  const { after } = systemClock;
  onTestFinished(() => void Object.assign(systemClock, { after }));
  const watched: Clock['after'] = (ms, call) => {
    const timer = {};
    pending.add(timer);
    const cancel = after(ms, () => {
      pending.delete(timer);
      call();
    });
    return () => {
      pending.delete(timer);
      cancel();
    };
  };
  Object.assign(systemClock, { after: watched });
  return pending;
}

test('W8: a start that fails on a taken port leaves no heartbeat, no lock and no open database', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const { config, log, logged } = prepared({ http: `127.0.0.1:${port}` });
  const pending = pendingTimers();
  await expect(startServer({ config, log })).rejects.toThrow(`Something else listens on 127.0.0.1:${port} already.`);
  expect(pending.size).toBe(0);
  expect(logged()).not.toContain('"level":"error"');
  // The same data, at once, on another port: nothing holds it, and the heartbeat is there as long as it runs.
  const free = { ...config, values: { ...config.values, http: { host: '127.0.0.1', port: 0 } } };
  const server = await startServer({ config: free, log });
  expect(pending.size).toBeGreaterThan(0);
  await server.stop();
  expect(pending.size).toBe(0);
});

test('F26, V41: a start that cannot be written to the audit log serves nobody', async () => {
  const { config, log } = prepared();
  await (await startServer({ config, log })).stop();
  const database = new Database(join(config.values.data, 'sallyport.db'));
  database.exec(
    "CREATE TRIGGER full BEFORE INSERT ON audit WHEN NEW.action = 'server.start' BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
  );
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const fixed = { ...config, values: { ...config.values, http: { host: '127.0.0.1', port } } };
  await expect(startServer({ config: fixed, log })).rejects.toThrow('disk is full');
  await expect(fetch(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow();
  database.exec('DROP TRIGGER full');
  database.close();
  const server = await startServer({ config: fixed, log });
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  await server.stop();
});

test('V39: a proxy that is not declared is warned of at the start', async () => {
  const { config, log, logged } = prepared({ publicUrl: 'https://gate.example.com' });
  await (await startServer({ config, log })).stop();
  expect(logged()).toMatch(/"level":"warn".*trustedProxies/);
});
