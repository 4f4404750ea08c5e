import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { HoldsAnswer, RetentionAnswer, SweepPreviewAnswer } from '@sallyport/core/wire/retention-messages.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, FLOOR_MS, type Gate, openGate, type Person } from '../fixtures/http-gate.js';

const DAY = 86_400_000;
let gate: Gate;
let admin: Person;
let auditor: Person;
let operator: Person;
beforeEach(async () => {
  gate = await openGate();
  admin = await gate.person('alice', 'admin');
  auditor = await gate.person('audra', 'auditor');
  operator = await gate.person('olga', 'operator');
});
afterEach(() => gate.close());

const stored = (id: string): boolean => existsSync(join(gate.folder, 'recordings', id.slice(0, 2), `${id}.sprec`));
const old = () => gate.recorded(operator, ['hello'], Date.now() - 30 * DAY);
const reason = 'asked for by the works council';
describe('deleting a recording', () => {
  test('is an administrator’s, needs a reason, and leaves the session with who, when and why', async () => {
    const { id } = await old();
    for (const person of [auditor, operator]) {
      expect((await person.ask('DELETE', `recordings/${id}`, { reason })).status).toBe(403);
    }
    expect((await admin.ask('DELETE', `recordings/${id}`, {})).status).toBe(400);
    expect((await admin.ask('DELETE', `recordings/${id}`, { reason: 'a\u202eb' })).status).toBe(400);
    const gone = await admin.ask('DELETE', `recordings/${id}`, { reason });
    expect(gone.status).toBe(200);
    expect(stored(id)).toBe(false);
    const session = (await (await operator.ask('GET', `sessions/${id}`)).json()) as SessionAnswer;
    expect(session.deletion).toMatchObject({ by: 'alice', reason });
    expect([session.recording, session.keep]).toEqual([undefined, undefined]);
    const list = (await (await auditor.ask('GET', 'sessions')).json()) as { items: SessionAnswer[] };
    expect(list.items[0]?.deletion).toMatchObject({ by: 'alice' });
    expect(await gate.auditRows('recording.delete')).toBe(1);
  });

  test('is answered 410 with the cause from then on, to those who might have seen it and to nobody else (W5)', async () => {
    const { id } = await old();
    await admin.ask('DELETE', `recordings/${id}`, { reason });
    for (const path of ['', '/content', '/export?format=raw']) {
      const answer = await operator.ask('GET', `recordings/${id}${path}`);
      expect(answer.status, path).toBe(410);
      expect(await answer.json()).toMatchObject({ code: 'recording.deleted', params: { by: 'alice', reason } });
    }
    const stranger = await gate.person('oscar', 'operator');
    expect((await stranger.ask('GET', `recordings/${id}/content`)).status).toBe(404);
    expect(await codeOf(await admin.ask('DELETE', `recordings/${id}`, { reason }))).toBe('recording.deleted');
  });

  test('is refused under the floor and under hold, with the way out', async () => {
    const young = await gate.recorded(operator, ['hello']);
    const answer = await admin.ask('DELETE', `recordings/${young.id}`, { reason });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      code: 'recording.young',
      params: { until: new Date(young.createdAt + FLOOR_MS).toISOString() },
    });
    const { id } = await old();
    await auditor.ask('PUT', `recordings/${id}/hold`, { reason: 'case 12' });
    expect(await codeOf(await admin.ask('DELETE', `recordings/${id}`, { reason }))).toBe('recording.held');
    expect(stored(id)).toBe(true);
  });

  test.each(['content', 'export?format=asciicast-v2'])(
    'cuts a reader of %s short, and the next request says why',
    async (path) => {
      const piece = randomBytes(30_000).toString('hex'); // what gzip makes small would be sent before it is deleted
      const { id } = await gate.recorded(
        operator,
        Array.from({ length: 260 }, () => piece),
        Date.now() - 30 * DAY,
      );
      const answer = await operator.ask('GET', `recordings/${id}/${path}`);
      expect(answer.status).toBe(200);
      const body = answer.body?.getReader();
      let got = (await body?.read())?.value?.length ?? 0;
      await admin.ask('DELETE', `recordings/${id}`, { reason });
      const broken = await (async () => {
        for (;;) {
          const next = await body?.read();
          if (next === undefined || next.done) return undefined;
          got += next.value.length;
        }
      })().catch((error: unknown) => error);
      expect(broken).toBeInstanceOf(Error);
      expect(got).toBeLessThan(260 * 60_000);
      const next = await operator.ask('GET', `recordings/${id}/${path}`, undefined, { range: `bytes=${got}-` });
      expect(await codeOf(next)).toBe('recording.deleted');
    },
  );
});

