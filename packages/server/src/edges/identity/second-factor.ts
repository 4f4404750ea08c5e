/** TOTP of one user: begin, confirm, check, remove. Everything about one user runs in turn, so a code counts once. */
import { fail, ok, type Problem, problem, type Result } from '@sallyport/core/model/problem.js';
import type { User } from '@sallyport/core/model/user.js';
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import type { Clock } from '../../gateway/ports/clock.js';
import type { Users } from '../../gateway/ports/directory.js';
import type { ChangedBy } from '../../gateway/ports/identity.js';
import type { SignInStore, TotpRow } from '../../gateway/ports/sign-in-store.js';
import type { Vault } from '../../gateway/ports/vault.js';
import type { Random } from './bearer-secret.js';
import { createInTurn } from './in-turn.js';
import {
  acceptedStep,
  describeTotp,
  newRecoveryCodes,
  sealableCodes,
  TOTP_SECRET_BYTES,
  useRecoveryCode,
} from './totp.js';

export interface SecondFactor {
  /** False when the user signs in by password alone. */
  isOn(userId: string): Promise<boolean>;
  check(user: User, code: string, address: string): Promise<boolean>;
  begin(userId: string): Promise<Result<{ readonly secret: string; readonly uri: string }>>;
  confirm(userId: string, code: string, by?: ChangedBy): Promise<Result<readonly string[]>>;
  /** The caller has checked the right to: one's own password, or an administrator's role. */
  remove(userId: string, by?: ChangedBy): Promise<Problem | undefined>;
}

/**
 * Codes tried per user over all addresses: 20 at once, then one in ten seconds. Only who knows the password gets here,
 * so no stranger can use it up; without it many addresses could search the million codes.
 */
const CODE_BURST = 20;
const CODE_REFILL_MS = 10_000;
const MAX_COUNTED_USERS = 10_000;

export function createSecondFactor(parts: {
  readonly store: SignInStore;
  readonly users: Users;
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}): SecondFactor {
  const { store, users, vault, audit, clock, random } = parts;
  const inTurn = createInTurn();
  const budgets = new Map<string, { tokens: number; at: number }>();

  const mayTry = (userId: string): boolean => {
    const now = clock.monotonic();
    const known = budgets.get(userId) ?? { tokens: CODE_BURST, at: now };
    const tokens = Math.min(CODE_BURST, known.tokens + (now - known.at) / CODE_REFILL_MS);
    budgets.delete(userId);
    budgets.set(userId, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    if (budgets.size > MAX_COUNTED_USERS) budgets.delete(budgets.keys().next().value ?? '');
    return tokens >= 1;
  };

  const removeSecrets = async (row: TotpRow): Promise<void> => {
    await vault.remove(row.secretId);
    if (row.recoveryCodesId !== undefined) await vault.remove(row.recoveryCodesId);
  };

  const write = async (
    action: 'totp.enable' | 'totp.disable' | 'recovery-code.use',
    user: User,
    by: ChangedBy | undefined,
    detail?: Readonly<Record<string, number>>,
  ): Promise<void> => {
    await audit.append({
      action,
      result: 'ok',
      ...(by ?? { actor: user.name, actorId: user.id, source: 'local' }),
      target: `user:${user.id}`,
      ...(detail ? { detail } : {}),
    });
  };

  return {
    async isOn(userId) {
      return (await store.totp(userId))?.confirmed ?? false;
    },

    check: (user, code, address) =>
      inTurn(user.id, async () => {
        const row = await store.totp(user.id);
        if (!row?.confirmed || !mayTry(user.id)) return false;
        const text = code.replace(/\s/g, '');
        const step = acceptedStep(await vault.open('totp', row.secretId), text, clock.now(), row.lastStep);
        if (step !== undefined) {
          await store.setTotp(user.id, { ...row, lastStep: step });
          return true;
        }
        if (row.recoveryCodesId === undefined) return false;
        const used = useRecoveryCode(await vault.open('recovery-codes', row.recoveryCodesId), text);
        if (!used) return false;
        await vault.replace('recovery-codes', row.recoveryCodesId, used.sealed);
        await write(
          'recovery-code.use',
          user,
          { actor: user.name, actorId: user.id, source: address },
          { left: used.left },
        );
        return true;
      }),

    begin: (userId) =>
      inTurn(userId, async () => {
        const user = await users.user(userId);
        if (!user) return fail('not-found');
        const before = await store.totp(userId);
        if (before?.confirmed) return fail('conflict.in-use', { detail: 'TOTP' });
        const secret = random(TOTP_SECRET_BYTES);
        const secretId = await vault.seal('totp', secret);
        await store.setTotp(userId, { secretId, lastStep: 0, confirmed: false });
        if (before) await removeSecrets(before);
        return ok(describeTotp(secret, user.name));
      }),

    confirm: (userId, code, by) =>
      inTurn(userId, async () => {
        const user = await users.user(userId);
        const row = await store.totp(userId);
        if (!user || !row || row.confirmed) return fail('not-found');
        if (!mayTry(userId)) return fail('request.rate', { seconds: String(CODE_REFILL_MS / 1000) });
        const step = acceptedStep(await vault.open('totp', row.secretId), code, clock.now(), row.lastStep);
        if (step === undefined) return fail('request.invalid', { detail: 'code' });
        const codes = newRecoveryCodes(random);
        const recoveryCodesId = await vault.seal('recovery-codes', sealableCodes(codes));
        await store.setTotp(userId, { secretId: row.secretId, recoveryCodesId, lastStep: step, confirmed: true });
        const updated = await users.updateUser(userId, { totpEnabled: true, updatedAt: clock.now() });
        if (!updated.ok) return updated;
        await write('totp.enable', user, by);
        return ok(codes);
      }),

    remove: (userId, by) =>
      inTurn(userId, async () => {
        const user = await users.user(userId);
        const row = await store.totp(userId);
        if (!user || !row) return problem('not-found');
        await store.setTotp(userId, undefined);
        await removeSecrets(row);
        const updated = await users.updateUser(userId, { totpEnabled: false, updatedAt: clock.now() });
        if (!updated.ok) return updated.problem;
        await write('totp.disable', user, by);
        return undefined;
      }),
  };
}
