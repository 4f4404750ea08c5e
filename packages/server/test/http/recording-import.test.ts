import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import type { ImportAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Gate, openGate, type Person } from '../fixtures/http-gate.js';

let gate: Gate;
let operator: Person;
let auditor: Person;
beforeAll(async () => {
  gate = await openGate();
  operator = await gate.person('olga', 'operator');
  auditor = await gate.person('ann', 'auditor');
});
afterAll(() => gate.close());

const HEAD =
  '{"version":2,"width":90,"height":20,"timestamp":1500000000,"title":"deploy \\u001b[31m 张敏","command":"/bin/zsh","env":{"TERM":"xterm"}}';
const FILE = [
  HEAD,
  '[0.5,"o","hello\\r\\n"]',
  '[1,"i","secret"]',
  '[1.5,"m","done"]',
  '[2,"r","100x30"]',
  '[2.25,"o","中文"]',
  '',
].join('\n');

function send(person: Person, file: string | Uint8Array, query = 'name=web-01.cast'): Promise<Response> {
  return fetch(`${gate.url}/api/v1/recordings/import?${query}`, {
    method: 'POST',
    headers: { cookie: person.cookie, origin: gate.url, 'x-sallyport-csrf': person.csrf },
    body: Buffer.from(file),
  });
}
async function took(person: Person, file: string | Uint8Array, query?: string): Promise<ImportAnswer> {
  const answer = await send(person, file, query);
  expect(answer.status).toBe(201);
  return (await answer.json()) as ImportAnswer;
}
async function eventsOf(sessionId: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of gate.recordings.read(sessionId)) events.push(event);
  return events;
}
async function lastImport() {
  const entries = await gate.audit.list({ action: 'recording.import', limit: 1 });
  return entries[0];
}
const sessionCount = async (): Promise<number> =>
  ((await (await auditor.ask('GET', 'sessions?limit=500')).json()) as { items: unknown[] }).items.length;

test('a file becomes an ordinary recording: listed with its origin, sealed, played, exported, audited', async () => {
  const answer = await took(auditor, FILE);
  const { sessionId } = answer;
  expect(answer).toEqual({
    sessionId,
    format: 'asciicast-v2',
    durationMs: 2250,
    outputBytes: 13,
    events: 4,
    truncated: false,
    left: { input: 1, unknown: 0, times: 0, sizes: 0, characters: 0 },
  });
  const session = (await (await auditor.ask('GET', `sessions/${sessionId}`)).json()) as SessionAnswer;
  expect(session).toMatchObject({
    userName: 'ann',
    hostName: 'deploy [31m 张敏',
    hostId: '',
    login: '',
    state: 'ended',
    endReason: { kind: 'imported' },
    outputBytes: 13,
    recording: { state: 'complete', durationMs: 2250, outputBytes: 13 },
    origin: {
      format: 'asciicast-v2',
      fileName: 'web-01.cast',
      importedBy: 'ann',
      title: 'deploy \u001b[31m 张敏',
      command: '/bin/zsh',
      recordedAt: 1_500_000_000_000,
      sha256: createHash('sha256').update(FILE).digest('hex'),
    },
  });
  expect(session.origin?.importedAt).toBe(session.createdAt);
  expect(await gate.recordings.header(sessionId)).toMatchObject({
    startedAt: 1_500_000_000_000,
    size: { cols: 90, rows: 20 },
    term: 'xterm',
    origin: { fileName: 'web-01.cast', importedBy: 'ann' },
  });
  expect((await eventsOf(sessionId)).map(({ type, atMs }) => [type, atMs])).toEqual([
    ['output', 500],
    ['marker', 1500],
    ['resize', 2000],
    ['output', 2250],
    ['end', 2250],
  ]);
  const exported = await (await auditor.ask('GET', `recordings/${sessionId}/export?format=asciicast-v2`)).text();
  const lines = FILE.split('\n').filter((line) => !line.includes('secret'));
  const values = (text: string[]) =>
    text
      .filter((line) => line !== '')
      .slice(1)
      .map((line) => JSON.parse(line) as unknown);
  expect(values(exported.split('\n'))).toEqual(values(lines));
  expect(await lastImport()).toMatchObject({
    result: 'ok',
    actor: 'ann',
    target: `recording:${sessionId}`,
    detail: { file: 'web-01.cast', format: 'asciicast-v2' },
  });
});

