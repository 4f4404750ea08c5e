/** What every target connector must keep. Targets are on this machine, so that processes and files can be looked at. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem } from '@sallyport/core/model/problem.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isRunning } from '../../../test/fixtures/processes.js';
import { openShell, type ShellDriver, shellRequest } from '../../../test/fixtures/shell-driver.js';
import type { ConnectRequest, TargetConnector } from './target-connector.js';

export interface ConnectorUnderTest {
  readonly connector: TargetConnector;
  readonly way: Pick<ConnectRequest, 'target' | 'login' | 'secret'>;
  stop(): Promise<void>;
}

const LOAD_BYTES = 8 * 1024 * 1024;
const INPUT_BYTES = 1024 * 1024;

export function describeTargetConnectorContract(name: string, make: () => Promise<ConnectorUnderTest>): void {
  describe(`target connector: ${name}`, () => {
    let under: ConnectorUnderTest;
    const dir = mkdtempSync(join(tmpdir(), 'sallyport-contract-'));
    const load = join(dir, 'load');
    const loadBytes = randomBytes(LOAD_BYTES);
    beforeAll(async () => {
      under = await make();
      chmodSync(dir, 0o755); // the target may run as another user
      writeFileSync(load, loadBytes);
    });
    afterAll(async () => {
      await under.stop();
      rmSync(dir, { recursive: true });
    });
    const request = (more: Partial<ConnectRequest> = {}): ConnectRequest => shellRequest({ ...under.way, ...more });
    const open = (more: Partial<ConnectRequest> = {}): Promise<ShellDriver> =>
      openShell(under.connector, request(more));

    it('tells the steps in order, each with its time', async () => {
      const told: string[] = [];
      const shell = await open({
        onStep: (step, state, ms) => told.push(`${step} ${state}${ms === undefined ? '' : ' ms'}`),
      });
      shell.end.close();
      expect(told).toEqual(
        ['network', 'host-key', 'sign-in', 'shell'].flatMap((step) => [`${step} now`, `${step} ok ms`]),
      );
    });

    it('W12 V37: asks about the host key, and a refusal is the answer', async () => {
      const refusal = problem('hostkey.unapproved', { host: 'x', fingerprint: 'y' });
      const told: string[] = [];
      const answer = await under.connector.connect(
        request({
          verifyHostKey: () => Promise.resolve(refusal),
          onStep: (step, state) => told.push(`${step} ${state}`),
        }),
      );
      expect(answer).toEqual({ ok: false, problem: refusal });
      expect(told.at(-1)).toBe('host-key failed');
    });

    it('probes the same key that a session is shown', async () => {
      const seen: unknown[] = [];
      const shell = await open({
        verifyHostKey: (key) => {
          seen.push(key);
          return Promise.resolve(undefined);
        },
      });
      shell.end.close();
      const probe = await under.connector.probe(under.way.target, new AbortController().signal);
      expect(probe.problem).toBeUndefined();
      expect(seen).toEqual([probe.key]);
      expect(probe.key?.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    });

    it('X6: gives the size asked for and TERM xterm-256color', async () => {
      const shell = await open({ size: { cols: 132, rows: 43 } });
      shell.exec('stty size; echo term=$TERM');
      await shell.sees(/43 132[\s\S]*term=xterm-256color/);
      await shell.ended;
    });

    it('S22 F15: of a storm of sizes the last one holds', async () => {
      const shell = await open();
      shell.exec('echo RE""ADY; read line; stty size');
      await shell.sees(/READY/);
      for (let at = 0; at < 2000; at += 1) shell.end.resize({ cols: 20 + (at % 200), rows: 5 + (at % 50) });
      shell.end.resize({ cols: 97, rows: 31 });
      shell.end.write(Buffer.from('\r'));
      await shell.sees(/31 97/);
      await shell.ended;
    });

    it('W10: reports the exit status, and nothing after the end', async () => {
      const shell = await open();
      shell.exec('echo bye; exit 7');
      expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 7 });
      shell.end.close();
      shell.end.resize({ cols: 10, rows: 10 });
      expect(shell.end.write(Buffer.from('x'))).toBe(true);
      expect(shell.late()).toBe(0);
    });

    it('reports the signal that ended the shell', async () => {
      const shell = await open();
      shell.exec('kill -KILL $$');
      expect(await shell.ended).toEqual({ kind: 'exit', signal: 'SIGKILL' });
    });

    it('F8: a paused target is held back and nothing is lost', async () => {
      const shell = await open();
      const hash = createHash('sha256');
      let got = 0;
      let pauses = 0;
      let paused = false;
      let whilePaused = 0;
      shell.exec(`stty raw -echo; printf BE""GIN; read go; cat ${load}`);
      await shell.sees(/BEGIN/);
      shell.onOutput((bytes) => {
        if (paused) whilePaused += 1;
        got += bytes.length;
        hash.update(bytes);
        if (got > LOAD_BYTES / 8 && pauses === 0) {
          pauses += 1;
          paused = true;
          shell.end.pause();
        }
      });
      shell.end.write(Buffer.from('\n'));
      await vi.waitFor(() => expect(paused).toBe(true), { timeout: 20_000 });
      // Still running: it waits in a write, with most of the load unsent.
      await steady(() => got);
      expect(whilePaused).toBe(0);
      expect(got).toBeLessThan(LOAD_BYTES / 2);
      paused = false;
      shell.end.resume();
      expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 0 });
      expect(got).toBe(LOAD_BYTES);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(loadBytes).digest('hex'));
    });

    it('holds input back when the target takes none, and loses none', async () => {
      const shell = await open();
      shell.exec(`stty raw -echo; printf BE""GIN; read go; head -c ${INPUT_BYTES} | sha256sum`);
      await shell.sees(/BEGIN/);
      let drained: (() => void) | undefined;
      shell.onDrain(() => drained?.());
      const input = randomBytes(INPUT_BYTES);
      shell.end.write(Buffer.from('\n'));
      for (let at = 0; at < INPUT_BYTES; at += 16_384) {
        const taken = new Promise<void>((resolve) => {
          drained = resolve;
        });
        if (shell.end.write(input.subarray(at, at + 16_383))) {
          shell.end.write(input.subarray(at + 16_383, at + 16_384));
          continue;
        }
        // What was on its way when the client was told to wait must not make it wait for ever.
        shell.end.write(input.subarray(at + 16_383, at + 16_384));
        await taken;
      }
      await shell.sees(new RegExp(createHash('sha256').update(input).digest('hex')));
      await shell.ended;
    });

    it('S35: input that waits is taken back, to the byte, and never reaches the host', async () => {
      const shell = await open();
      const [go, got] = [join(dir, 'go'), join(dir, 'got')];
      writeFileSync(got, '');
      chmodSync(got, 0o666); // the target may run as another user
      shell.exec(`stty raw -echo; printf BE""GIN; while [ ! -e "${go}" ]; do sleep 0.05; done; cat > "${got}"`);
      await shell.sees(/BEGIN/);
      let sent = 0;
      let full = false;
      shell.onDrain(() => {
        full = false;
      });
      const piece = Buffer.alloc(64 * 1024, 'x');
      await steady(() => {
        while (!full) {
          full = !shell.end.write(piece);
          sent += piece.length;
        }
        return sent;
      });
      // As a page goes on while it is being told to wait.
      shell.end.write(Buffer.from('rm -rf /'));
      sent += 8;
      const back = shell.end.takeInputBack();
      expect(back).toBeGreaterThan(8);
      expect(shell.end.takeInputBack()).toBe(0);
      writeFileSync(go, '');
      await vi.waitFor(() => expect(statSync(got).size).toBe(sent - back), { timeout: 20_000 });
      // What is typed after goes on where the host stands.
      expect(shell.end.write(Buffer.from('after'))).toBe(true);
      await vi.waitFor(() => expect(statSync(got).size).toBe(sent - back + 5), { timeout: 20_000 });
      expect(execFileSync('tail', ['-c', '10', got], { encoding: 'utf8' })).toBe('xxxxxafter');
      shell.end.close();
      await shell.ended;
      rmSync(go);
    });

    it('X44: killed, a shell and what runs in front of it are gone, within 1 s', async () => {
      const shell = await open();
      shell.end.write(Buffer.from('echo shell=$$ ; sh -c "echo child=\\$\\$; exec sleep 1000"\r'));
      const pids = await Promise.all([shell.sees(/shell=(\d+)/), shell.sees(/child=(\d+)/)]);
      const since = performance.now();
      shell.end.close('kill');
      for (const [, pid] of pids) {
        await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false), { timeout: 5_000, interval: 5 });
      }
      expect(performance.now() - since).toBeLessThan(1_000);
      await shell.ended;
      expect(shell.late()).toBe(0);
    });

    it('F20 S20: close hangs up: the foreground program and its shell are gone, within 2 s', async () => {
      const shell = await open();
      shell.end.write(Buffer.from('echo shell=$$ ; sh -c "echo child=\\$\\$; exec sleep 1000"\r'));
      const pids = await Promise.all([shell.sees(/shell=(\d+)/), shell.sees(/child=(\d+)/)]);
      const since = performance.now();
      shell.end.close();
      shell.end.close();
      await shell.ended;
      expect(performance.now() - since).toBeLessThan(2_000);
      for (const [, pid] of pids) {
        await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false), { timeout: 5_000 });
      }
      expect(shell.late()).toBe(0);
    });

    it('closes while paused in full flood', async () => {
      const shell = await open();
      shell.onOutput(() => shell.end.pause());
      shell.end.write(Buffer.from('yes\r'));
      await steady(shell.bytes);
      shell.end.close();
      await shell.ended;
      expect(shell.late()).toBe(0);
    });

    it('does not open when the person has left', async () => {
      const left = new AbortController();
      left.abort();
      const answer = await under.connector.connect(request({ signal: left.signal }));
      expect(answer).toMatchObject({ ok: false, problem: { code: 'target.lost' } });
      const leaving = new AbortController();
      const late = await under.connector.connect(
        request({
          signal: leaving.signal,
          verifyHostKey: () => {
            leaving.abort();
            return Promise.resolve(undefined);
          },
        }),
      );
      expect(late).toMatchObject({ ok: false, problem: { code: 'target.lost' } });
    });
  });
}

/** Resolves when a counter has stood still for ten looks. */
async function steady(count: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  await vi.waitFor(
    () => {
      same = count() === last ? same + 1 : 0;
      last = count();
      expect(same).toBeGreaterThanOrEqual(10);
    },
    { timeout: 20_000, interval: 30 },
  );
}
