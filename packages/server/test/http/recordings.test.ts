import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { decodeReplayIndex } from '@sallyport/core/cast/replay-index.js';
import type { Session } from '@sallyport/core/model/session.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Gate, openGate, type Person } from '../fixtures/http-gate.js';

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
  session = await gate.recorded(owner, ['hello\r\n', '中文 \u001b[31mred\u001b[0m\r\n', 'x'.repeat(200_000)]);
});
afterAll(() => gate.close());

const content = (person: Person, range?: string) =>
  person.ask('GET', `recordings/${session.id}/content`, undefined, range === undefined ? {} : { range });

test('W5: another’s session and recording get the very answer of an unknown one, and the attempt is audited', async () => {
  const denied = await gate.auditRows('access.denied');
  for (const [method, path] of [
    ['GET', 'sessions/ID'],
    ['GET', 'recordings/ID'],
    ['GET', 'recordings/ID/content'],
    ['GET', 'recordings/ID/export'],
    ['POST', 'sessions/ID/end'],
    ['POST', 'sessions/ID/tickets'],
  ] as const) {
    const anothers = await other.ask(method, path.replace('ID', session.id));
    const unknown = await other.ask(method, path.replace('ID', '0'.repeat(26)));
    expect(anothers.status, path).toBe(404);
    expect(await anothers.text(), path).toBe(await unknown.text());
    const headers = ({ headers: all }: Response) => [...all.entries()].filter(([name]) => name !== 'date');
    expect(headers(anothers)).toEqual(headers(unknown));
  }
  expect(await gate.auditRows('access.denied')).toBe(denied + 5);
  expect(await (await other.ask('GET', 'sessions')).json()).toEqual({ items: [] });
  expect(await (await other.ask('GET', `sessions?userId=${owner.id}`)).json()).toEqual({ items: [] });
});

test('everybody lists their own sessions, auditors all, with size and length of the recordings', async () => {
  for (const person of [owner, auditor]) {
    const { items } = (await (await person.ask('GET', 'sessions?state=over&q=web')).json()) as { items: unknown[] };
    expect(items).toMatchObject([
      { id: session.id, resumable: false, endReason: { kind: 'remote-exit' }, recording: { state: 'complete' } },
    ]);
    expect(JSON.stringify(items)).not.toContain('leaseUntil');
  }
  await gate.recorded(owner, ['second']);
  const page = (await (await auditor.ask('GET', 'sessions?limit=1')).json()) as { items: Session[]; next: string };
  const rest = (await (await auditor.ask('GET', `sessions?limit=1&cursor=${page.next}`)).json()) as {
    items: Session[];
  };
  expect(new Set([page.items[0]?.id, rest.items[0]?.id]).size).toBe(2);
});

test('W14: the container comes whole or in ranges that fit together', async () => {
  const whole = await content(owner);
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect(whole.headers.get('accept-ranges')).toBe('bytes');
  expect(whole.headers.get('cache-control')).toBe('no-store');
  expect(Number(whole.headers.get('content-length'))).toBe(bytes.length);

  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 100) {
    const part = await content(owner, `bytes=${at}-${at + 99}`);
    expect(part.status).toBe(206);
    const piece = Buffer.from(await part.arrayBuffer());
    expect(part.headers.get('content-range')).toBe(`bytes ${at}-${at + piece.length - 1}/${bytes.length}`);
    parts.push(piece);
  }
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);

  const tail = await content(owner, 'bytes=-7');
  expect(Buffer.from(await tail.arrayBuffer()).equals(bytes.subarray(-7))).toBe(true);
  const open = await content(owner, `bytes=${bytes.length - 3}-`);
  expect((await open.arrayBuffer()).byteLength).toBe(3);
  for (const range of [`bytes=${bytes.length}-`, 'bytes=-0', 'bytes=999999999-']) {
    const refused = await content(owner, range);
    expect(refused.status, range).toBe(416);
    expect(refused.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
  }
  // What we do not do is answered whole, as HTTP has it.
  for (const range of ['bytes=0-1,4-5', 'bytes=5-2', 'lines=0-1', 'bytes=-', 'bytes=x-1']) {
    const answer = await content(owner, range);
    expect(answer.status, range).toBe(200);
    await answer.arrayBuffer();
  }
});

test('W31: one audit row for a replay however many ranges, one for each download', async () => {
  const again = await gate.recorded(owner, ['once']);
  const before = await gate.auditRows('recording.replay');
  for (let i = 0; i < 5; i++)
    await owner.ask('GET', `recordings/${again.id}/content`, undefined, { range: 'bytes=0-3' });
  expect(await gate.auditRows('recording.replay')).toBe(before + 1);
  await auditor.ask('GET', `recordings/${again.id}/content`);
  expect(await gate.auditRows('recording.replay')).toBe(before + 2);
  for (const format of ['asciicast-v2', 'asciicast-v3', 'raw']) {
    await (await owner.ask('GET', `recordings/${again.id}/export?format=${format}`)).arrayBuffer();
  }
  expect(await gate.auditRows('recording.download')).toBe(3);
});

test('B7: which seconds of a recording somebody has seen is one audit row of each viewing', async () => {
  const seen = await gate.recorded(owner, ['a', 'b', 'c']);
  const path = `recordings/${seen.id}/content`;
  const views = async () =>
    await gate.audit.list({ action: 'recording.view', target: `recording:${seen.id}`, limit: 9 });
  for (const range of ['bytes=0-99', 'bytes=100-149', 'bytes=200-209']) {
    await (await auditor.ask('GET', path, undefined, { range })).arrayBuffer();
  }
  expect(await views()).toEqual([]);
  await gate.viewings.close();
  expect(await views()).toMatchObject([
    { actor: 'ann', actorId: auditor.id, result: 'ok', detail: { bytes: 160, seconds: expect.stringMatching(/^0-/) } },
  ]);
});