test('what was typed is kept only when it is asked for', async () => {
  const { sessionId, left } = await took(auditor, FILE, 'name=a.cast&input=keep');
  expect(left.input).toBe(0);
  const typed = (await eventsOf(sessionId)).find((event) => event.type === 'input');
  expect(Buffer.from(typed?.bytes ?? []).toString()).toBe('secret');
});

test('gzip, version 1 and a cut file are taken', async () => {
  const packed = gzipSync(FILE);
  const first = await took(auditor, packed, 'name=../../etc/x.cast.gz');
  expect(first.outputBytes).toBe(13);
  const { origin } = (await (await auditor.ask('GET', `sessions/${first.sessionId}`)).json()) as SessionAnswer;
  expect(origin).toMatchObject({ fileName: 'x.cast.gz', sha256: createHash('sha256').update(packed).digest('hex') });
  const second = await took(auditor, '{"version":1,"width":80,"height":24,\n"stdout":[[1.5,"a"],[0.5,"b"]]}');
  expect(second).toMatchObject({ format: 'asciicast-v1', durationMs: 2000, outputBytes: 2 });
  const third = await took(auditor, `${HEAD}\n[1,"o","a"]\n[2,"o","b`);
  expect(third).toMatchObject({ truncated: true, outputBytes: 1 });
  expect(await gate.recordings.describe(third.sessionId)).toMatchObject({ state: 'truncated' });
});

test('a file that cannot be used is refused with line and column, leaves nothing, and is an audit row', async () => {
  const before = await sessionCount();
  const answer = await send(auditor, `${HEAD}\n[1,"o","a"]\n[oops,"o","b"]\n`, 'name=bad%0A.cast');
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({
    code: 'import.invalid',
    params: { line: '3', column: '2', detail: 'an event begins with its time in seconds' },
  });
  expect(await lastImport()).toMatchObject({
    result: 'failed',
    detail: { file: 'bad.cast', code: 'import.invalid', line: '3' },
  });
  for (const file of ['', 'GIF89a', gzipSync('nothing'), Buffer.from([0x1f, 0x8b, 8, 0])])
    expect(await codeOf(await send(auditor, file))).toBe('import.invalid');
  expect(await sessionCount()).toBe(before);
});

test('operators may not import; nothing is read of their file, and the refusal is audited (V1)', async () => {
  const denied = await gate.auditRows('access.denied');
  const answer = await send(operator, FILE);
  expect(answer.status).toBe(403);
  expect(await gate.auditRows('access.denied')).toBe(denied + 1);
});

test('V10, V45: a file past the limit is refused however it is sent, and the reason is read', async () => {
  const limit = 64 * 1024 * 1024;
  const line = `[1,"o","${'x'.repeat(64 * 1024 - 12)}"]\n`;
  async function* large(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${HEAD}\n`);
    for (let sent = 0; sent < limit + 1_000_000; sent += line.length) yield Buffer.from(line);
  }
  const answer = await fetch(`${gate.url}/api/v1/recordings/import`, {
    method: 'POST',
    headers: { cookie: auditor.cookie, origin: gate.url, 'x-sallyport-csrf': auditor.csrf },
    body: large() as unknown as BodyInit,
    duplex: 'half',
  } as RequestInit);
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ code: 'import.too-large', params: { limit: String(limit) } });
  expect(await codeOf(await send(auditor, gzipSync(Buffer.alloc(limit * 2))))).toBe('import.too-large');
});

test('one at a time; a sender that goes away frees the place and leaves nothing', async () => {
  const before = await sessionCount();
  const headers = { cookie: auditor.cookie, origin: gate.url, 'x-sallyport-csrf': auditor.csrf };
  let stop = (): void => {};
  const hold = (): void => {
    const slow = request(`${gate.url}/api/v1/recordings/import`, { method: 'POST', headers });
    slow.on('error', () => {});
    slow.on('response', hold); // another one was first
    slow.write(`${HEAD}\n`);
    stop = () => slow.destroy();
  };
  hold();
  await expect.poll(async () => (await send(auditor, 'x')).status, { timeout: 10_000 }).toBe(503);
  stop();
  await expect.poll(async () => (await send(auditor, FILE)).status).toBe(201);
  expect(await sessionCount()).toBe(before + 1);
});
