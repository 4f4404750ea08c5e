/** What every Directory must do for hosts, accounts and host keys; users stand in directory-users.contract.ts. */
import type { Account, Host, HostKey } from '@sallyport/core/model/host.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from './directory.js';

export interface DirectoryUnderTest {
  readonly directory: Directory;
  /** Stores a vault row under this id, so that its going can be watched. */
  addSecret(id: string): Promise<void>;
  hasSecret(id: string): Promise<boolean>;
  /** Enrols a user in TOTP with these vault rows. */
  addTotp(userId: string, secretId: string, recoveryCodesId: string): Promise<void>;
  close(): Promise<void>;
}

const AT = Date.UTC(2026, 0, 1);
const host = (id: string, name: string, change: Partial<Host> = {}): Host => ({
  id,
  name,
  address: '10.0.0.1',
  port: 22,
  labels: { env: 'prod', 区: '一' },
  legacyAlgorithms: false,
  onRecordingFailure: 'end',
  watcherRequired: false,
  createdAt: AT,
  updatedAt: AT,
  ...change,
});
const account = (id: string, hostId: string, login: string, change: Partial<Account> = {}): Account => ({
  id,
  hostId,
  login,
  kind: 'password',
  secretId: `secret of ${id}`,
  createdAt: AT,
  updatedAt: AT,
  ...change,
});
const key = (id: string, hostId: string, fingerprint: string): HostKey => ({
  id,
  hostId,
  algorithm: 'ssh-ed25519',
  fingerprint,
  publicKey: `wire form of ${fingerprint}`,
  state: 'pending',
  firstSeenAt: AT,
});

