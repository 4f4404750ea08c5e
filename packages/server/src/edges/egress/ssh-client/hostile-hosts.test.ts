/** V14 V37 F14: hosts that lie. The gateway lives on, in bounded memory, and tells nobody a secret. */

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { openShell, shellRequest } from '../../../../test/fixtures/shell-driver.js';
import type { ConnectRequest } from '../../../gateway/ports/target-connector.js';
import { createSshConnector } from './create-ssh-connector.js';

const MIB = 1024 * 1024;
const FUZZ_SEEDS = process.env.SALLYPORT_TEST_LONG === '1' ? 5_000 : 300;
const SECRET = 'a password nobody may see';

const target = (port: number) => ({ hostName: 'liar', address: '127.0.0.1', port, legacyAlgorithms: false });
const request = (port: number, more: Partial<ConnectRequest> = {}): ConnectRequest =>
  shellRequest({ target: target(port), login: 'root', secret: { kind: 'password', password: SECRET }, ...more });

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const HOST_KEY = String(privateKey.export({ type: 'pkcs1', format: 'pem' }));

/** The library's inside, which a lying host needs; only tests reach for it. */
interface Inside {
  readonly _protocol: {
    readonly _packetRW: {
      readonly write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer };
    };
    readonly _cipher: { encrypt(packet: Buffer): void };
    authSuccess(): void;
    serviceAccept(name: string): void;
    rekey(): void;
  };
}
const inside = (connection: Connection): Inside['_protocol'] => (connection as unknown as Inside)._protocol;
/** Sends any payload as an encrypted packet. */
function sendRaw(connection: Connection, payload: Buffer): void {
  const { _packetRW: rw, _cipher: cipher } = inside(connection);
  const packet = rw.write.alloc(payload.length);
  packet.set(payload, rw.write.allocStart);
  cipher.encrypt(rw.write.finalize(packet));
}

