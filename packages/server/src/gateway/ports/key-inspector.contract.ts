/** What every key inspector must keep: keys as ssh-keygen and Node write them. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { KeyInspector } from './key-inspector.js';

const pkcs8 = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));

export function describeKeyInspectorContract(name: string, inspect: KeyInspector): void {
  describe(`key inspector: ${name}`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
    afterAll(() => rmSync(dir, { recursive: true }));

    let made = 0;
    function sshKeygen(...args: string[]): { text: string; fingerprint: string; algorithm: string } {
      made += 1;
      const path = join(dir, `key-${made}`);
      execFileSync('ssh-keygen', ['-q', '-f', path, '-C', 'käy', ...args]);
      return {
        text: readFileSync(path, 'utf8'),
        fingerprint: printed(`${path}.pub`),
        algorithm: firstWord(`${path}.pub`),
      };
    }
    const printed = (path: string): string =>
      execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' }).split(' ')[1]!;
    const firstWord = (path: string): string => readFileSync(path, 'utf8').split(' ')[0]!;
    const detailOf = async (text: string, passphrase?: string): Promise<string | undefined> => {
      const answer = await inspect(text, passphrase);
      return answer.ok ? undefined : answer.problem.params.detail;
    };

    const KINDS = [
      ['-t', 'ed25519'],
      ['-t', 'ecdsa', '-b', '256'],
      ['-t', 'ecdsa', '-b', '384'],
      ['-t', 'ecdsa', '-b', '521'],
      ['-t', 'rsa', '-b', '2048'],
    ] as const;

    describe('X3: private keys as people have them', () => {
      it.each(KINDS)('OpenSSH format %s %s %s %s: the fingerprint is ssh-keygen’s', async (...kind) => {
        const key = sshKeygen('-N', '', ...kind.map(String));
        const facts = { ok: true, value: { algorithm: key.algorithm, fingerprint: key.fingerprint } };
        expect(await inspect(key.text)).toEqual(facts);
        expect(await inspect(`\n  ${key.text.replaceAll('\n', '\r\n')} `)).toEqual(facts);
        // A passphrase typed for a key that has none does no harm.
        expect(await inspect(key.text, 'unneeded')).toEqual(facts);
      });

      it.each([
        ['PEM', 'rsa'],
        ['PEM', 'ecdsa'],
        ['PKCS8', 'rsa'],
        ['PKCS8', 'ecdsa'],
      ])('%s %s, with and without a passphrase', async (format, type) => {
        // ssh-keygen's own 3072 bits take seconds to find, and the format is the same.
        const kind = ['-t', type, '-m', format, ...(type === 'rsa' ? ['-b', '2048'] : [])];
        const plain = sshKeygen('-N', '', ...kind);
        expect(plain.text).not.toContain('OPENSSH');
        expect(await inspect(plain.text)).toMatchObject({ ok: true, value: { fingerprint: plain.fingerprint } });
        const locked = sshKeygen('-N', 'sesame', ...kind);
        expect(await inspect(locked.text, 'sesame')).toMatchObject({
          ok: true,
          value: { fingerprint: locked.fingerprint },
        });
        expect(await detailOf(locked.text)).toBe('it needs its passphrase');
        expect(await detailOf(locked.text, 'wrong')).toBe('the passphrase is wrong');
      });

      it('Ed25519 in PKCS#8, which only Node reads', async () => {
        const { privateKey } = generateKeyPairSync('ed25519');
        const plain = pkcs8(privateKey);
        const answer = await inspect(plain);
        expect(answer).toMatchObject({ ok: true, value: { algorithm: 'ssh-ed25519' } });
        const locked = String(
          privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' }),
        );
        expect(await inspect(locked, 'sesame')).toEqual(answer);
        expect(await detailOf(locked, 'wrong')).toBe('the passphrase is wrong');
      });

      it('OpenSSH format with a passphrase, off the event loop', async () => {
        const key = sshKeygen('-N', 'sesame', '-t', 'ed25519');
        let turns = 0;
        const count = setInterval(() => {
          turns += 1;
        }, 5);
        expect(await inspect(key.text, 'sesame')).toMatchObject({
          ok: true,
          value: { fingerprint: key.fingerprint },
        });
        clearInterval(count);
        expect(turns).toBeGreaterThan(5);
        expect(await detailOf(key.text)).toBe('it needs its passphrase');
        expect(await detailOf(key.text, '')).toBe('it needs its passphrase');
        expect(await detailOf(key.text, 'wrong')).toBe('the passphrase is wrong');
      });
    });

    describe('secret.invalid', () => {
      it('names what is wrong', async () => {
        const key = sshKeygen('-N', '', '-t', 'ed25519');
        expect(await detailOf(readFileSync(join(dir, `key-${made}.pub`), 'utf8'))).toContain('public key');
        expect(await detailOf('hello')).toContain('not a key');
        expect(await detailOf('')).toContain('not a key');
        expect(await detailOf('x'.repeat(70_000))).toContain('too long');
        expect(await detailOf(key.text.slice(0, 200))).toMatch(/damaged|not a key/);
        expect(await detailOf(sshKeygen('-N', '', '-t', 'rsa', '-b', '1024').text)).toContain('1024 bits is too short');
        expect(await detailOf(pkcs8(generateKeyPairSync('x25519').privateKey))).toContain('x25519');
        expect(await detailOf(pkcs8(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey))).toBeDefined();
      });

      it('does not work through a million rounds', async () => {
        const key = sshKeygen('-N', 'sesame', '-t', 'ed25519', '-a', '1');
        const body = Buffer.from(key.text.replace(/-----.*-----/g, ''), 'base64');
        const salt = body.indexOf(Buffer.from([0, 0, 0, 16]), 40);
        body.writeUInt32BE(1_000_000, salt + 20);
        const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
        expect(await detailOf(text, 'sesame')).toContain('too many rounds');
      });

      it('survives any damage, and no message holds the key', async () => {
        const { text } = sshKeygen('-N', '', '-t', 'ecdsa');
        const lines = text.split('\n').slice(1, -2);
        await fc.assert(
          fc.asyncProperty(fc.nat(text.length - 1), fc.string({ maxLength: 8 }), async (at, put) => {
            const answer = await inspect(text.slice(0, at) + put + text.slice(at + put.length));
            if (answer.ok) return;
            expect(answer.problem.code).toBe('secret.invalid');
            for (const line of lines) expect(JSON.stringify(answer)).not.toContain(line.slice(0, 20));
          }),
          { numRuns: 300 },
        );
      });
    });
  });
}
