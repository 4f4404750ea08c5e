import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeShell, standBastion } from '../fixtures/bastion.js';
import { isRunning } from '../fixtures/processes.js';
import {
  addSshd,
  addTarget,
  addUser,
  type Person,
  sessionRow,
  type TargetOnFile,
  ticketFor,
} from '../fixtures/product.js';
import { freePort, startSshd } from '../fixtures/sshd.js';
import { type TerminalPage, until } from '../fixtures/terminal-page.js';

const bastion = standBastion('web-01');
let alice: Person;
let page: TerminalPage;
beforeAll(async () => {
  alice = await addUser(bastion.admin, bastion.product.url, 'alice');
  page = await bastion.openPage(alice);
});
afterAll(() => page?.drop());

describe('opening', () => {
  it('S1, S12, S14-S18, X2: a shell opens step by step; the row tells who, where, as what, how large', async () => {
    const terminal = await bastion.openShell(page, { cols: 100, rows: 30 }, alice);
    expect(terminal.steps.filter((step) => step.state === 'ok').map((step) => step.step)).toEqual([
      'policy',
      'network',
      'host-key',
      'sign-in',
      'shell',
    ]);
    const row = await sessionRow(alice, terminal.opened.sessionId);
    expect(row).toMatchObject({
      userName: 'alice',
      hostName: 'web-01',
      login: bastion.sshd.login,
      state: 'live',
      cols: 100,
      rows: 30,
      sourceAddress: '127.0.0.1',
    });
    terminal.type('tput colors; stty size\r');
    await until('256 colours (X6) at 30 by 100', () => /256\r\n30 100/.test(terminal.text()));
    terminal.close();
    await until('the row to end', async () => (await sessionRow(alice, row.id)).state === 'ended');
  });

  it('W10: `exit 3` ends the session with its code; nothing of it stays on the host (S20)', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    terminal.type('echo pid=$$; exit 3\r');
    await until('the end', () => terminal.ended);
    expect(terminal.ended).toMatchObject({ reason: 'remote-exit', exitCode: 3 });
    const row = await until('the row', async () => {
      const got = await sessionRow(alice, terminal.opened.sessionId);
      return got.state === 'ended' ? got : undefined;
    });
    expect(row.endReason).toMatchObject({ kind: 'remote-exit', exitCode: 3 });
    expect(row.recording).toMatchObject({ state: 'complete' });
    const pid = Number(/pid=(\d+)/.exec(terminal.text())![1]);
    await until('the shell to be gone', () => !isRunning(pid));
  });

  it('S22, F15: resizes reach the shell; in a storm the last one wins', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    for (let i = 0; i < 2000; i++) terminal.resize(1 + (i % 900), 1 + (i % 300));
    terminal.resize(0, 0);
    terminal.resize(65535, 65535);
    terminal.resize(133, 43);
    terminal.type('stty size\r');
    await until('the last size', () => terminal.text().includes('43 133'));
    terminal.close();
  });

  it('S23: a megabyte of input arrives whole and in order', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    terminal.type('stty -echo raw; head -c 1000000 | sha256sum; stty sane\r');
    await new Promise((resolve) => setImmediate(resolve));
    const line = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => 97 + (i % 26)));
    await until('raw mode', async () => terminal.text().includes('sha256sum'));
    for (let at = 0; at < line.length; at += 50_000) terminal.type(line.subarray(at, at + 50_000));
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(line).digest('hex');
    await until('its hash', () => terminal.text().includes(hash), 30_000);
    terminal.close();
  });
});

