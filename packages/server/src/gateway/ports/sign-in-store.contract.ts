/** What every SignInStore must do. Each adapter's test runs it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenRow } from './identity.js';
import type { SignInRow, SignInStore } from './sign-in-store.js';

export interface SignInStoreUnderTest {
  readonly store: SignInStore;
  /** Makes the user the rows belong to. */
  addUser(id: string): Promise<void>;
  close(): Promise<void>;
}

const AT = Date.UTC(2026, 0, 1);
const signIn = (id: string, userId = 'u1', expiresAt = AT + 900_000): SignInRow => ({
  id,
  tokenHash: `hash of ${id}`,
  csrf: `csrf of ${id}`,
  userId,
  address: '192.0.2.7',
  userAgent: 'Firefox',
  createdAt: AT,
  expiresAt,
});
const token = (id: string, userId = 'u1', createdAt = AT): TokenRow => ({
  id,
  userId,
  name: `token ${id}`,
  createdAt,
  expiresAt: AT + 86_400_000,
});

export function describeSignInStoreContract(name: string, make: () => Promise<SignInStoreUnderTest>): void {
  describe(`sign-in store: ${name}`, () => {
    let under: SignInStoreUnderTest;
    let store: SignInStore;
    beforeEach(async () => {
      under = await make();
      store = under.store;
      for (const id of ['u1', 'u2']) await under.addUser(id);
    });
    afterEach(() => under.close());

    const present = async (...ids: string[]): Promise<string[]> => {
      const rows = await Promise.all(ids.map((id) => store.signInByHash(`hash of ${id}`)));
      return rows.flatMap((row) => (row === undefined ? [] : [row.id]));
    };

    it('finds a sign-in by its hash and slides its end (S59)', async () => {
      await store.putSignIn(signIn('a'));
      expect(await store.signInByHash('hash of a')).toEqual(signIn('a'));
      expect(await store.signInByHash('a')).toBeUndefined();
      await store.extendSignIn('a', AT + 1_000_000);
      expect(await store.signInByHash('hash of a')).toMatchObject({ expiresAt: AT + 1_000_000 });
    });

    it('removes sign-ins by id, by user and by age', async () => {
      for (const row of [signIn('a'), signIn('b'), signIn('c', 'u2'), signIn('d', 'u2', AT)])
        await store.putSignIn(row);
      await store.removeSignIns({ id: 'a' });
      expect(await present('a', 'b', 'c', 'd')).toEqual(['b', 'c', 'd']);
      await store.removeSignIns({ expiredBefore: AT + 1 });
      expect(await present('b', 'c', 'd')).toEqual(['b', 'c']);
      await store.removeSignIns({ userId: 'u2' });
      expect(await present('b', 'c')).toEqual(['b']);
    });

    it('removes all sign-ins of a user but one in one step, and says which are gone', async () => {
      for (const row of [signIn('a'), signIn('b'), signIn('c'), signIn('d', 'u2')]) await store.putSignIn(row);
      await store.extendSignIn('b', AT + 1_000_000);
      expect([...(await store.removeSignIns({ userId: 'u1', exceptId: 'b' }))].sort()).toEqual(['a', 'c']);
      expect(await present('a', 'b', 'c', 'd')).toEqual(['b', 'd']);
      expect(await store.signInByHash('hash of b')).toEqual({ ...signIn('b'), expiresAt: AT + 1_000_000 });
      // A sign-in of somebody else saves none of one's own.
      expect(await store.removeSignIns({ userId: 'u1', exceptId: 'd' })).toEqual(['b']);
      expect(await store.removeSignIns({ userId: 'u1' })).toEqual([]);
      expect(await store.removeSignIns({ id: 'd' })).toEqual(['d']);
    });

    it('keeps tokens, newest first, and when each was used', async () => {
      await store.putToken(token('t1'), 'h1');
      await store.putToken(token('t2', 'u1', AT + 1), 'h2');
      await store.putToken(token('t3', 'u2'), 'h3');
      expect(await store.tokenByHash('h1')).toEqual(token('t1'));
      expect(await store.tokenByHash('t1')).toBeUndefined();
      await store.touchToken('t1', AT + 5);
      expect(await store.tokensOf('u1')).toEqual([token('t2', 'u1', AT + 1), { ...token('t1'), lastUsedAt: AT + 5 }]);
    });

    it('removes tokens of their owner only, and says how many (W5)', async () => {
      await store.putToken(token('t1'), 'h1');
      await store.putToken(token('t2'), 'h2');
      await store.putToken(token('t3', 'u2'), 'h3');
      expect(await store.removeTokens({ userId: 'u2', id: 't1' })).toBe(0);
      expect(await store.removeTokens({ userId: 'u1', id: 't1' })).toBe(1);
      expect(await store.removeTokens({ userId: 'u1' })).toBe(1);
      expect(await store.tokensOf('u2')).toHaveLength(1);
    });

    it('removes expired tokens of everybody, and no others', async () => {
      await store.putToken({ ...token('t1'), expiresAt: AT }, 'h1');
      await store.putToken({ ...token('t2', 'u2'), expiresAt: AT - 1 }, 'h2');
      await store.putToken({ ...token('t3'), expiresAt: AT + 1 }, 'h3');
      expect(await store.removeTokens({ expiredBefore: AT + 1 })).toBe(2);
      expect(await store.tokensOf('u2')).toEqual([]);
      expect((await store.tokensOf('u1')).map(({ id }) => id)).toEqual(['t3']);
    });

    it('holds one setup token at most (V2)', async () => {
      expect(await store.setupToken()).toBeUndefined();
      await store.setSetupToken({ tokenHash: 'a', expiresAt: AT, tries: 0 });
      await store.setSetupToken({ tokenHash: 'b', expiresAt: AT + 1, tries: 3 });
      expect(await store.setupToken()).toEqual({ tokenHash: 'b', expiresAt: AT + 1, tries: 3 });
      await store.setSetupToken(undefined);
      await store.setSetupToken(undefined);
      expect(await store.setupToken()).toBeUndefined();
    });

    it('keeps one TOTP row per user', async () => {
      expect(await store.totp('u1')).toBeUndefined();
      await store.setTotp('u1', { secretId: 's1', lastStep: 0, confirmed: false });
      expect(await store.totp('u1')).toEqual({ secretId: 's1', lastStep: 0, confirmed: false });
      const row = { secretId: 's1', recoveryCodesId: 'r1', lastStep: 58_000_000, confirmed: true };
      await store.setTotp('u1', row);
      expect(await store.totp('u1')).toEqual(row);
      await store.setTotp('u1', { secretId: 's2', lastStep: 1, confirmed: true });
      expect(await store.totp('u1')).toEqual({ secretId: 's2', lastStep: 1, confirmed: true });
      await store.setTotp('u1', undefined);
      expect(await store.totp('u1')).toBeUndefined();
      expect(await store.totp('u2')).toBeUndefined();
    });
  });
}
