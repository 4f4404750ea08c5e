/** Accounts of hosts. A secret goes into the vault and never comes out by the API (W22, X4). */
import type { AccountSecret } from '@sallyport/core/model/host.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import { AccountAnswer } from '@sallyport/core/wire/api-answers.js';
import { CreateAccount, IdParams, UpdateAccount } from '@sallyport/core/wire/api-requests.js';
import type { z } from 'zod';
import { created, EMPTY, json, type Route, route, targetOf } from '../route.js';
import type { Services } from '../services.js';
import { refuseInUse } from './in-use.js';

type SecretBody = z.output<typeof CreateAccount>['secret'];
interface SealedSecret {
  readonly kind: AccountSecret['kind'];
  readonly secretId: string;
  readonly keyFingerprint?: string;
}

export function accountRoutes({
  directory,
  sessions,
  vault,
  audit,
  clock,
  random,
  inspectKey,
}: Services): readonly Route[] {
  const write = { kind: 'operation', operation: 'inventory.write' } as const;
  const change = { ...write, target: targetOf('account') };

  const seal = async (body: SecretBody): Promise<Result<SealedSecret>> => {
    const secret: AccountSecret =
      body.kind === 'password'
        ? { kind: 'password', password: body.password }
        : {
            kind: 'key',
            privateKey: body.privateKey,
            ...(body.passphrase === undefined || body.passphrase === '' ? {} : { passphrase: body.passphrase }),
          };
    const key = secret.kind === 'key' ? await inspectKey(secret.privateKey, secret.passphrase) : undefined;
    if (key && !key.ok) return key;
    const bytes = Buffer.from(JSON.stringify(secret), 'utf8');
    const secretId = await vault.seal('account', bytes);
    bytes.fill(0);
    return ok({ kind: secret.kind, secretId, ...(key ? { keyFingerprint: key.value.fingerprint } : {}) });
  };

  return [
    route({
      method: 'POST',
      path: '/hosts/{id}/accounts',
      summary: 'Adds an account with its password or private key',
      access: { ...write, target: targetOf('host') },
      params: IdParams,
      body: CreateAccount,
      answer: { status: 201, schema: AccountAnswer },
      async handle({ by, params, body: { login, secret } }) {
        if (!(await directory.host(params.id))) return fail('not-found');
        const sealed = await seal(secret);
        if (!sealed.ok) return sealed;
        const at = clock.now();
        const id = idFromBytes(random(16));
        const account = { ...sealed.value, id, hostId: params.id, login, createdAt: at, updatedAt: at };
        const made = await directory.createAccount(account);
        if (!made.ok) {
          await vault.remove(sealed.value.secretId);
          return made;
        }
        const detail = { login, kind: secret.kind, host: params.id };
        await audit.append({ action: 'account.create', result: 'ok', ...by, target: `account:${id}`, detail });
        return ok(created(made.value));
      },
    }),
    route({
      method: 'PATCH',
      path: '/accounts/{id}',
      summary: 'Changes an account’s login or replaces its secret',
      access: change,
      params: IdParams,
      body: UpdateAccount,
      answer: { status: 200, schema: AccountAnswer },
      async handle({ by, params: { id }, body: { login, secret } }) {
        if (!(await directory.account(id))) return fail('not-found');
        const sealed = secret ? await seal(secret) : undefined;
        if (sealed && !sealed.ok) return sealed;
        const updated = await directory.updateAccount(id, {
          ...(login === undefined ? {} : { login }),
          ...sealed?.value,
          updatedAt: clock.now(),
        });
        if (!updated.ok) {
          if (sealed) await vault.remove(sealed.value.secretId);
          return updated;
        }
        const detail = { login: updated.value.login, secretReplaced: sealed !== undefined };
        await audit.append({ action: 'account.update', result: 'ok', ...by, target: `account:${id}`, detail });
        return ok(json(updated.value));
      },
    }),
    route({
      method: 'DELETE',
      path: '/accounts/{id}',
      summary: 'Removes an account that has no open session, with its secret',
      access: change,
      params: IdParams,
      answer: { status: 204 },
      async handle({ by, params: { id } }) {
        const account = await directory.account(id);
        if (!account) return fail('not-found');
        const inUse = await refuseInUse(sessions, { hostId: account.hostId, accountId: id });
        if (inUse) return inUse;
        const removed = await directory.deleteAccount(id);
        if (!removed.ok) return removed;
        const detail = { login: account.login, host: account.hostId };
        await audit.append({ action: 'account.delete', result: 'ok', ...by, target: `account:${id}`, detail });
        return ok(EMPTY);
      },
    }),
  ];
}
