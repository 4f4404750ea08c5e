/** What others do to a running session, on the product with a real sshd behind it: freeze, message, block, and whose business it is. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { BlocksAnswer } from '@sallyport/core/wire/control-messages.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { addUser, openPageAs, type Person, rowOfEnded, sessionRow } from '../fixtures/product.js';
import { type PageTerminal, type TerminalPage, until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01');
const dir = mkdtempSync(join(tmpdir(), 'sallyport-control-'));
let alice: Person;
let page: TerminalPage;
beforeAll(async () => {
  alice = await addUser(bastion.admin, bastion.product.url, 'alice');
  page = await bastion.openPage(alice);
});
afterAll(() => {
  page?.drop();
  rmSync(dir, { recursive: true });
});

const control = (person: Person, id: string, what: string, body?: object): Promise<Response> =>
  person.request('POST', `sessions/${id}/${what}`, body);
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;
const audit = async (action: string, target: string): Promise<readonly AuditAnswer[]> =>
  (await bastion.admin.call<{ items: AuditAnswer[] }>('GET', `audit?action=${action}&target=${target}`)).items;
const notices = (terminal: PageTerminal, kind: string) => terminal.notices.filter((notice) => notice.kind === kind);

describe('freeze', () => {
  it('F20: typed bytes are dropped and counted, never run later, also when the page was lost meanwhile', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    const { sessionId } = terminal.opened;
    expect((await control(bastion.admin, sessionId, 'freeze', { reason: 'wrong table' })).status).toBe(204);
    const typed = `touch ${dir}/never\r`;
    terminal.type(typed);
    const frozen = await until('the page to be told', () => notices(terminal, 'frozen')[0]);
    expect(frozen).toMatchObject({ by: 'admin', reason: 'wrong table' });
    const seen = await sessionRow(bastion.admin, sessionId);
    expect(seen).toMatchObject({ watchers: [], frozen: { by: 'admin', reason: 'wrong table' } });
    expect(await sessionRow(alice, sessionId)).not.toHaveProperty('frozen');

    page.drop();
    page = await bastion.openPage(alice);
    const { ticket } = await alice.call<{ ticket: string }>('POST', `sessions/${sessionId}/tickets`);
    const again = page.open(ticket);
    await until('the returning page to be told', () => notices(again, 'frozen')[0]);
    await until('it to be up to date', () => again.historyEnd);
    again.type(typed);
    await page.ping(1);
    expect((await control(bastion.admin, sessionId, 'unfreeze')).status).toBe(204);
    const unfrozen = await until('the page to be told', () => notices(again, 'unfrozen')[0]);
    expect(unfrozen).toEqual({ kind: 'unfrozen', by: 'admin', droppedBytes: 2 * typed.length });
    expect((await control(bastion.admin, sessionId, 'unfreeze')).status).toBe(204);

    again.type('echo on$((1+1))\r');
    await until('the shell to go on', () => again.text().includes('on2'));
    expect(existsSync(`${dir}/never`)).toBe(false);
    expect((await sessionRow(bastion.admin, sessionId)).frozen).toBeUndefined();
    await closeShell(again);
    expect(await audit('session.freeze', `session:${sessionId}`)).toMatchObject([
      { actor: 'admin', result: 'ok', detail: { reason: 'wrong table' } },
    ]);
    expect(await audit('session.unfreeze', `session:${sessionId}`)).toMatchObject([
      { actor: 'admin', detail: { droppedBytes: 2 * typed.length } },
    ]);
    const cast = await until('the recording', async () => {
      const answer = await alice.request('GET', `recordings/${sessionId}/export?format=asciicast-v3`);
      return answer.ok ? await answer.text() : undefined;
    });
    expect(cast).toContain('"m", "input held by admin: wrong table"');
    expect(cast).toContain(`input let go by admin, ${2 * typed.length} typed bytes dropped`);
  });

  it('a program that reads nothing gets none of what waits for it', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    const { sessionId } = terminal.opened;
    const [go, got] = [join(dir, 'go'), join(dir, 'got')];
    terminal.type(`stty raw -echo; echo be""gun; while [ ! -e ${go} ]; do sleep 0.05; done; cat > ${got}\r`);
    await until('raw mode', () => terminal.text().includes('begun'));
    const piece = Buffer.alloc(32 * 1024, 'x');
    for (let i = 0; i < 120; i += 1) terminal.type(piece); // more than the host's window of 2 MiB
    await page.ping(2); // all of it is with the gateway
    expect((await control(bastion.admin, sessionId, 'freeze', { reason: 'stop' })).status).toBe(204);
    terminal.type('late');
    await page.ping(3);
    expect((await control(bastion.admin, sessionId, 'unfreeze')).status).toBe(204);
    const unfrozen = await until('the count', () => notices(terminal, 'unfrozen')[0]);
    const dropped = unfrozen.kind === 'unfrozen' ? unfrozen.droppedBytes : 0;
    expect(dropped).toBeGreaterThan(1024 * 1024);
    const { statSync, writeFileSync } = await import('node:fs');
    writeFileSync(go, '');
    await until('the rest', () => existsSync(got) && statSync(got).size === 120 * piece.length + 4 - dropped);
    await control(bastion.admin, sessionId, 'end', {});
  });
});

describe('message', () => {
  it('is shown beside the terminal with its sender, and kept as an event', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    const { sessionId } = terminal.opened;
    const before = terminal.bytes;
    const text = '请先停手，\n5 分钟内回电';
    expect((await control(bastion.admin, sessionId, 'message', { text })).status).toBe(204);
    const told = await until('the message', () => notices(terminal, 'message')[0]);
    expect(told).toMatchObject({ by: 'admin', text });
    expect(terminal.bytes).toBe(before);
    for (const bad of ['', ' ', 'x'.repeat(501), 'esc \u001b[31m', 'turned \u202e']) {
      expect((await control(bastion.admin, sessionId, 'message', { text: bad })).status, bad).toBe(400);
    }
    await closeShell(terminal);
    expect(await audit('session.message', `session:${sessionId}`)).toMatchObject([
      { actor: 'admin', detail: { text } },
    ]);
    expect((await control(bastion.admin, sessionId, 'message', { text })).status).toBe(409);
  });
});

describe('whose business it is', () => {
  const CALLS = [
    ['freeze', { reason: 'r' }],
    ['unfreeze', undefined],
    ['message', { text: 't' }],
    ['end', { reason: 'r' }],
    ['end', { blockMinutes: 5 }],
  ] as const;

  it('V25, W5: for who may not, a session of somebody else is one that does not exist, at every call', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    const { sessionId } = terminal.opened;
    const others = await Promise.all([
      addUser(bastion.admin, bastion.product.url, 'bob'),
      addUser(bastion.admin, bastion.product.url, 'ines', 'auditor'),
    ]);
    for (const person of others) {
      for (const [what, body] of CALLS) {
        const [known, unknown] = await Promise.all([
          control(person, sessionId, what, body),
          control(person, '0'.repeat(26), what, body),
        ]);
        expect([what, known.status, unknown.status]).toEqual([what, 404, 404]);
        expect(await known.text()).toBe(await unknown.text());
      }
    }
    // Nor may one freeze or message oneself, or block oneself with one's own end.
    for (const [what, body] of CALLS.slice(0, 3)) {
      expect([what, (await control(alice, sessionId, what, body)).status]).toEqual([what, 404]);
    }
    expect((await control(alice, sessionId, 'end', { blockMinutes: 5 })).status).toBe(403);
    terminal.type('echo un$((1))touched\r');
    await until('the shell to go on', () => terminal.text().includes('un1touched'));
    expect(terminal.notices).toEqual([]);
    await closeShell(terminal);
    expect((await alice.request('GET', 'blocks')).status).toBe(403);
    expect((await others[1].request('GET', 'blocks')).status).toBe(200);
    expect((await others[1].request('DELETE', `blocks/${'0'.repeat(26)}`)).status).toBe(403);
  });
});

describe('block', () => {
  it('S34, X44: comes with an end, once for a hundred, is listed and lifted; ending again is no mistake', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    const { sessionId } = terminal.opened;
    const body = { preset: 'security', reason: '删错了库', blockMinutes: 30 };
    const ends = await Promise.all(
      Array.from({ length: 100 }, () => control(bastion.admin, sessionId, 'end', body).then(({ status }) => status)),
    );
    expect(new Set(ends)).toEqual(new Set([204]));
    expect(terminal.ended).toEqual({
      reason: 'ended-by-admin',
      params: { by: 'admin', reason: '删错了库', preset: 'security' },
    });
    const row = await rowOfEnded(bastion.admin, sessionId);
    expect(row).toMatchObject({
      state: 'ended',
      endReason: { kind: 'ended-by-admin', by: 'admin', preset: 'security' },
    });
    expect(row).not.toHaveProperty('watchers');
    expect(await audit('session.end', `session:${sessionId}`)).toMatchObject([
      { actor: 'admin', detail: { reason: 'ended-by-admin', by: 'admin', preset: 'security', text: '删错了库' } },
    ]);
    expect((await control(bastion.admin, sessionId, 'end', body)).status).toBe(204);
    const wang = await addUser(bastion.admin, bastion.product.url, 'wang', 'admin');
    const late = await control(wang, sessionId, 'end', body);
    expect([late.status, await codeOf(late)]).toEqual([409, 'session.over']);

    const { items } = await bastion.admin.call<BlocksAnswer>('GET', 'blocks');
    expect(items).toMatchObject([{ userId: alice.me.user.id, userName: 'alice', by: 'admin', sessionId }]);
    expect(items[0]!.until - items[0]!.at).toBe(30 * 60_000);
    expect(await audit('block.create', `user:${alice.me.user.id}`)).toHaveLength(1);
    const refused = await alice.request('GET', 'me');
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'access.blocked']);
    expect((await bastion.admin.request('DELETE', `blocks/${items[0]!.id}?reason=mended`)).status).toBe(204);
    expect((await bastion.admin.request('DELETE', `blocks/${items[0]!.id}`)).status).toBe(404);
    expect(await audit('block.lift', `user:${alice.me.user.id}`)).toHaveLength(1);
    await closeShell(await bastion.openShell(page, undefined, alice));
  });

  it('is not brought by the end of a session that is over already', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    await closeShell(terminal);
    const { sessionId } = terminal.opened;
    await until('the row', async () => (await sessionRow(alice, sessionId)).state === 'ended');
    expect((await control(bastion.admin, sessionId, 'end', { blockMinutes: 30 })).status).toBe(409);
    expect((await bastion.admin.call<BlocksAnswer>('GET', 'blocks')).items).toEqual([]);
  });
});

describe('lists', () => {
  it('show who watches and what is frozen to those who may list all sessions', async () => {
    const own = await openPageAs(bastion.product, alice);
    const terminal = await bastion.openShell(own, undefined, alice);
    await control(bastion.admin, terminal.opened.sessionId, 'freeze', { reason: 'r' });
    const list = (person: Person) => person.call<{ items: SessionAnswer[] }>('GET', 'sessions?state=live');
    const [all, mine] = await Promise.all([list(bastion.admin), list(alice)]);
    expect(all.items).toMatchObject([{ watchers: [], frozen: { by: 'admin', reason: 'r' } }]);
    expect(mine.items[0]).not.toHaveProperty('watchers');
    expect(mine.items[0]).not.toHaveProperty('frozen');
    await closeShell(terminal);
    own.drop();
  });
});
