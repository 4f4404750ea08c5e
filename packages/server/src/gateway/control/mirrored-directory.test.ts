/** Users and hosts in the control book, through the one directory that everybody writes to; and limits on the trunk. */
import { randomBytes } from 'node:crypto';
import type { AuditEvent } from '@sallyport/core/model/audit.js';
import { expect, it } from 'vitest';
import { fakeClock } from '../../../test/fixtures/fake-clock.js';
import { memoryControl, userNamed } from '../../../test/fixtures/memory-control.js';
import { alice, memoryGateway } from '../../../test/fixtures/memory-gateway.js';
import { testDatabase } from '../../../test/fixtures/test-database.js';
import { createSqliteDirectory } from '../../edges/storage/sqlite/directory.js';
import { createAccessGuard } from '../access-guard.js';
import type { AuditLog } from '../ports/audit-log.js';
import { createAccessDoor } from './access-door.js';
import { mirrorDirectory, reconcile } from './mirrored-directory.js';

it('S51: whoever is made, changed, switched off or deleted is so in the book when the write is answered', async () => {
  const { db, close } = await testDatabase();
  const stored = createSqliteDirectory(db);
  await stored.createUser(userNamed('lin', 'admin'), 'hash');
  const clock = fakeClock();
  const { room, store } = memoryControl(clock, [], []);
  await reconcile(room, stored);
  const directory = mirrorDirectory(stored, room);
  const subject = (id: string) => room.evaluator.book().tables.subject.get(id);
  expect(subject('lin')).toMatchObject({ roles: ['admin'], active: true });
  await directory.createUser(userNamed('bob', 'operator'), 'hash');
  expect(subject('bob')).toMatchObject({ roles: ['operator'] });
  await Promise.all([
    directory.updateUser('bob', { role: 'auditor' }),
    directory.updateUser('bob', { active: false }),
    directory.updateUser('bob', { language: 'en' }),
  ]);
  expect(subject('bob')).toMatchObject({ roles: ['auditor'], active: false });
  const length = store.log.length;
  await directory.updateUser('bob', { displayName: 'Bob' }); // nothing that the book is about
  expect((await directory.updateUser('lin', { active: false })).ok).toBe(false);
  expect(store.log.length).toBe(length);
  await directory.deleteUser('bob');
  expect(subject('bob')).toBeUndefined();
  await close();
});

it('S51: who was made by a command on the data directory while the gateway runs is let in once proved', async () => {
  const { db, close } = await testDatabase();
  const stored = createSqliteDirectory(db);
  const clock = fakeClock();
  const control = memoryControl(clock, [], []);
  await reconcile(control.room, stored);
  await stored.createUser(userNamed('lin', 'admin'), 'hash'); // another process
  const audit = { append: async () => {} } as unknown as AuditLog;
  let catches = 0;
  let away = true;
  const catchUp = async (): Promise<void> => {
    catches++;
    if (away) throw new Error('disk I/O error');
    await reconcile(control.room, stored);
  };
  const door = createAccessDoor({ control, audit, clock, random: randomBytes, catchUp });
  const knock = (userId: string) => door({ userId, address: '127.0.0.1', how: 'sign-in' });
  expect(await knock('lin')).toMatchObject({ code: 'unavailable' });
  away = false;
  expect(await Promise.all([knock('lin'), knock('lin')])).toEqual([undefined, undefined]);
  expect(catches).toBe(2);
  expect(await knock('lin')).toBeUndefined();
  expect(catches).toBe(2);
  expect(await knock('nobody')).toMatchObject({ code: expect.any(String) });
  await close();
});

it('S70: the last administrator is refused by the quota, and never kept out by it', async () => {
  const clock = fakeClock();
  const audit = { append: async () => {} } as unknown as AuditLog;
  const control = memoryControl(clock, [userNamed('alice', 'admin')], [{ id: 'h', name: 'h', labels: {} }]);
  const guard = createAccessGuard({ audit, control, clock, random: randomBytes });
  const root = { ...alice, role: 'admin' as const };
  const connect = () => guard.decide(root, 'connect', { target: 'host:h' });
  for (let n = 0; n < 3_700; n++) await connect();
  expect(await connect()).toMatchObject({ problem: { code: 'access.frequency' } });
  expect(control.blocks.standing()).toEqual([]);
});

it('S68-S71, X47: 600 operations a minute, then refused; beyond 3,000 a block that ends by itself; lists are free', async () => {
  const clock = fakeClock();
  const audited: AuditEvent[] = [];
  const audit = { append: async (event: AuditEvent) => void audited.push(event) } as unknown as AuditLog;
  const control = memoryControl(clock, [userNamed('alice', 'operator')], [{ id: 'h', name: 'h', labels: {} }]);
  const guard = createAccessGuard({ audit, control, clock, random: randomBytes });
  const connect = async (): Promise<string> => {
    const decided = await guard.decide(alice, 'connect', { target: 'host:h' });
    return decided.ok ? 'ok' : decided.problem.code;
  };
  for (let n = 0; n < 5_000; n++) expect((await guard.decide(alice, 'inventory.read')).ok).toBe(true);
  for (let n = 0; n < 600; n++) expect(await connect()).toBe('ok');
  expect(await connect()).toBe('access.frequency');
  expect((await guard.decide(alice, 'inventory.read')).ok).toBe(true);
  clock.advance(60_000);
  expect(await connect()).toBe('ok');
  for (let n = 0; n < 3_000; n++) await connect();
  expect(await connect()).toBe('access.blocked-automatically');
  expect(control.blocks.standing()).toMatchObject([{ userId: 'alice', by: 'system', automatic: true }]);
  expect(audited.filter(({ action }) => action === 'block.create')).toMatchObject([
    { actor: 'system', detail: { count: 3_001, operation: 'connect' } },
  ]);
  clock.advance(12 * 3_600_000);
  expect(await connect()).toBe('ok');
});

it('V31: an operation that nobody granted is refused as before, and somebody else’s session is unknown', async () => {
  const one = memoryGateway();
  const refused = await one.gateway.guard.decide(alice, 'user.write');
  expect(refused).toMatchObject({ problem: { code: 'auth.forbidden' } });
  const theirs = { target: 'recording:x', ownerId: 'bob', hostId: 'h' };
  expect(await one.gateway.guard.decide(alice, 'replay', theirs)).toMatchObject({ problem: { code: 'not-found' } });
  expect((await one.gateway.guard.decide(alice, 'replay', { ...theirs, ownerId: 'alice' })).ok).toBe(true);
  expect((await one.gateway.guard.decide(alice, 'replay', { ...theirs, ownerId: 'alice', hostId: 'gone' })).ok).toBe(
    true,
  );
});
