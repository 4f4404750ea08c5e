/** Every failure of an opening is a sentence with a code, within its time, and never an exception. */
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Problem } from '@sallyport/core/model/problem.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShell, refusalOf, shellRequest } from '../../../../test/fixtures/shell-driver.js';
import { freePort, type Sshd, sshdMissing, startSshd } from '../../../../test/fixtures/sshd.js';
import type { ConnectRequest } from '../../../gateway/ports/target-connector.js';
import { createSshConnector, type SshConnectorOptions } from './create-ssh-connector.js';

const at = (port: number, address = '127.0.0.1', legacyAlgorithms = false) => ({
  hostName: 'web-1',
  address,
  port,
  legacyAlgorithms,
});
const PASSWORD = { kind: 'password', password: 'wrong horse' } as const;

const problemOf = (
  port: number,
  options: SshConnectorOptions = {},
  more: Partial<ConnectRequest> = {},
): Promise<Problem> =>
  refusalOf(createSshConnector(options), shellRequest({ target: at(port), login: 'root', secret: PASSWORD, ...more }));

/** A host that says what `talk` says. */
async function withHost<T>(talk: (socket: Socket) => void, use: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    talk(socket);
  });
  const port = await listen(server);
  try {
    return await use(port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}
const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

describe('X3 X8: an opening that fails', () => {
  it('names an address that cannot be resolved', async () => {
    const problem = await problemOf(22, {}, { target: at(22, 'no-such-host.invalid') });
    expect(problem).toEqual({ code: 'target.unresolved', params: { address: 'no-such-host.invalid:22' } });
  });

  it('names a refused port', async () => {
    const port = await freePort();
    expect(await problemOf(port)).toEqual({ code: 'target.refused', params: { address: `127.0.0.1:${port}` } });
    const both = await problemOf(port, {}, { target: at(port, 'localhost') });
    expect(both.code).toBe('target.refused');
    const v6 = await problemOf(port, {}, { target: at(port, '::1') });
    expect(v6.params.address).toBe(`[::1]:${port}`);
  });

  it.each(['169.254.169.254', '::ffff:169.254.169.254', '2852039166', '0xa9fea9fe', '0.0.0.0', '::', '224.0.0.1'])(
    'V15: never dials %s',
    async (address) => {
      const problem = await problemOf(22, { connectTimeoutMs: 2_000 }, { target: at(22, address) });
      expect(problem.params.detail ?? problem.code).toMatch(/never dialled|unresolved/);
    },
  );

  it('X3: gives up on a silent host within the limit', async () => {
    await withHost(
      () => {},
      async (port) => {
        const since = performance.now();
        expect(await problemOf(port, { connectTimeoutMs: 300 })).toEqual({
          code: 'target.timeout',
          params: { address: `127.0.0.1:${port}`, seconds: '1' },
        });
        expect(performance.now() - since).toBeLessThan(1_500);
      },
    );
  });

  it('gives up on a host that greets and then is silent', async () => {
    await withHost(
      (socket) => socket.write('SSH-2.0-tarpit\r\n'),
      async (port) => expect((await problemOf(port, { connectTimeoutMs: 300 })).code).toBe('target.timeout'),
    );
  });

  it('names a web server', async () => {
    const server = createHttpServer();
    const port = await listen(server);
    const problem = await problemOf(port);
    server.close();
    expect(problem.code).toBe('target.not-ssh');
    expect(problem.params.detail).toContain('HTTP/1.1 400');
  });

  it('names the old protocol', async () => {
    await withHost(
      (socket) => socket.write('SSH-1.5-ancient\n'),
      async (port) =>
        expect(await problemOf(port)).toMatchObject({
          code: 'target.not-ssh',
          params: { detail: 'its greeting is “SSH-1.5-ancient”' },
        }),
    );
  });

  it('names a host that hangs up at once', async () => {
    await withHost(
      (socket) => socket.end(),
      async (port) =>
        expect(await problemOf(port)).toMatchObject({
          code: 'target.lost',
          params: { detail: 'closed before any greeting' },
        }),
    );
  });

  it('V14: does not gather a banner of 100,000 lines', async () => {
    await withHost(
      (socket) => {
        for (let line = 0; line < 100_000; line += 1) socket.write(`line ${line} of a very long story\r\n`);
        socket.write('SSH-2.0-talker\r\n');
      },
      async (port) =>
        expect(await problemOf(port)).toMatchObject({
          code: 'target.not-ssh',
          params: { detail: 'endless text instead of a greeting' },
        }),
    );
  });

  it('leaves at once when the person does', async () => {
    await withHost(
      () => {},
      async (port) => {
        const leaving = new AbortController();
        const answer = problemOf(port, {}, { signal: leaving.signal });
        leaving.abort();
        expect(await answer).toMatchObject({ code: 'target.lost' });
      },
    );
  });

  it('passes a failing host key store on', async () => {
    const sshd = await startSshd();
    const broken = createSshConnector().connect(
      shellRequest({
        target: at(sshd.port),
        login: 'root',
        secret: PASSWORD,
        verifyHostKey: () => Promise.reject(new Error('database is gone')),
      }),
    );
    await expect(broken).rejects.toThrow('database is gone');
    await sshd.stop();
  });
});

const missing = sshdMissing({ password: '' });
describe.skipIf(missing !== undefined)(`OpenSSH that refuses ${missing ?? ''}`, () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd({ password: 'right horse' });
  });
  afterAll(() => sshd.stop());

  it('X8: a wrong password', async () => {
    const problem = await problemOf(sshd.port, {}, { login: sshd.login });
    expect(problem).toEqual({
      code: 'target.auth-failed',
      params: { host: 'web-1', login: sshd.login, kind: 'password' },
    });
    expect(JSON.stringify(problem)).not.toContain('horse');
  });

  it('not even asked: the stored key cannot be read', async () => {
    const secret = { kind: 'key', privateKey: 'not a key' } as const;
    expect((await problemOf(sshd.port, {}, { secret })).code).toBe('secret.invalid');
  });

  it('a key it does not know', async () => {
    const other = await startSshd({ userKey: 'ecdsa' });
    const secret = { kind: 'key', privateKey: other.userKey.text } as const;
    expect(await problemOf(sshd.port, {}, { login: sshd.login, secret })).toEqual({
      code: 'target.auth-failed',
      params: { host: 'web-1', login: sshd.login, kind: 'key' },
    });
    await other.stop();
  });

  it('V37: a changed key: the login and the password stay here', async () => {
    const before = (await createSshConnector().probe(at(sshd.port), new AbortController().signal)).key;
    expect(before?.fingerprint).toBe(sshd.hostKeyFingerprint);
    const { port } = sshd;
    await sshd.stop();
    sshd = await startSshd({ password: 'right horse', port, hostKey: 'ecdsa' });
    const refusal: Problem = { code: 'hostkey.changed', params: { host: 'web-1', approved: 'a', fingerprint: 'b' } };
    const problem = await problemOf(
      port,
      {},
      {
        login: sshd.login,
        verifyHostKey: (key) => {
          expect(key.fingerprint).toBe(sshd.hostKeyFingerprint);
          expect(key.algorithm).toBe(sshd.hostKeyAlgorithm);
          return Promise.resolve(key.fingerprint === before?.fingerprint ? undefined : refusal);
        },
      },
    );
    expect(problem).toEqual(refusal);
    await expect.poll(() => sshd.log()).toMatch(/closed by|Connection reset by/);
    expect(sshd.log()).not.toMatch(/Failed|Accepted|Invalid user|Postponed|authenticating user/);
  });

  it.each([
    ['PermitTTY no', 'target.no-shell'],
    ['MaxSessions 0', 'target.no-shell'],
    ['AuthenticationMethods publickey,password', 'target.auth-failed'],
  ])('%s', async (line, code) => {
    const strict = await startSshd({ password: 'right horse', config: [line] });
    const secret = { kind: 'password', password: 'right horse' } as const;
    expect((await problemOf(strict.port, {}, { login: strict.login, secret })).code).toBe(code);
    await strict.stop();
  });

  it('a login without a shell: its words are shown, then its exit, however soon it comes', async () => {
    const closed = await startSshd({ password: 'right horse', shell: '/usr/sbin/nologin' });
    // Its status may stand in the same packet as the shell's beginning; one try in twenty did.
    for (let tries = 0; tries < 25; tries++) {
      const shell = await openShell(
        createSshConnector(),
        shellRequest({
          target: at(closed.port),
          login: closed.login,
          secret: { kind: 'password', password: 'right horse' },
        }),
      );
      expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 1 });
      expect(shell.text()).toContain('not available');
    }
    await closed.stop();
  });
});
