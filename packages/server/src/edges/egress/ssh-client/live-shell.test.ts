/** A shell once it is open, against a real sshd: held back, given new keys, lost. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { familyOf, signalQuietly } from '../../../../test/fixtures/processes.js';
import { openShell, type ShellDriver, shellRequest } from '../../../../test/fixtures/shell-driver.js';
import { type Sshd, type SshdOptions, sshdMissing, startSshd } from '../../../../test/fixtures/sshd.js';
import { createSshConnector, type SshConnectorOptions } from './create-ssh-connector.js';

const MIB = 1024 * 1024;
/** LONG_TESTS=1 runs the volumes of the requirements; the rule they prove shows in a tenth of it as well. */
const IS_LONG = process.env.LONG_TESTS === '1';
const FLOOD_MIB = IS_LONG ? 200 : 32;
const REKEYED_MIB = IS_LONG ? 1024 : 16;

const open = (sshd: Sshd, options: SshConnectorOptions = {}): Promise<ShellDriver> =>
  openShell(
    createSshConnector(options),
    shellRequest({
      target: { hostName: 'web-1', address: sshd.address, port: sshd.port, legacyAlgorithms: false },
      login: sshd.login,
      secret: { kind: 'key', privateKey: sshd.userKey.text },
    }),
  );

/** Lines that differ, made alike on both sides without a file. */
const COUNT = (lines: number): string => `stty raw -echo; printf BE""GIN; read go; seq -f %020.0f ${lines}`;
function countHash(lines: number): string {
  const hash = createHash('sha256');
  let block = '';
  for (let line = 1; line <= lines; line += 1) {
    block += `${String(line).padStart(20, '0')}\n`;
    if (line % 10_000 === 0 || line === lines) {
      hash.update(block);
      block = '';
    }
  }
  return hash.digest('hex');
}
const LINE_BYTES = 21;

async function withSshd(options: SshdOptions, use: (sshd: Sshd) => Promise<void>): Promise<void> {
  const sshd = await startSshd(options);
  try {
    await use(sshd);
  } finally {
    await sshd.stop();
  }
}

/** Runs the count to its end and returns its hash. */
async function count(shell: ShellDriver, lines: number): Promise<{ bytes: number; hash: string }> {
  const hash = createHash('sha256');
  shell.exec(COUNT(lines));
  await shell.sees(/BEGIN/);
  let bytes = 0;
  shell.onOutput((chunk) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  shell.end.write(Buffer.from('\n'));
  expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 0 });
  return { bytes, hash: hash.digest('hex') };
}