describe('a legal hold', () => {
  test('is placed by administrators and auditors, lifted by administrators only, and shown to nobody it is about', async () => {
    const { id } = await old();
    const path = `recordings/${id}/hold`;
    expect((await operator.ask('PUT', path, { reason: 'case 12' })).status).toBe(403);
    expect(await (await auditor.ask('PUT', path, { reason: 'case 12' })).json()).toMatchObject({
      subject: 'recording',
      by: 'audra',
    });
    const seen = async (person: Person) =>
      ((await (await person.ask('GET', `sessions/${id}`)).json()) as SessionAnswer).keep?.holds.length;
    expect([await seen(admin), await seen(auditor), await seen(operator)]).toEqual([1, 1, 0]);
    expect((await operator.ask('GET', 'holds')).status).toBe(403);
    expect((await auditor.ask('DELETE', path, { reason: 'over' })).status).toBe(403);
    expect((await admin.ask('DELETE', path, {})).status).toBe(400);
    expect((await admin.ask('DELETE', path, { reason: 'case closed' })).status).toBe(204);
    expect((await admin.ask('DELETE', path, { reason: 'case closed' })).status).toBe(404);
    expect([await gate.auditRows('recording.hold'), await gate.auditRows('recording.release')]).toEqual([1, 1]);
  });

  test('is in the list of all with its name, also when user or host are gone, and can be lifted there', async () => {
    const { id, hostId } = await old();
    const unseen = await gate.person('nobody', 'operator');
    for (const place of [`recordings/${id}`, `users/${operator.id}`, `hosts/${hostId}`, `users/${unseen.id}`])
      expect((await auditor.ask('PUT', `${place}/hold`, { reason: 'case 12' })).status, place).toBe(200);
    for (const user of [operator.id, unseen.id]) await gate.directory.deleteUser(user);
    const list = async () => ((await (await auditor.ask('GET', 'holds')).json()) as HoldsAnswer).items;
    const told = { reason: 'case 12', by: 'audra', at: expect.any(Number) };
    expect(await list()).toEqual([
      { ...told, subject: 'recording', subjectId: id, gone: false, recording: { userName: 'olga', hostName: 'web1' } },
      { ...told, subject: 'user', subjectId: operator.id, gone: true, name: 'olga' },
      // It never stood in the inventory.
      { ...told, subject: 'host', subjectId: hostId, gone: true, name: 'web1' },
      { ...told, subject: 'user', subjectId: unseen.id, gone: true },
    ]);
    expect((await admin.ask('DELETE', `users/${unseen.id}/hold`, { reason: 'case closed' })).status).toBe(204);
    expect((await list()).map(({ subject }) => subject)).toEqual(['recording', 'user', 'host']);
  });

  test('on a user holds every recording of that user', async () => {
    const { id } = await old();
    expect((await auditor.ask('PUT', `users/${operator.id}/hold`, { reason: 'case 12' })).status).toBe(200);
    expect(await codeOf(await admin.ask('DELETE', `recordings/${id}`, { reason }))).toBe('recording.held');
    const holds = (await (await auditor.ask('GET', 'holds')).json()) as { items: object[] };
    expect(holds.items).toMatchObject([{ subject: 'user', subjectId: operator.id, name: 'olga', reason: 'case 12' }]);
    expect((await admin.ask('DELETE', `users/${operator.id}/hold`, { reason: 'closed' })).status).toBe(204);
    expect((await admin.ask('PUT', `hosts/${'0'.repeat(26)}/hold`, { reason: 'case 12' })).status).toBe(404);
  });
});