test('B7: who looks at kept screens alone has seen their moments', async () => {
  const seen = await gate.recorded(
    owner,
    Array.from({ length: 9 }, () => `${'a'.repeat(78)}\r\n`.repeat(400)),
  );
  const table = await (await auditor.ask('GET', `recordings/${seen.id}/index`)).arrayBuffer();
  const [first] = decodeReplayIndex(gunzipSync(table).toString())?.keyframes ?? [];
  const range = `bytes=${first?.at ?? -1}-${(first?.at ?? 0) + (first?.length ?? 0) - 1}`;
  const answer = await auditor.ask('GET', `recordings/${seen.id}/index/keyframes`, undefined, { range });
  expect((await answer.arrayBuffer()).byteLength).toBe(first?.length);
  await gate.viewings.close();
  const at = String(Math.round((first?.atMs ?? 0) / 100) / 10);
  expect(await gate.audit.list({ action: 'recording.view', target: `recording:${seen.id}`, limit: 9 })).toMatchObject([
    { actor: 'ann', result: 'ok', detail: { bytes: first?.length, seconds: `${at}-${at}` } },
  ]);
});

test('W31: who takes the container along is written down as downloading, not as replaying', async () => {
  const kept = await gate.recorded(owner, ['kept']);
  const path = `recordings/${kept.id}/content`;
  const counts = async () => [await gate.auditRows('recording.replay'), await gate.auditRows('recording.download')];
  const made = await gate.identity.createToken(owner.id, 'backup', 1);
  if (!made.ok) throw new Error(made.problem.code);
  const authorization = `Bearer ${made.value.token}`;
  // Not by fetch, which writes this header itself.
  const navigate = async (mode: string): Promise<void> => {
    const headers = { cookie: owner.cookie, 'sec-fetch-mode': mode };
    const asked = get(`${gate.url}/api/v1/${path}`, { headers });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
  };
  const [replays = 0, downloads = 0] = await counts();
  for (const range of ['bytes=0-3', 'bytes=4-']) {
    expect((await fetch(`${gate.url}/api/v1/${path}`, { headers: { authorization, range } })).status).toBe(206);
  }
  expect(await counts()).toEqual([replays, downloads + 1]);
  // The address typed into a browser, or a link followed: the file is kept, no page plays it.
  await navigate('navigate');
  expect(await counts()).toEqual([replays, downloads + 2]);
  await navigate('cors');
  expect(await counts()).toEqual([replays + 1, downloads + 2]);
  const [entry] = await gate.audit.list({ limit: 1, action: 'recording.download' });
  expect(entry).toMatchObject({ actor: 'olga', target: `recording:${kept.id}`, detail: { format: 'raw' } });
});

test('exports: asciicast v2 and v3 as text, raw as the container', async () => {
  const fetched = async (query: string) => {
    const answer = await auditor.ask('GET', `recordings/${session.id}/export${query}`);
    return { answer, text: Buffer.from(await answer.arrayBuffer()) };
  };
  const v2 = await fetched('');
  expect(v2.answer.headers.get('content-disposition')).toBe(`attachment; filename="sallyport-${session.id}.cast"`);
  const lines = v2.text
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ version: 2, width: 80, height: 24 });
  const output = lines
    .slice(1)
    .filter((line) => line[1] === 'o')
    .map((line) => line[2])
    .join('');
  expect(output).toBe(`hello\r\n中文 \u001b[31mred\u001b[0m\r\n${'x'.repeat(200_000)}`);
  expect(
    JSON.parse((await fetched('?format=asciicast-v3')).text.toString('utf8').split('\n', 1)[0] ?? ''),
  ).toMatchObject({
    version: 3,
  });
  const raw = await fetched('?format=raw');
  const whole = Buffer.from(await (await content(auditor)).arrayBuffer());
  expect(raw.text.equals(whole)).toBe(true);
  expect((await auditor.ask('GET', `recordings/${session.id}/export?format=mp4`)).status).toBe(400);
});

test('a session without a file says so', async () => {
  const bare = { ...session, id: `${session.id.slice(0, 25)}1`, state: 'opening' as const };
  await gate.sessions.create(bare);
  for (const path of ['', '/content', '/export']) {
    expect(await codeOf(await owner.ask('GET', `recordings/${bare.id}${path}`))).toBe('recording.missing');
  }
});

test('audit: list by pages, verify, export as JSON lines that no terminal obeys', async () => {
  const evil = '\u001b[31m\u009b31m\u202e';
  await fetch(`${gate.url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: `x${evil}x`, password: 'wrong' }),
  });
  const page = (await (await auditor.ask('GET', 'audit?limit=3')).json()) as { items: { seq: number }[]; next: string };
  expect(page.items).toHaveLength(3);
  expect(page.items.map(({ seq }) => String(seq)).at(-1)).toBe(page.next);
  const next = (await (await auditor.ask('GET', `audit?limit=3&cursor=${page.next}`)).json()) as typeof page;
  expect(next.items[0]?.seq).toBe(Number(page.next) - 1);
  expect((await auditor.ask('GET', 'audit?cursor=x')).status).toBe(400);
  expect((await auditor.ask('GET', 'audit?action=no.such')).status).toBe(400);
  expect(await (await auditor.ask('GET', 'audit/verify')).json()).toMatchObject({ ok: true });

  const exported = await (await auditor.ask('GET', 'audit/export')).text();
  const rows = exported
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; actor: string });
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1));
  expect(rows.some(({ actor }) => actor.includes('\u009b31m'))).toBe(true);
  expect(exported).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect((await owner.ask('GET', 'audit')).status).toBe(403);
});
