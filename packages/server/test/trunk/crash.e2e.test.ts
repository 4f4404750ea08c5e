import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunning } from '../fixtures/processes.js';
import {
  ADMIN,
  addSshd,
  openPageAs,
  openShell,
  type Product,
  sessionRow,
  setUp,
  signIn,
  startProduct,
} from '../fixtures/product.js';
import { freePort, startSshd } from '../fixtures/sshd.js';
import { until } from '../fixtures/terminal-page.js';

describe('kill -9', () => {
  it('F1, W8, X21: rows are interrupted, at most 1 s is lost, the recording plays, the shell is gone', async () => {
    const data = mkdtempSync(join(tmpdir(), 'sallyport-crash-'));
    const port = await freePort();
    const sshd = await startSshd();
    let product: Product = await startProduct({ data, port });
    let admin = await setUp(product);
    const target = await addSshd(admin, sshd, 'crash');
    for (let round = 0; round < 3; round++) {
      const page = await openPageAs(product, admin);
      const terminal = await openShell(page, admin, target);
      const id = terminal.opened.sessionId;
      terminal.type('echo pid=$$; while :; do date +T%s%3N; sleep 0.02; done\r');
      await until('some stamps', () => (terminal.text().match(/T\d{13}/g)?.length ?? 0) > 30 + round * 17);
      const killedAt = Date.now();
      await product.kill('SIGKILL');
      const seen = terminal.text();
      product = await startProduct({ data, port });
      admin = await signIn(product.url, ADMIN.name, ADMIN.password);
      const row = await sessionRow(admin, id); // ready means that no row is wrongly live
      expect(row).toMatchObject({ state: 'ended', endReason: { kind: 'interrupted' } });
      await until(
        'the recording to be sealed',
        async () => (await sessionRow(admin, id)).recording?.state === 'truncated',
      );
      const cast = await (await admin.request('GET', `recordings/${id}/export?format=asciicast-v2`)).text();
      const recorded = cast
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => (JSON.parse(line) as [number, string, string])[2])
        .join('');
      expect(seen.startsWith(recorded.slice(0, seen.length))).toBe(true);
      const last = Number(
        recorded
          .match(/T(\d{13})/g)!
          .at(-1)!
          .slice(1),
      );
      expect(killedAt - last).toBeLessThanOrEqual(1_000);
      const pid = Number(/pid=(\d+)\r/.exec(seen)![1]);
      await until('the shell to be gone (F1: 30 s)', () => !isRunning(pid), 30_000);
      page.drop();
    }
    await product.stop();
    await sshd.stop();
    rmSync(data, { recursive: true, force: true });
  }, 120_000);
});