export function describeDirectoryContract(name: string, make: () => Promise<DirectoryUnderTest>): void {
  describe(`directory: ${name}`, () => {
    let under: DirectoryUnderTest;
    let directory: Directory;
    beforeEach(async () => {
      under = await make();
      directory = under.directory;
    });
    afterEach(() => under.close());

    describe('hosts', () => {
      it('gives a host back whole (S9, X2)', async () => {
        const one = host('h1', 'Web-01', {
          legacyAlgorithms: true,
          onRecordingFailure: 'allow-alert',
          watcherRequired: true,
        });
        expect(await directory.createHost(one)).toEqual({ ok: true, value: one });
        expect(await directory.host('h1')).toEqual(one);
        expect(await directory.host('h2')).toBeUndefined();
      });

      it('takes a name once, in any case and composition (W34)', async () => {
        await directory.createHost(host('h1', 'Café'));
        for (const name of ['café', 'CAFÉ', 'Cafe\u0301']) {
          expect(await directory.createHost(host('h2', name))).toMatchObject({ problem: { code: 'conflict' } });
        }
        await directory.createHost(host('h3', 'other'));
        expect(await directory.updateHost('h3', { name: 'CAFÉ' })).toMatchObject({ problem: { code: 'conflict' } });
        expect(await directory.updateHost('h1', { name: 'CAFÉ' })).toMatchObject({ value: { name: 'CAFÉ' } });
      });

      it('lists by name', async () => {
        for (const [i, name] of ['b', 'C', 'a'].entries()) await directory.createHost(host(`h${i}`, name));
        expect((await directory.hosts()).map(({ name }) => name)).toEqual(['a', 'b', 'C']);
      });

      it('changes what is named and nothing else', async () => {
        await directory.createHost(host('h1', 'web'));
        const changed = await directory.updateHost('h1', { port: 2222, labels: {}, updatedAt: AT + 1 });
        expect(changed).toEqual({ ok: true, value: host('h1', 'web', { port: 2222, labels: {}, updatedAt: AT + 1 }) });
        expect(await directory.updateHost('h9', { port: 1 })).toMatchObject({ problem: { code: 'not-found' } });
      });

      it('stores labels as data, whatever their names (V44)', async () => {
        const labels = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
        await directory.createHost(host('h1', 'web', { labels }));
        expect(Object.entries((await directory.host('h1'))?.labels ?? {})).toEqual(Object.entries(labels));
        expect(({} as Record<string, unknown>).x).toBeUndefined();
      });

      it('takes accounts, keys and secrets along when it goes (W22)', async () => {
        await directory.createHost(host('h1', 'web'));
        await directory.createHost(host('h2', 'db'));
        await directory.createAccount(account('a1', 'h1', 'root'));
        await directory.createAccount(account('a2', 'h2', 'root'));
        for (const id of ['a1', 'a2']) await under.addSecret(`secret of ${id}`);
        await directory.see(key('k1', 'h1', 'SHA256:a'));
        expect(await directory.deleteHost('h1')).toMatchObject({ value: { id: 'h1' } });
        expect(await directory.deleteHost('h1')).toMatchObject({ problem: { code: 'not-found' } });
        expect((await directory.accounts()).map(({ id }) => id)).toEqual(['a2']);
        expect(await directory.hostKeys()).toEqual([]);
        expect(await under.hasSecret('secret of a1')).toBe(false);
        expect(await under.hasSecret('secret of a2')).toBe(true);
      });
    });

    describe('accounts', () => {
      beforeEach(async () => {
        await directory.createHost(host('h1', 'web'));
        await directory.createHost(host('h2', 'db'));
      });

      it('holds accounts of both kinds (X2)', async () => {
        const byKey = account('a2', 'h1', 'deploy', { kind: 'key', keyFingerprint: 'SHA256:x' });
        expect(await directory.createAccount(account('a1', 'h1', 'root'))).toMatchObject({ ok: true });
        expect(await directory.createAccount(byKey)).toEqual({ ok: true, value: byKey });
        expect(await directory.account('a2')).toEqual(byKey);
        await directory.createAccount(account('a3', 'h2', 'root'));
        expect((await directory.accounts('h1')).map(({ id }) => id)).toEqual(['a2', 'a1']);
        expect(await directory.accounts()).toHaveLength(3);
      });

      it('takes a login once per host, and only on a host there is', async () => {
        await directory.createAccount(account('a1', 'h1', 'root'));
        await directory.createAccount(account('a2', 'h1', 'Root'));
        const twice = await directory.createAccount(account('a3', 'h1', 'root'));
        expect(twice).toMatchObject({ problem: { code: 'conflict' } });
        expect(await directory.createAccount(account('a4', 'h9', 'x'))).toMatchObject({
          problem: { code: 'not-found' },
        });
        expect(await directory.updateAccount('a2', { login: 'root' })).toMatchObject({ problem: { code: 'conflict' } });
      });

      it('drops the secret that a new one replaces, and a fingerprint that no longer fits', async () => {
        await directory.createAccount(account('a1', 'h1', 'root', { kind: 'key', keyFingerprint: 'SHA256:x' }));
        for (const id of ['secret of a1', 'new']) await under.addSecret(id);
        const changed = await directory.updateAccount('a1', { kind: 'password', secretId: 'new', updatedAt: AT + 1 });
        expect(changed).toEqual({
          ok: true,
          value: account('a1', 'h1', 'root', { secretId: 'new', updatedAt: AT + 1 }),
        });
        expect(await under.hasSecret('secret of a1')).toBe(false);
        expect(await under.hasSecret('new')).toBe(true);
        expect(await directory.updateAccount('a9', { login: 'x' })).toMatchObject({ problem: { code: 'not-found' } });
      });

      it('drops the secret with the account', async () => {
        await directory.createAccount(account('a1', 'h1', 'root'));
        await under.addSecret('secret of a1');
        expect(await directory.deleteAccount('a1')).toMatchObject({ value: { id: 'a1' } });
        expect(await directory.deleteAccount('a1')).toMatchObject({ problem: { code: 'not-found' } });
        expect(await under.hasSecret('secret of a1')).toBe(false);
      });
    });

    describe('host keys', () => {
      beforeEach(async () => {
        await directory.createHost(host('h1', 'web'));
        await directory.createHost(host('h2', 'db'));
      });
      const states = async (): Promise<Record<string, string>> =>
        Object.fromEntries((await directory.hostKeys()).map(({ id, state }) => [id, state]));

      it('sees a key once, and never trusts it by itself (W12, V37)', async () => {
        const shown = await directory.see({ ...key('k1', 'h1', 'SHA256:a'), state: 'approved' });
        expect(shown).toEqual(key('k1', 'h1', 'SHA256:a'));
        expect(await directory.see(key('k2', 'h1', 'SHA256:a'))).toEqual(shown);
        await Promise.all([directory.see(key('k3', 'h2', 'SHA256:a')), directory.see(key('k4', 'h2', 'SHA256:a'))]);
        expect(await directory.hostKeys()).toHaveLength(2);
        expect(await directory.hostKeys('h1')).toHaveLength(1);
      });

      it('INVARIANT: one key is approved per host at most (V37)', async () => {
        await directory.see(key('k1', 'h1', 'SHA256:a'));
        await directory.see(key('k2', 'h1', 'SHA256:b'));
        await directory.see(key('k3', 'h2', 'SHA256:a'));
        for (const id of ['k1', 'k3']) await directory.decide(id, 'approved', 'zhou', AT);
        expect(await states()).toEqual({ k1: 'approved', k2: 'pending', k3: 'approved' });
        const decided = await directory.decide('k2', 'approved', 'li', AT + 1);
        expect(decided).toMatchObject({ value: { state: 'approved', decidedBy: 'li', decidedAt: AT + 1 } });
        expect(await states()).toEqual({ k1: 'rejected', k2: 'approved', k3: 'approved' });
        await directory.decide('k2', 'rejected', 'li', AT + 2);
        expect(await states()).toEqual({ k1: 'rejected', k2: 'rejected', k3: 'approved' });
        expect(await directory.decide('k9', 'approved', 'li', AT)).toMatchObject({ problem: { code: 'not-found' } });
      });

      it('F8: keeps the sixteen newest pending keys of a host, and every decided one', async () => {
        await directory.see(key('other', 'h2', 'SHA256:a'));
        const show = (n: number) =>
          directory.see({ ...key(`k${String(n).padStart(2, '0')}`, 'h1', `SHA256:${n}`), firstSeenAt: AT + n });
        for (let n = 0; n < 2; n++) await show(n);
        await directory.decide('k00', 'approved', 'zhou', AT);
        await directory.decide('k01', 'rejected', 'zhou', AT);
        for (let n = 2; n < 40; n++) await show(n);
        // The clock was set back: what is seen now is kept all the same.
        expect(await show(-1)).toMatchObject({ id: 'k-1', state: 'pending' });
        const kept = (await directory.hostKeys('h1')).map(({ id }) => id).sort();
        const newest = Array.from({ length: 15 }, (_, i) => `k${25 + i}`);
        expect(kept).toEqual(['k-1', 'k00', 'k01', ...newest]);
        expect(await directory.hostKeys('h2')).toHaveLength(1);
      });

      it('keeps a decision when the key is shown again', async () => {
        await directory.see(key('k1', 'h1', 'SHA256:a'));
        await directory.decide('k1', 'rejected', 'zhou', AT);
        expect(await directory.see(key('k2', 'h1', 'SHA256:a'))).toMatchObject({ id: 'k1', state: 'rejected' });
      });
    });
  });
}
