/** V14 V37 F14: hosts that lie. The gateway lives on, in bounded memory, and tells nobody a secret. */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Connection } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { ignoreKeyExchange, inside, lyingHost, sendRaw, stopReading } from '../../../../test/fixtures/lying-host.js';
import { misbehave, oddPacket, random } from '../../../../test/fixtures/malformed-packets.js';
import { openShell, shellRequest } from '../../../../test/fixtures/shell-driver.js';
import type { ConnectRequest } from '../../../gateway/ports/target-connector.js';
import { createSshConnector } from './create-ssh-connector.js';

const MIB = 1024 * 1024;
const IS_LONG = process.env.LONG_TESTS === '1';
/** As many as F14 asks for take half an hour. */
const BEFORE_SIGN_IN = IS_LONG ? 100_000 : 300;
const AFTER_SIGN_IN = IS_LONG ? 10_000 : 300;
const SECRET = 'a password nobody may see';

const target = (port: number) => ({ hostName: 'liar', address: '127.0.0.1', port, legacyAlgorithms: false });
const request = (port: number, more: Partial<ConnectRequest> = {}): ConnectRequest =>
  shellRequest({ target: target(port), login: 'root', secret: { kind: 'password', password: SECRET }, ...more });

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function made(act: Parameters<typeof lyingHost>[0]): ReturnType<typeof lyingHost> {
  const host = await lyingHost(act);
  cleanUps.push(() => host.stop());
  return host;
}

describe('V37: the key is settled before anything of the login leaves', () => {
  it('waits for the answer, and a refusal leaves the host with nothing', async () => {
    const host = await made({});
    let release: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const answer = createSshConnector().connect(
      request(host.port, {
        async verifyHostKey() {
          release?.();
          // The host has had every chance to ask for the sign-in by the time it answers another connection.
          await createSshConnector().probe(target(host.port), new AbortController().signal);
          return { code: 'hostkey.unapproved', params: { host: 'liar', fingerprint: 'x' } };
        },
      }),
    );
    await asked;
    expect(await answer).toMatchObject({ ok: false, problem: { code: 'hostkey.unapproved' } });
    await expect.poll(host.open).toBe(0);
    expect(host.attempts).toEqual([]);
  });

  it('a host that offers the sign-in, or grants it, unasked gets no password', async () => {
    for (const push of [
      (connection: Connection) => inside(connection).serviceAccept('ssh-userauth'),
      (connection: Connection) => inside(connection).authSuccess(),
    ]) {
      const host = await made({
        exchanged(connection) {
          for (let times = 0; times < 3; times += 1) push(connection);
        },
      });
      let asked = 0;
      const answer = await createSshConnector().connect(
        request(host.port, {
          async verifyHostKey() {
            asked += 1;
            await createSshConnector().probe(target(host.port), new AbortController().signal);
            return { code: 'hostkey.unapproved', params: { host: 'liar', fingerprint: 'x' } };
          },
        }),
      );
      expect(answer.ok).toBe(false);
      expect(asked).toBeLessThanOrEqual(1);
      expect(host.attempts).toEqual([]);
    }
  });

  it('a host that borrows another’s key, without owning it, is not even asked about', async () => {
    // The exchange must be signed by the key shown: a host with a wrong signature ends before the question.
    const host = await made({
      connected(connection) {
        const key = (connection as unknown as { _protocol: { _hostKeys: Record<string, { sign: unknown }[]> } })
          ._protocol._hostKeys;
        for (const list of Object.values(key)) {
          for (const each of [list].flat()) each.sign = () => Buffer.alloc(256, 1);
        }
      },
    });
    let asked = 0;
    const answer = await createSshConnector().connect(
      request(host.port, {
        verifyHostKey() {
          asked += 1;
          return Promise.resolve(undefined);
        },
      }),
    );
    expect(answer).toMatchObject({ ok: false, problem: { code: 'target.not-ssh' } });
    expect(asked).toBe(0);
    expect(host.attempts).toEqual([]);
  });

  it('says the password once, to a host whose key is approved', async () => {
    const host = await made({ shell: (_connection, channel) => channel.end('hi') });
    const shell = await openShell(createSshConnector(), request(host.port));
    await shell.ended;
    expect(host.attempts).toEqual(['root none', 'root password']);
  });
});

describe('V14: a host that floods', () => {
  it('cannot fill memory by ignoring the window', async () => {
    const host = await made({
      shell(connection) {
        const data = Buffer.concat([Buffer.from([94, 0, 0, 0, 0, 0, 0, 0x40, 0]), Buffer.alloc(0x4000, 0x79)]);
        let sent = 0;
        const flood = (): void => {
          for (let times = 0; times < 64 && sent < 256 * MIB; times += 1) {
            try {
              sendRaw(connection, data);
            } catch {
              return;
            }
            sent += data.length;
          }
          if (host.open() > 0 && sent < 256 * MIB) setImmediate(flood);
        };
        flood();
      },
    });
    const shell = await openShell(createSshConnector(), request(host.port));
    shell.end.pause();
    // Its connection is cut although nobody reads; what was read ahead is still handed over, then the loss.
    await expect.poll(host.open, { timeout: 20_000 }).toBe(0);
    shell.end.resume();
    expect(await shell.ended).toMatchObject({ kind: 'lost', detail: 'the host ignores flow control' });
    expect(shell.bytes()).toBeLessThan(4 * MIB);
  });

  it('cannot keep us busy with new keys', async () => {
    let rekeys = 0;
    const host = await made({
      exchanged(connection) {
        rekeys += 1;
        setImmediate(() => {
          try {
            inside(connection).rekey();
          } catch {
            // cut off
          }
        });
      },
      shell: (_connection, channel) => channel.write('hi'),
    });
    const answer = await createSshConnector().connect(request(host.port));
    if (answer.ok) {
      const ended = new Promise((resolve) =>
        answer.value.start({ onOutput: () => {}, onDrain: () => {}, onEnd: resolve }),
      );
      expect(await ended).toMatchObject({ kind: 'lost' });
    }
    await expect.poll(host.open, { timeout: 10_000 }).toBe(0);
    expect(rekeys).toBeLessThan(60);
  });
});

