/** What happened around a recording, and what is looked for in it, over the real API and the real audit log. */

import type { AuditEvent } from '@sallyport/core/model/audit.js';
import type { Session } from '@sallyport/core/model/session.js';
import { SessionEventsAnswer } from '@sallyport/core/wire/event-messages.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSessionEvents } from '../../src/gateway/session-events.js';
import { type Gate, openGate, type Person } from '../fixtures/http-gate.js';

let gate: Gate;
let owner: Person;
let other: Person;
let auditor: Person;
let session: Session;
beforeAll(async () => {
  gate = await openGate();
  owner = await gate.person('olga', 'operator');
  other = await gate.person('oscar', 'operator');
  auditor = await gate.person('ann', 'auditor');
  session = await gate.recorded(owner, ['hello\r\n']);
  const by = (person: Person) => ({
    actor: person.name,
    actorId: person.id,
    source: '192.0.2.1',
    result: 'ok' as const,
  });
  const rows: readonly Omit<AuditEvent, 'target'>[] = [
    { ...by(auditor), action: 'session.watch', detail: { watchers: 1 } },
    { ...by(auditor), action: 'session.freeze', detail: { reason: 'wrong \u202ehost' } },
    { ...by(other), action: 'access.denied', result: 'denied', detail: { operation: 'watch' } },
    { ...by(auditor), action: 'session.watch-end', detail: { seconds: 0 } },
  ];
  for (const row of rows) await gate.audit.append({ ...row, target: `session:${session.id}` });
});
afterAll(() => gate.close());

const eventsOf = async (person: Person): Promise<SessionEventsAnswer> =>
  SessionEventsAnswer.parse(await (await person.ask('GET', `recordings/${session.id}/events`)).json());

test('X19: who watched, held the input and was refused is told to who reads the audit log', async () => {
  const { items, leftOut } = await eventsOf(auditor);
  expect(leftOut).toBe(false);
  expect(items).toMatchObject([
    { kind: 'watched', by: 'ann', until: expect.any(Number) },
    { kind: 'frozen', by: 'ann', text: 'wrong \u202ehost' },
    { kind: 'denied', by: 'oscar', text: 'watch' },
  ]);
});

test('W7: a session’s own user is told what its page told, and who else was refused is not his to know', async () => {
  expect((await eventsOf(owner)).items.map(({ kind }) => kind)).toEqual(['watched', 'frozen']);
  const hidden = await createSessionEvents(gate.audit, 'never').of(session, {
    ...{
      userId: owner.id,
      name: owner.name,
      role: 'operator',
      via: 'web',
      credentialId: 'c',
      address: '192.0.2.1',
    },
  });
  expect(hidden.items.map(({ kind }) => kind)).toEqual(['frozen']);
});

test('W5: another’s events are those of a session that does not exist', async () => {
  for (const [method, path, body] of [
    ['GET', 'events', undefined],
    ['POST', 'finds', { text: 'secret' }],
  ] as const) {
    const anothers = await other.ask(method, `recordings/${session.id}/${path}`, body);
    const unknown = await other.ask(method, `recordings/${'0'.repeat(26)}/${path}`, body);
    expect(anothers.status).toBe(404);
    expect(await anothers.text()).toBe(await unknown.text());
  }
  expect(await gate.auditRows('recording.find')).toBe(0);
});

test('a refusal on the recording while the session runs is an event of it; one long after is not', async () => {
  const running = await gate.recorded(owner, ['x'], Date.now());
  await other.ask('GET', `recordings/${running.id}`);
  const reader = {
    ...{ userId: auditor.id, name: 'ann', role: 'auditor', via: 'web' },
    credentialId: 'c',
    address: '',
  };
  const events = createSessionEvents(gate.audit, 'always');
  const kinds = async (endedAt: number) =>
    (await events.of({ ...running, endedAt }, reader as Parameters<typeof events.of>[1])).items.map(({ kind }) => kind);
  expect(await kinds(Date.now())).toEqual(['denied']);
  expect(await kinds(Date.now() - 60_000)).toEqual([]);
});

test('W31: each text looked for is one row with its words, by whom; the same again is none', async () => {
  const find = (person: Person, text: string) => person.ask('POST', `recordings/${session.id}/finds`, { text });
  for (const text of ['rm -rf', 'rm -rf', '密码']) expect((await find(auditor, text)).status).toBe(204);
  expect((await find(owner, 'rm -rf')).status).toBe(204);
  const rows = await gate.audit.list({ action: 'recording.find', limit: 9 });
  expect([...rows].reverse()).toMatchObject([
    { actor: 'ann', target: `recording:${session.id}`, result: 'ok', detail: { text: 'rm -rf' } },
    { actor: 'ann', detail: { text: '密码' } },
    { actor: 'olga', detail: { text: 'rm -rf' } },
  ]);
  expect((await find(auditor, '')).status).toBe(400);
  expect((await find(auditor, 'x'.repeat(201))).status).toBe(400);
  expect(await gate.auditRows('recording.find')).toBe(3);
});
