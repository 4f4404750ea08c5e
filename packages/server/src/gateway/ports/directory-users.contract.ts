/** What every Directory must do for users. Run with directory.contract.ts. */
import type { User } from '@sallyport/core/model/user.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryUnderTest } from './directory.contract.js';
import type { Directory } from './directory.js';

const AT = Date.UTC(2026, 0, 1);
const user = (id: string, name: string, change: Partial<User> = {}): User => ({
  id,
  name,
  displayName: `Dr. ${name}`,
  role: 'operator',
  active: true,
  totpEnabled: false,
  createdAt: AT,
  updatedAt: AT,
  ...change,
});

export function describeDirectoryUsersContract(name: string, make: () => Promise<DirectoryUnderTest>): void {
  describe(`directory, users: ${name}`, () => {
    let under: DirectoryUnderTest;
    let directory: Directory;
    beforeEach(async () => {
      under = await make();
      directory = under.directory;
    });
    afterEach(() => under.close());

    it('gives a user back whole, by id and by name in any case (W34)', async () => {
      const one = user('u1', 'Zhou', { role: 'admin', language: 'zh-CN' });
      expect(await directory.createUser(one, 'hash')).toEqual({ ok: true, value: one });
      expect(await directory.user('u1')).toEqual(one);
      expect(await directory.userByName('zHOU')).toEqual(one);
      expect(await directory.userByName('zhou\0')).toBeUndefined();
      expect(await directory.users()).toEqual([one]);
    });

    it('takes a name once', async () => {
      await directory.createUser(user('u1', 'Zoë'), 'hash');
      expect(await directory.createUser(user('u2', 'ZOË'), 'h')).toMatchObject({ problem: { code: 'conflict' } });
      const both = ['u3', 'u4'].map((id) => directory.createUser(user(id, 'li'), 'hash'));
      expect((await Promise.all(both)).filter(({ ok }) => ok)).toHaveLength(1);
    });

    it('gives the password hash to sign-in only, never with the user (W30)', async () => {
      const created = await directory.createUser(user('u1', 'zhou'), 'the-hash');
      expect(await directory.passwordHash('u1')).toBe('the-hash');
      expect(JSON.stringify([created, await directory.user('u1'), await directory.users()])).not.toContain('the-hash');
      await directory.setPasswordHash('u1', 'another', AT + 1);
      expect(await directory.passwordHash('u1')).toBe('another');
      expect(await directory.user('u1')).toMatchObject({ updatedAt: AT + 1 });
      expect(await directory.passwordHash('u9')).toBeUndefined();
    });

    it('changes what is named and nothing else', async () => {
      await directory.createUser(user('u1', 'zhou'), 'hash');
      const change = {
        displayName: '周',
        role: 'auditor',
        language: 'en',
        totpEnabled: true,
        updatedAt: AT + 1,
      } as const;
      expect(await directory.updateUser('u1', change)).toEqual({ ok: true, value: user('u1', 'zhou', change) });
      expect(await directory.updateUser('u1', {})).toMatchObject({ value: change });
      expect(await directory.updateUser('u9', {})).toMatchObject({ problem: { code: 'not-found' } });
    });

    it('INVARIANT: one active administrator stays', async () => {
      await directory.createUser(user('u1', 'a', { role: 'admin' }), 'hash');
      await directory.createUser(user('u2', 'b', { role: 'admin', active: false }), 'hash');
      const refused = { problem: { code: 'conflict.last-admin' } };
      expect(await directory.updateUser('u1', { role: 'auditor' })).toMatchObject(refused);
      expect(await directory.updateUser('u1', { active: false })).toMatchObject(refused);
      expect(await directory.deleteUser('u1')).toMatchObject(refused);
      expect(await directory.updateUser('u1', { displayName: 'x', role: 'admin', active: true })).toMatchObject({
        ok: true,
      });
      expect(await directory.updateUser('u2', { active: true })).toMatchObject({ ok: true });
      // Of two administrators who demote each other at once, one stays.
      const both = await Promise.all(['u1', 'u2'].map((id) => directory.updateUser(id, { role: 'operator' })));
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    });

    it('takes TOTP secrets along when it goes (W22)', async () => {
      await directory.createUser(user('u1', 'a'), 'hash');
      for (const id of ['totp', 'codes', 'unrelated']) await under.addSecret(id);
      await under.addTotp('u1', 'totp', 'codes');
      expect(await directory.deleteUser('u1')).toMatchObject({ value: { id: 'u1' } });
      expect(await directory.deleteUser('u1')).toMatchObject({ problem: { code: 'not-found' } });
      expect(await under.hasSecret('totp')).toBe(false);
      expect(await under.hasSecret('codes')).toBe(false);
      expect(await under.hasSecret('unrelated')).toBe(true);
    });
  });
}
