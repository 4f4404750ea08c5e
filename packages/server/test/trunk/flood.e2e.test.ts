import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { sessionRow } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('flood');

const rssBytes = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${bastion.product.process.pid}/status`, 'latin1'))![1]) * 1024;

describe('floods', () => {
  it('F8, W3: `yes` into a page that does not parse keeps memory flat; Ctrl-C is answered', async () => {
    const page = await bastion.openPage();
    const terminal = await bastion.openShell(page);
    terminal.keeping = false;
    terminal.crediting = false;
    terminal.type('yes 0123456789012345678901234567890123456789\r');
    // The window is full when nothing more comes.
    let last = -1;
    await until('the target to be held', async () => {
      const now = terminal.bytes;
      const held = now > 256 * 1024 && now === last;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return held;
    });
    const before = rssBytes();
    const heldAt = terminal.bytes;
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // the flood's own time: nothing to wait for
    expect(terminal.bytes).toBe(heldAt);
    expect(rssBytes() - before).toBeLessThan(64 * 1024 * 1024);
    const tail: Buffer[] = [];
    terminal.onBytes = (bytes) => {
      tail.push(bytes);
      if (tail.length > 64) tail.shift();
    };
    terminal.crediting = true;
    terminal.type('\x03');
    terminal.credit(terminal.bytes);
    await until('the prompt after Ctrl-C', () => Buffer.concat(tail).toString().endsWith('ready> '));
    await closeShell(terminal);
    page.drop();
  });

  it('W2, W16, X18: 64 MB of any bytes reach page and recording whole', async () => {
    const page = await bastion.openPage();
    const terminal = await bastion.openShell(page);
    const megabytes = 64;
    const hash = createHash('sha256');
    let counted = 0;
    terminal.type(
      'stty -opost -echo; printf BE; printf GIN; openssl enc -aes-128-ctr -pass pass:a -nosalt -pbkdf2 -in /dev/zero 2>/dev/null | ',
    );
    terminal.type(
      `head -c ${megabytes * 1024 * 1024} | tee >(sha256sum >/tmp/sallyport-flood.$$) ; sleep 0.2; printf EN; printf D; cat /tmp/sallyport-flood.$$; rm /tmp/sallyport-flood.$$\r`,
    );
    await until('the beginning', () => terminal.text().includes('BEGIN'));
    terminal.keeping = false;
    let rest = terminal.text().includes('BEGIN') ? Buffer.concat(terminal.chunks) : Buffer.alloc(0);
    rest = rest.subarray(rest.indexOf('BEGIN') + 5);
    let tail = Buffer.alloc(0);
    const take = (bytes: Buffer): void => {
      const wanted = Math.min(bytes.length, megabytes * 1024 * 1024 - counted);
      hash.update(bytes.subarray(0, wanted));
      counted += wanted;
      tail = Buffer.concat([tail, bytes.subarray(wanted)]);
    };
    take(rest);
    terminal.onBytes = take;
    // The prompt is the last thing the shell writes: nothing is on its way when the page closes.
    const sent = /END([0-9a-f]{64})[\s\S]*ready> $/;
    await until('the prompt after the flood', () => sent.test(tail.toString('latin1')), 120_000);
    expect(sent.exec(tail.toString('latin1'))![1]).toBe(hash.digest('hex'));
    await closeShell(terminal);
    terminal.onBytes = undefined;
    const row = await until('the row', async () => {
      const got = await sessionRow(bastion.admin, terminal.opened.sessionId);
      return got.state === 'ended' ? got : undefined;
    });
    expect(row.outputBytes).toBe(terminal.bytes);
    expect(row.recording).toMatchObject({ state: 'complete', outputBytes: terminal.bytes });
    page.drop();
  }, 180_000);

  it('bursts are gathered: far fewer frames than packets, and a lone key is echoed at once', async () => {
    const page = await bastion.openPage();
    const terminal = await bastion.openShell(page);
    terminal.keeping = false;
    const frames = terminal.outputFrames;
    const bytes = terminal.bytes;
    let tail = '';
    terminal.onBytes = (chunk) => {
      tail = (tail + chunk.toString('latin1')).slice(-64);
    };
    terminal.type('head -c 20000000 /dev/zero | tr "\\0" x; printf DO; printf NE\r');
    await until('the burst', () => tail.includes('DONE'), 60_000);
    expect((terminal.bytes - bytes) / (terminal.outputFrames - frames)).toBeGreaterThan(8_000);
    await closeShell(terminal);
    page.drop();
  }, 90_000);
});
