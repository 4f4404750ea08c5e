/** Hosts with their accounts and keys. */

import type { Host } from '@sallyport/core/model/host.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok } from '@sallyport/core/model/problem.js';
import { HostAnswer, pageOf } from '@sallyport/core/wire/api-answers.js';
import { CreateHost, IdParams, UpdateHost } from '@sallyport/core/wire/api-requests.js';
import { pinyinOf } from '../pinyin.js';
import { created, EMPTY, json, type Route, route, targetOf } from '../route.js';
import type { Services } from '../services.js';
import { refuseInUse } from './in-use.js';

export function hostRoutes({ directory, sessions, audit, clock, random }: Services): readonly Route[] {
  const read = { kind: 'operation', operation: 'inventory.read' } as const;
  const write = { kind: 'operation', operation: 'inventory.write' } as const;
  const change = { ...write, target: targetOf('host') };

  /** What the inventory and the connect page show, for the one who asks. */
  const present = async (hosts: readonly Host[], userId: string, hostId?: string): Promise<readonly unknown[]> => {
    const [accounts, hostKeys, lastUsed] = await Promise.all([
      directory.accounts(hostId),
      directory.hostKeys(hostId),
      sessions.lastUsed(userId),
    ]);
    const accountsOf = byHost(accounts);
    const keysOf = byHost(hostKeys);
    return Promise.all(
      hosts.map(async (host) => {
        const used = lastUsed.get(host.id);
        const pinyin = await pinyinOf([host.name, ...Object.values(host.labels)].join(' '));
        return {
          ...host,
          accounts: accountsOf.get(host.id) ?? [],
          hostKeys: keysOf.get(host.id) ?? [],
          ...(pinyin === undefined ? {} : { pinyin }),
          ...(used ? { lastUsedAt: used.at, lastAccountId: used.accountId } : {}),
        };
      }),
    );
  };
  const presentOne = async (host: Host, userId: string): Promise<unknown> =>
    (await present([host], userId, host.id))[0];

  return [
    route({
      method: 'GET',
      path: '/hosts',
      summary: 'Lists hosts with their accounts and keys',
      access: read,
      answer: { status: 200, schema: pageOf(HostAnswer) },
      async handle({ who }) {
        return ok(json({ items: await present(await directory.hosts(), who.user.id) }));
      },
    }),
    route({
      method: 'POST',
      path: '/hosts',
      summary: 'Adds a host',
      access: write,
      body: CreateHost,
      answer: { status: 201, schema: HostAnswer },
      async handle({ who, by, body }) {
        const at = clock.now();
        const made = await directory.createHost({ ...body, id: idFromBytes(random(16)), createdAt: at, updatedAt: at });
        if (!made.ok) return made;
        const { id, name, address, port, watcherRequired } = made.value;
        const detail = { name, address, port, ...(watcherRequired && { watcherRequired }) };
        await audit.append({ action: 'host.create', result: 'ok', ...by, target: `host:${id}`, detail });
        return ok(created(await presentOne(made.value, who.user.id)));
      },
    }),
    route({
      method: 'GET',
      path: '/hosts/{id}',
      summary: 'One host',
      access: read,
      params: IdParams,
      answer: { status: 200, schema: HostAnswer },
      async handle({ who, params }) {
        const host = await directory.host(params.id);
        return host ? ok(json(await presentOne(host, who.user.id))) : fail('not-found');
      },
    }),
    route({
      method: 'PATCH',
      path: '/hosts/{id}',
      summary: 'Changes a host; open sessions go on as they are',
      access: change,
      params: IdParams,
      body: UpdateHost,
      answer: { status: 200, schema: HostAnswer },
      async handle({ who, by, params: { id }, body }) {
        const changed = definedOnly(body);
        const updated = await directory.updateHost(id, { ...changed, updatedAt: clock.now() });
        if (!updated.ok) return updated;
        const { watcherRequired } = changed;
        const detail = {
          changed: Object.keys(changed).join(' '),
          ...(watcherRequired !== undefined && { watcherRequired }),
        };
        await audit.append({ action: 'host.update', result: 'ok', ...by, target: `host:${id}`, detail });
        return ok(json(await presentOne(updated.value, who.user.id)));
      },
    }),
    route({
      method: 'DELETE',
      path: '/hosts/{id}',
      summary: 'Removes a host that has no open session, with its accounts and their secrets',
      access: change,
      params: IdParams,
      answer: { status: 204 },
      async handle({ by, params: { id } }) {
        const inUse = await refuseInUse(sessions, { hostId: id });
        if (inUse) return inUse;
        const removed = await directory.deleteHost(id);
        if (!removed.ok) return removed;
        const detail = { name: removed.value.name };
        await audit.append({ action: 'host.delete', result: 'ok', ...by, target: `host:${id}`, detail });
        return ok(EMPTY);
      },
    }),
  ];
}

function byHost<T extends { readonly hostId: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const own = found.get(row.hostId);
    if (own) own.push(row);
    else found.set(row.hostId, [row]);
  }
  return found;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
/** Leaves out what was not sent: absent means unchanged. */
function definedOnly<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