const missing = sshdMissing();
describe.skipIf(missing !== undefined)(`a live shell ${missing ?? ''}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  it(`F8: ${FLOOD_MIB} MiB with pauses in it: memory stays flat, nothing is lost`, async () => {
    const lines = Math.ceil((FLOOD_MIB * MIB) / LINE_BYTES);
    const shell = await open(sshd);
    const hash = createHash('sha256');
    shell.exec(COUNT(lines));
    await shell.sees(/BEGIN/);
    let bytes = 0;
    let rssPaused = 0;
    let rssMax = 0;
    let nextPause = 8 * MIB;
    shell.onOutput((chunk) => {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes % 64 === 0) rssMax = Math.max(rssMax, process.memoryUsage.rss());
      if (bytes < nextPause) return;
      nextPause += (FLOOD_MIB / 3) * MIB;
      shell.end.pause();
      rssPaused ||= process.memoryUsage.rss();
      void steady(() => bytes).then(() => {
        rssMax = Math.max(rssMax, process.memoryUsage.rss());
        shell.end.resume();
      });
    });
    shell.end.write(Buffer.from('\n'));
    expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 0 });
    expect(bytes).toBe(lines * LINE_BYTES);
    expect(hash.digest('hex')).toBe(countHash(lines));
    expect(rssMax - rssPaused).toBeLessThan(64 * MIB);
  }, 240_000);

  it('F8: after Ctrl-C under a flood little still goes by', async () => {
    const shell = await open(sshd);
    shell.end.write(Buffer.from('yes\r'));
    let since = 0;
    let tail = '';
    let interrupted = false;
    shell.onOutput((chunk) => {
      if (interrupted) since += chunk.length;
      tail = (tail + chunk.toString('latin1')).slice(-4096);
      // Past the first window, which the library chooses.
      if (!interrupted && shell.bytes() > 8 * MIB) {
        interrupted = true;
        shell.end.pause();
      }
    });
    await vi.waitFor(() => expect(interrupted).toBe(true), { timeout: 20_000 });
    await steady(() => shell.bytes());
    shell.end.write(Buffer.from([3]));
    shell.end.resume();
    await vi.waitFor(() => expect(tail.includes('^C')).toBe(true), { timeout: 10_000 });
    expect(since).toBeLessThan(0.75 * MIB);
    shell.end.close();
    await shell.ended;
  });

  it('new keys after each volume, and not one byte less', async () => {
    await withSshd({ config: ['LogLevel DEBUG1'] }, async (talkative) => {
      const lines = Math.ceil((REKEYED_MIB * MIB) / LINE_BYTES);
      const got = await count(await open(talkative, { rekeyBytes: 2 * MIB }), lines);
      expect(got).toEqual({ bytes: lines * LINE_BYTES, hash: countHash(lines) });
      const exchanges = talkative.log().match(/SSH2_MSG_NEWKEYS received/g)?.length ?? 0;
      expect(exchanges).toBeGreaterThanOrEqual(7);
    });
  }, 240_000);

  it('new keys while input flows', async () => {
    const shell = await open(sshd, { rekeyBytes: 256 * 1024 });
    const input = Buffer.alloc(4 * MIB, 'abcdefghij');
    shell.exec(`stty raw -echo; printf BE""GIN; read go; head -c ${input.length} | sha256sum`);
    await shell.sees(/BEGIN/);
    let drained: (() => void) | undefined;
    shell.onDrain(() => drained?.());
    shell.end.write(Buffer.from('\n'));
    for (let at = 0; at < input.length; at += 32_768) {
      const taken = new Promise<void>((resolve) => {
        drained = resolve;
      });
      if (!shell.end.write(input.subarray(at, at + 32_768))) await taken;
    }
    await shell.sees(new RegExp(createHash('sha256').update(input).digest('hex')));
    await shell.ended;
  }, 60_000);

  it('F18: a host that asks for new keys every megabyte', async () => {
    await withSshd({ config: ['RekeyLimit 1M'] }, async (eager) => {
      const lines = Math.ceil((REKEYED_MIB * MIB) / LINE_BYTES);
      const got = await count(await open(eager), lines);
      expect(got).toEqual({ bytes: lines * LINE_BYTES, hash: countHash(lines) });
    });
  }, 240_000);

  it('F18: both ends ask for new keys at once', async () => {
    await withSshd({ config: ['RekeyLimit 256K'] }, async (eager) => {
      const lines = Math.ceil((8 * MIB) / LINE_BYTES);
      const got = await count(await open(eager, { rekeyBytes: 256 * 1024 }), lines);
      expect(got).toEqual({ bytes: lines * LINE_BYTES, hash: countHash(lines) });
    });
  }, 60_000);

  it('F9: a host that stops answering is noticed after three keep-alives', async () => {
    await withSshd({}, async (doomed) => {
      const shell = await open(doomed, { keepaliveMs: 100 });
      shell.end.write(Buffer.from('echo RE""ADY\r'));
      await shell.sees(/READY/);
      const since = performance.now();
      for (const pid of doomed.pids()) signalQuietly(pid, 'SIGSTOP');
      expect(await shell.ended).toEqual({ kind: 'lost', detail: 'the host stopped answering' });
      expect(performance.now() - since).toBeLessThan(3_000);
    });
  });

  it('F9: an idle host that answers is kept', async () => {
    const shell = await open(sshd, { keepaliveMs: 50 });
    shell.end.write(Buffer.from('sleep 1; echo sti""ll\r'));
    await shell.sees(/still/);
    shell.end.close();
    await shell.ended;
  });

  it('a killed connection is a loss, not an exit', async () => {
    await withSshd({}, async (doomed) => {
      const shell = await open(doomed);
      shell.end.write(Buffer.from('echo RE""ADY\r'));
      await shell.sees(/READY/);
      const [listener, ...rest] = doomed.pids();
      expect(listener).toBeDefined();
      for (const pid of rest) signalQuietly(pid, 'SIGKILL');
      expect(await shell.ended).toMatchObject({ kind: 'lost' });
      expect(shell.late()).toBe(0);
    });
  });

  it('S20 F20: no process of the connection is left on the host, ten times over', async () => {
    await withSshd({}, async (host) => {
      const [listener] = host.pids();
      const shells = await Promise.all(Array.from({ length: 10 }, () => open(host)));
      expect(familyOf(listener ?? 0).length).toBeGreaterThan(10);
      for (const shell of shells) shell.end.close();
      await Promise.all(shells.map((shell) => shell.ended));
      await vi.waitFor(() => expect(host.pids()).toEqual([listener]), { timeout: 10_000 });
    });
  });

  it('X8: what the host wants read before the shell is the first output', async () => {
    await withSshd({ config: ['Banner /etc/hostname'] }, async (host) => {
      const shell = await open(host);
      shell.exec('cat /etc/hostname; echo do""ne');
      const [, name] = await shell.sees(/^([^\r\n]+)\r\n/);
      await shell.sees(new RegExp(`^${name}[\\s\\S]*${name}\\s+done`));
      await shell.ended;
    });
  });

  it('a shell that leaves a program behind is over when it says so', async () => {
    const shell = await open(sshd);
    shell.end.write(Buffer.from('(trap "" HUP; exec sleep 30) & exit 5\r'));
    expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 5 });
  });
});

/** Resolves when a counter has stood still for ten looks. */
async function steady(look: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  await vi.waitFor(
    () => {
      same = look() === last ? same + 1 : 0;
      last = look();
      expect(same).toBeGreaterThanOrEqual(10);
    },
    { timeout: 20_000, interval: 30 },
  );
}
