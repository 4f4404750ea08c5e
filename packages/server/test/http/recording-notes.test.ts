import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Gate, openGate, type Person } from '../fixtures/http-gate.js';

let gate: Gate;
let admin: Person;
let auditor: Person;
let owner: Person;
let other: Person;
let path: string;
beforeAll(async () => {
  gate = await openGate();
  admin = await gate.person('ada', 'admin');
  auditor = await gate.person('ines', 'auditor');
  owner = await gate.person('olga', 'operator');
  other = await gate.person('otto', 'operator');
  // Old enough to be deleted.
  const session = await gate.recorded(owner, ['hello'], Date.now() - 30 * 86_400_000);
  path = `recordings/${session.id}`;
});
afterAll(() => gate.close());

const texts = async (person: Person): Promise<readonly string[]> => {
  const { items } = (await (await person.ask('GET', `${path}/notes`)).json()) as { items: { text: string }[] };
  return items.map(({ text }) => text);
};

test('notes are read and written by who may replay, in the order of their moments, and audited', async () => {
  const late = await owner.ask('POST', `${path}/notes`, { atMs: 4_000, text: '  second\n第二行 ' });
  expect(late.status).toBe(201);
  expect(await late.json()).toMatchObject({ atMs: 4_000, text: 'second\n第二行', author: 'olga' });
  expect((await auditor.ask('POST', `${path}/notes`, { atMs: 0, text: '<img src=x>' })).status).toBe(201);
  expect(await texts(owner)).toEqual(['<img src=x>', 'second\n第二行']);
  expect(await gate.auditRows('note.create')).toBe(2);
});

test('W5: for who may not replay the recording there are no notes, and none can be written', async () => {
  expect((await other.ask('GET', `${path}/notes`)).status).toBe(404);
  expect((await other.ask('POST', `${path}/notes`, { atMs: 0, text: 'x' })).status).toBe(404);
});

test('V33: too long, empty, negative, turning or hiding text is refused', async () => {
  const tries = [
    { atMs: 0, text: 'x'.repeat(2_001) },
    { atMs: 0, text: ' \n ' },
    { atMs: -1, text: 'x' },
    { atMs: 0.5, text: 'x' },
    { atMs: 0, text: 'turned \u202e back' },
    { atMs: 0, text: 'esc \u001b[31m' },
    { atMs: 0, text: 'x', author: 'somebody else' },
  ];
  for (const body of tries) {
    const answer = await owner.ask('POST', `${path}/notes`, body);
    expect(answer.status, JSON.stringify(body)).toBe(400);
    expect(await codeOf(answer)).toBe('request.invalid');
  }
});

test('one takes away one’s own; another’s only who may delete recordings', async () => {
  const { items } = (await (await owner.ask('GET', `${path}/notes`)).json()) as {
    items: { id: string; author: string }[];
  };
  const by = (author: string) => `${path}/notes/${items.find((one) => one.author === author)?.id}`;
  expect((await owner.ask('DELETE', by('ines'))).status).toBe(403);
  expect((await other.ask('DELETE', by('olga'))).status).toBe(404);
  expect((await owner.ask('DELETE', by('olga'))).status).toBe(204);
  expect((await owner.ask('DELETE', by('olga'))).status).toBe(404);
  expect((await admin.ask('DELETE', by('ines'))).status).toBe(204);
  expect(await texts(owner)).toEqual([]);
  expect(await gate.auditRows('note.delete')).toBe(2);
});

test('notes go with their recording', async () => {
  expect((await owner.ask('POST', `${path}/notes`, { atMs: 1, text: 'soon gone' })).status).toBe(201);
  expect((await admin.ask('DELETE', path, { reason: 'case closed' })).status).toBe(200);
  expect((await owner.ask('GET', `${path}/notes`)).status).toBe(410);
  expect((await owner.ask('POST', `${path}/notes`, { atMs: 1, text: 'late' })).status).toBe(410);
});