interface SshHost {
  readonly port: number;
  /** Every sign-in attempt it was sent. */
  readonly attempts: string[];
  readonly open: () => number;
}
/** A host that speaks SSH properly until `act` does otherwise. */
async function sshHost(act: {
  connected?(connection: Connection): void;
  shell?(connection: Connection, channel: ServerChannel): void;
  exchanged?(connection: Connection): void;
}): Promise<SshHost> {
  const attempts: string[] = [];
  let openCount = 0;
  const server = new ssh2.Server({ hostKeys: [HOST_KEY] }, (connection) => {
    openCount += 1;
    connection.on('error', () => {});
    connection.on('close', () => {
      openCount -= 1;
    });
    connection.on('handshake', () => act.exchanged?.(connection));
    connection.on('authentication', (context) => {
      attempts.push(`${context.username} ${context.method}`);
      if (context.method === 'none') context.reject(['password']);
      else context.accept();
    });
    connection.on('session', (accept) => {
      const session = accept();
      session.on('pty', (yes) => yes());
      session.on('shell', (yes) => act.shell?.(connection, yes()));
    });
    act.connected?.(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, attempts, open: () => openCount };
}

describe('V37: the key is settled before anything of the login leaves', () => {
  it('waits for the answer, and a refusal leaves the host with nothing', async () => {
    const host = await sshHost({});
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
      const host = await sshHost({
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
    const host = await sshHost({
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
    const host = await sshHost({ shell: (_connection, channel) => channel.end('hi') });
    const shell = await openShell(createSshConnector(), request(host.port));
    await shell.ended;
    expect(host.attempts).toEqual(['root none', 'root password']);
  });
});

describe('V14: a host that floods', () => {
  it('cannot fill memory by ignoring the window', async () => {
    const host = await sshHost({
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
    const host = await sshHost({
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

describe('F14: malformed bytes', () => {
  it(`before sign-in: ${FUZZ_SEEDS} hosts drop out one by one, none hangs, none is heard by others`, async () => {
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
    for (let at = 0; at < FUZZ_SEEDS; at += 25) {
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
  }, 120_000);

  it(`after sign-in: ${FUZZ_SEEDS} shells end, each with one word`, async () => {
    let seed = 0;
    const host = await sshHost({
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
    for (let at = 0; at < FUZZ_SEEDS; at += 20) {
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
  }, 240_000);
});

/** Mulberry32: the same seed, the same liar. `next(n)` is below n. */
function random(seed: number): (below: number) => number {
  let state = (seed * 0x9e3779b9) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
const noise = (next: (below: number) => number, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => next(256)));
const name = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
function packet(payload: Buffer): Buffer {
  const padding = 8 - ((payload.length + 5) % 8) + 4;
  const padded = padding < 4 ? padding + 8 : padding;
  const total = payload.length + 1 + padded;
  const extra = (8 - ((total + 4) % 8)) % 8;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(total + extra, 0);
  head[4] = padded + extra;
  return Buffer.concat([head, payload, Buffer.alloc(padded + extra)]);
}
function kexinit(lists: readonly string[]): Buffer {
  return packet(Buffer.concat([Buffer.from([20]), Buffer.alloc(16), ...lists.map(name), Buffer.alloc(5)]));
}
const GOOD_LISTS = [
  'curve25519-sha256',
  'ssh-ed25519',
  'aes128-gcm@openssh.com',
  'aes128-gcm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-256',
  'none',
  'none',
  '',
  '',
];

/** One of the ways a peer may be wrong before it has proved a key. */
function misbehave(socket: Socket, next: (below: number) => number): void {
  const hello = 'SSH-2.0-liar\r\n';
  switch (next(12)) {
    case 0:
      socket.write(noise(next, 1 + next(4000)));
      return;
    case 1:
      socket.write(hello);
      socket.write(noise(next, 1 + next(4000)));
      return;
    case 2: {
      const huge = Buffer.alloc(64);
      huge.writeUInt32BE(0xfffffff0, 0);
      socket.write(hello);
      socket.write(huge);
      return;
    }
    case 3:
      socket.write(hello);
      socket.write(kexinit(GOOD_LISTS));
      return; // and then silence
    case 4:
      socket.write(hello);
      socket.end(kexinit(GOOD_LISTS));
      return;
    case 5:
      socket.write(hello);
      socket.write(kexinit(GOOD_LISTS.map((list, at) => (at === next(6) ? 'none-of-yours' : list))));
      return;
    case 6:
      socket.write(hello);
      socket.write(kexinit(GOOD_LISTS));
      socket.write(packet(Buffer.concat([Buffer.from([31]), name('key'), noise(next, next(500))])));
      return;
    case 7: {
      // A right beginning with some bytes turned.
      const bytes = Buffer.concat([Buffer.from(hello), kexinit(GOOD_LISTS)]);
      for (let times = 1 + next(8); times > 0; times -= 1) bytes[next(bytes.length)] = next(256);
      socket.write(bytes);
      return;
    }
    case 8:
      socket.write(hello);
      socket.write(packet(oddPacket(next)));
      socket.write(packet(oddPacket(next)));
      return;
    case 9:
      for (const byte of hello) socket.write(byte);
      socket.end();
      return;
    case 10:
      socket.write(hello);
      socket.write(packet(Buffer.concat([Buffer.from([20]), Buffer.alloc(16), name(','.repeat(20_000))])));
      return;
    default:
      socket.resetAndDestroy();
  }
}

/** A message with a known number and a body that does not fit it. */
function oddPacket(next: (below: number) => number): Buffer {
  const numbers = [
    1, 2, 3, 4, 5, 6, 7, 20, 21, 30, 31, 50, 51, 52, 53, 60, 61, 80, 81, 82, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99,
    100, 192, 255,
  ];
  const body = next(3) === 0 ? Buffer.concat([Buffer.alloc(4), noise(next, next(40))]) : noise(next, next(200));
  return Buffer.concat([Buffer.from([numbers[next(numbers.length)] ?? 0]), body]);
}