describe('V14: a host that does not do its part', () => {
  const lossOf = async (host: { readonly port: number }, rekeyBytes = 1024 * MIB): Promise<unknown> => {
    const shell = await openShell(createSshConnector({ rekeyBytes }), request(host.port));
    return shell.ended;
  };
  /** Sends the same message until it is cut off. */
  const repeat = (connection: Connection, message: Buffer, isOpen: () => boolean): void => {
    const some = (): void => {
      try {
        for (let times = 0; times < 500; times += 1) sendRaw(connection, message);
      } catch {
        return;
      }
      if (isOpen()) setImmediate(some);
    };
    some();
  };
  const KEEPALIVE = Buffer.from('\x50\x00\x00\x00\x15keepalive@openssh.com\x01', 'latin1');
  const IGNORE = Buffer.concat([Buffer.from([2, 0, 0, 0x40, 0]), Buffer.alloc(0x4000)]);

  // The kernel's own buffers fill first, with 36 bytes per answer: this takes a while.
  it.skipIf(!IS_LONG)(
    'asks without reading the answers',
    async () => {
      const host = await made({
        shell(connection) {
          stopReading(connection);
          repeat(connection, KEEPALIVE, () => host.open() > 0);
        },
      });
      expect(await lossOf(host)).toEqual({ kind: 'lost', detail: 'the host does not read' });
    },
    60_000,
  );

  it('never answers a request for new keys', async () => {
    const host = await made({
      shell(connection) {
        ignoreKeyExchange(connection);
        repeat(connection, IGNORE, () => host.open() > 0);
      },
    });
    expect(await lossOf(host, MIB)).toEqual({ kind: 'lost', detail: 'the host does not exchange keys' });
  }, 60_000);
});

describe('F14: malformed bytes', () => {
  it(
    `before sign-in: ${BEFORE_SIGN_IN} hosts drop out one by one, none hangs, none is heard by others`,
    async () => {
      const heard: string[] = [];
      let seed = 0;
      let open = 0;
      const server = createServer((socket) => {
        open += 1;
        socket
          .on('error', () => {})
          .on('close', () => {
            open -= 1;
          })
          .on('data', (bytes) => heard.push(bytes.toString('latin1')));
        misbehave(socket, random(seed));
        seed += 1;
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      cleanUps.push(() => server.close());
      const { port } = server.address() as AddressInfo;
      const connector = createSshConnector({ connectTimeoutMs: 250, signInTimeoutMs: 250, shellTimeoutMs: 250 });
      const codes = new Map<string, number>();
      const before = process.memoryUsage.rss();
      for (let at = 0; at < BEFORE_SIGN_IN; at += 25) {
        const answers = await Promise.all(Array.from({ length: 25 }, () => connector.connect(request(port))));
        for (const answer of answers) {
          const code = answer.ok ? 'opened' : answer.problem.code;
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }
      }
      expect([...codes.keys()].sort()).toEqual(
        expect.arrayContaining(['target.algorithms', 'target.lost', 'target.not-ssh', 'target.timeout']),
      );
      expect([...codes.keys()].every((code) => code.startsWith('target.'))).toBe(true);
      await expect.poll(() => open).toBe(0);
      expect(heard.join('')).not.toContain(SECRET);
      expect(process.memoryUsage.rss() - before).toBeLessThan(150 * MIB);
    },
    IS_LONG ? 3_600_000 : 120_000,
  );

  it(
    `after sign-in: ${AFTER_SIGN_IN} shells end, each with one word`,
    async () => {
      let seed = 0;
      const host = await made({
        shell(connection, channel) {
          const next = random(seed);
          seed += 1;
          channel.on('error', () => {});
          channel.write('hello\r\n');
          try {
            for (let packets = next(20); packets >= 0; packets -= 1) sendRaw(connection, oddPacket(next));
          } catch {
            // it was cut off in the middle
          }
          setImmediate(() => connection.end());
        },
      });
      const connector = createSshConnector({ connectTimeoutMs: 20_000 });
      for (let at = 0; at < AFTER_SIGN_IN; at += 20) {
        const batch = Array.from({ length: 20 }, async () => {
          const answer = await connector.connect(request(host.port));
          if (!answer.ok) return expect(answer.problem.code).toMatch(/^target\./);
          let ends = 0;
          await new Promise<void>((resolve) =>
            answer.value.start({
              onOutput: () => {},
              onDrain: () => {},
              onEnd: () => {
                ends += 1;
                resolve();
              },
            }),
          );
          answer.value.write(Buffer.from('x'));
          answer.value.resize({ cols: 1, rows: 1 });
          answer.value.close();
          expect(ends).toBe(1);
        });
        await Promise.all(batch);
      }
      await expect.poll(host.open, { timeout: 10_000 }).toBe(0);
    },
    IS_LONG ? 3_600_000 : 240_000,
  );
});