describe('retention', () => {
  const rule = { name: 'all', days: 10 };

  test('is set by administrators, read by auditors, audited, and checked: names of their own, none reserved', async () => {
    expect((await auditor.ask('PUT', 'retention', { rules: [rule] })).status).toBe(403);
    expect((await operator.ask('GET', 'retention')).status).toBe(403);
    for (const rules of [[rule, rule], [{ ...rule, name: 'size-goal' }], [{ ...rule, days: -1 }], [{ days: 1 }]]) {
      expect((await admin.ask('PUT', 'retention', { rules })).status).toBe(400);
    }
    expect((await admin.ask('PUT', 'retention', { rules: [rule], maxBytes: 1e12 })).status).toBe(200);
    const kept = (await (await auditor.ask('GET', 'retention')).json()) as RetentionAnswer;
    expect(kept).toEqual({
      rules: [{ ...rule, labels: {}, evenWhenFull: false }],
      maxBytes: 1e12,
      floorMs: FLOOR_MS,
    });
    const [row] = await gate.audit.list({ action: 'retention.change', limit: 1 });
    expect(row).toMatchObject({ actor: 'alice', detail: { rules: 'all: 10 d', maxBytes: 1e12 } });
  });

  test('shows on each session how long it is kept and why, previews and sweeps', async () => {
    const { id, createdAt } = await old();
    const young = await gate.recorded(operator, ['hello']);
    await admin.ask('PUT', 'retention', { rules: [rule] });
    const session = (await (await operator.ask('GET', `sessions/${id}`)).json()) as SessionAnswer;
    expect(session.keep).toEqual({
      until: createdAt + 10 * DAY,
      rule: 'all',
      floorUntil: createdAt + FLOOR_MS,
      spare: false,
      holds: [],
    });
    const preview = (await (await auditor.ask('GET', 'retention/preview')).json()) as SweepPreviewAnswer;
    expect(preview).toMatchObject({ count: 1, items: [{ sessionId: id, userName: 'olga', rule: 'all' }] });
    expect((await auditor.ask('POST', 'retention/run')).status).toBe(403);
    expect(await (await admin.ask('POST', 'retention/run')).json()).toMatchObject({ deleted: 1, more: false });
    expect([stored(id), stored(young.id)]).toEqual([false, true]);
    const [row] = await gate.audit.list({ action: 'recording.delete', limit: 1 });
    expect(row).toMatchObject({ actor: 'alice', detail: { rule: 'all' } });
  });
});

describe('the list of what is held', () => {
  test('names it by the recording, its user or its host, to who may read the retention', async () => {
    const [first, second] = [await old(), await gate.recorded(auditor, ['hello'])];
    const ids = async (person: Person, query: string) =>
      ((await (await person.ask('GET', `sessions?${query}`)).json()) as { items: SessionAnswer[] }).items.map(
        ({ id }) => id,
      );
    expect(await ids(auditor, 'held=yes')).toEqual([]);
    await admin.ask('PUT', `recordings/${first.id}/hold`, { reason });
    expect(await ids(auditor, 'held=yes')).toEqual([first.id]);
    await admin.ask('PUT', `users/${auditor.id}/hold`, { reason });
    expect((await ids(admin, 'held=yes')).sort()).toEqual([first.id, second.id].sort());
    expect(await ids(admin, `held=yes&to=${Date.now() - DAY}`)).toEqual([first.id]);
    expect((await operator.ask('GET', 'sessions?held=yes')).status).toBe(403);
  });
});