describe('refusals are sentences with a code, and rows that say failed', () => {
  async function failure(at: TargetOnFile): Promise<{ code: string | undefined; state: string }> {
    const terminal = page.open(await ticketFor(alice, at));
    await until('the refusal', () => terminal.ended);
    const list = await alice.call<{ items: { id: string; state: string; hostId: string }[] }>(
      'GET',
      'sessions?limit=1',
    );
    expect(list.items[0]!.hostId).toBe(at.host.id);
    const state = await until('the row to be over', async () => {
      const row = await sessionRow(alice, list.items[0]!.id);
      return row.state === 'failed' ? row.state : undefined;
    });
    return { code: terminal.ended!.code, state };
  }
  const somewhere = async (name: string, port: number): Promise<TargetOnFile> => {
    const host = await bastion.admin.call<TargetOnFile['host']>('POST', 'hosts', { name, address: '127.0.0.1', port });
    const secret = { kind: 'password', password: 'never-sent-4711' };
    const account = await bastion.admin.call<{ id: string }>('POST', `hosts/${host.id}/accounts`, {
      login: 'root',
      secret,
    });
    return { host, accountId: account.id };
  };

  it('S9: an unregistered host is refused before any row is written (S8)', async () => {
    const before = await alice.call<{ items: unknown[] }>('GET', 'sessions?limit=500');
    const answer = await alice.request('POST', 'tickets', {
      hostId: '00000000000000000000000000',
      accountId: '00000000000000000000000000',
    });
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as { code: string }).code).toBe('host.unknown');
    const after = await alice.call<{ items: unknown[] }>('GET', 'sessions?limit=500');
    expect(after.items.length).toBe(before.items.length);
  });

  it('X3: nobody listens there', async () => {
    expect(await failure(await somewhere('closed', await freePort()))).toEqual({
      code: 'target.refused',
      state: 'failed',
    });
  });

  it('X3: a host that never answers is given up on after 8 s', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const started = performance.now();
    expect((await failure(await somewhere('silent', port))).code).toBe('target.timeout');
    expect(performance.now() - started).toBeLessThan(12_000);
    silent.close();
  });

  it('W12, V37: a key nobody approved, and a key that changed, are refused before the password leaves', async () => {
    const first = await startSshd();
    expect((await failure(await somewhere('unapproved', first.port))).code).toBe('hostkey.unapproved');
    const known = await addSshd(bastion.admin, first, 'changing');
    await first.stop();
    const second = await startSshd({ port: first.port });
    expect((await failure(known)).code).toBe('hostkey.changed');
    expect(second.log()).not.toMatch(/Failed|Accepted/);
    await second.stop();
    const audit = await bastion.admin.call<{ items: { action: string; detail: Record<string, string> }[] }>(
      'GET',
      'audit?action=hostkey.mismatch',
    );
    expect(audit.items[0]!.detail).toMatchObject({
      approved: first.hostKeyFingerprint,
      fingerprint: second.hostKeyFingerprint,
    });
  });

  it('X8, X18, S19: a secret the host does not accept is a sentence, in the terminal and in the recording', async () => {
    const other = await startSshd();
    const wrong = await addTarget(bastion.admin, {
      name: 'wrong-key',
      port: bastion.sshd.port,
      login: bastion.sshd.login,
      secret: { kind: 'key', privateKey: other.userKey.text },
    });
    await other.stop();
    expect(await failure(wrong)).toEqual({ code: 'target.auth-failed', state: 'failed' });
    const list = await alice.call<{ items: { id: string }[] }>('GET', 'sessions?limit=1');
    const cast = await (
      await alice.request('GET', `recordings/${list.items[0]!.id}/export?format=asciicast-v2`)
    ).text();
    expect(cast).toContain('did not accept the stored'); // X18: the recording shows what the page showed
  });
});

describe("somebody else's", () => {
  it("V4, W5: tickets, rows, recordings and resumes of another user's session do not exist", async () => {
    const bob = await addUser(bastion.admin, bastion.product.url, 'bob');
    const terminal = await bastion.openShell(page, undefined, alice);
    const id = terminal.opened.sessionId;
    for (const [method, path] of [
      ['GET', `sessions/${id}`],
      ['POST', `sessions/${id}/tickets`],
      ['POST', `sessions/${id}/end`],
      ['GET', `recordings/${id}`],
      ['GET', `recordings/${id}/content`],
      ['GET', `recordings/${id}/export?format=asciicast-v2`],
    ] as const) {
      const answer = await bob.request(method, path, method === 'POST' ? {} : undefined);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const stolen = await ticketFor(alice, bastion.target);
    const bobs = await bastion.openPage(bob);
    const refused = bobs.open(stolen);
    await until('the refusal', () => refused.ended);
    expect(refused.ended!.code).toBe('ticket.invalid');
    bobs.drop();
    await closeShell(terminal);
  });

  it('the administrator ends a session; the row says who and why; twice is one end (W4)', async () => {
    const terminal = await bastion.openShell(page, undefined, alice);
    const id = terminal.opened.sessionId;
    await Promise.all([1, 2].map(() => bastion.admin.request('POST', `sessions/${id}/end`, { reason: 'wrong host' })));
    await until('the end', () => terminal.ended);
    expect(terminal.ended).toMatchObject({ reason: 'ended-by-admin', params: { by: 'admin', reason: 'wrong host' } });
    const row = await until('the row', async () => {
      const got = await sessionRow(bastion.admin, id);
      return got.state === 'ended' ? got : undefined;
    });
    expect(row.endReason).toMatchObject({ kind: 'ended-by-admin', by: 'admin', reason: 'wrong host' });
  });
});
