/** Which algorithms and which sign-ins lead into a real sshd. */
import { describe, expect, it } from 'vitest';
import { openShell, refusalOf, shellRequest } from '../../../../test/fixtures/shell-driver.js';
import { sshdMissing, startSshd } from '../../../../test/fixtures/sshd.js';
import { createSshConnector } from './create-ssh-connector.js';

const at = (port: number, legacyAlgorithms = false) => ({
  hostName: 'web-1',
  address: '127.0.0.1',
  port,
  legacyAlgorithms,
});

const missing = sshdMissing({ password: '' });
describe.skipIf(missing !== undefined)('algorithms', () => {
  it.each([
    ['Ciphers aes128-cbc,3des-cbc', 'aes128-cbc,3des-cbc'],
    ['KexAlgorithms diffie-hellman-group14-sha1', 'diffie-hellman-group14-sha1'],
    ['HostKeyAlgorithms ssh-rsa', 'ssh-rsa'],
  ])('refuses %s, and takes it for a host marked as old', async (line, offered) => {
    const old = await startSshd({ hostKey: 'rsa', config: [line, 'MACs hmac-sha1,hmac-sha2-256'] });
    const secret = { kind: 'key', privateKey: old.userKey.text } as const;
    const connector = createSshConnector();
    const problem = await refusalOf(connector, shellRequest({ target: at(old.port), login: old.login, secret }));
    expect(problem.code).toBe('target.algorithms');
    expect(problem.params.detail).toContain(offered);
    const request = shellRequest({ target: at(old.port, true), login: old.login, secret });
    const shell = await openShell(connector, request);
    shell.exec('exit 3');
    expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 3 });
    await old.stop();
  });

  it('V28: a host of today negotiates strict exchange, curve25519 and aes-gcm', async () => {
    const sshd = await startSshd({ config: ['LogLevel DEBUG1'] });
    await createSshConnector().probe(at(sshd.port), new AbortController().signal);
    await expect.poll(() => sshd.log()).toMatch(/SSH2_MSG_NEWKEYS received/);
    expect(sshd.log()).toMatch(/kex: algorithm: curve25519-sha256/);
    expect(sshd.log()).toMatch(/kex: client->server cipher: aes128-gcm@openssh.com MAC: <implicit> compression: none/);
    expect(sshd.log()).toMatch(/resetting read seqnr/);
    await sshd.stop();
  });
});

describe.skipIf(missing !== undefined)('X2: ways to sign in', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('with an %s key and its passphrase', async (userKey) => {
    const sshd = await startSshd({ userKey, userKeyPassphrase: 'open sesame' });
    const secret = { kind: 'key', privateKey: sshd.userKey.text, passphrase: 'open sesame' } as const;
    const shell = await openShell(
      createSshConnector(),
      shellRequest({ target: at(sshd.port), login: sshd.login, secret }),
    );
    shell.exec('exit 4');
    expect(await shell.ended).toEqual({ kind: 'exit', exitCode: 4 });
    expect(sshd.log()).not.toMatch(/SHA-?1/i);
    await sshd.stop();
  });

  it('with a password where the host asks for it by keyboard-interactive', async () => {
    const config = ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PasswordAuthentication no'];
    const sshd = await startSshd({ password: 'right horse', config });
    const way = { target: at(sshd.port), login: sshd.login };
    const right = { kind: 'password', password: 'right horse' } as const;
    const shell = await openShell(createSshConnector(), shellRequest({ ...way, secret: right }));
    expect(sshd.log()).toMatch(/Accepted keyboard-interactive/);
    shell.end.close();
    const wrong = { kind: 'password', password: 'wrong horse' } as const;
    const refusal = await refusalOf(createSshConnector(), shellRequest({ ...way, secret: wrong }));
    expect(refusal.code).toBe('target.auth-failed');
    await sshd.stop();
  });
});
