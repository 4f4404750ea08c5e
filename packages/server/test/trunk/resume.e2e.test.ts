import { describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { isRunning } from '../fixtures/processes.js';
import { sessionRow } from '../fixtures/product.js';
import { until } from '../fixtures/terminal-page.js';

const bastion = standBastion('resumed', { env: { SALLYPORT_RESUME_WINDOW: '2s' } });
const resumeTicket = async (id: string): Promise<string> =>
  (await bastion.admin.call<{ ticket: string }>('POST', `sessions/${id}/tickets`, {})).ticket;

describe('a lost page', () => {
  it('resumes the same shell after a reload, with all it printed, while it prints on', async () => {
    const page = await bastion.openPage();
    const before = await bastion.openShell(page, { cols: 90, rows: 25 });
    const id = before.opened.sessionId;
    before.resize(100, 30);
    before.type('mark=kept; for i in $(seq 1 4000); do echo line-$i; done\r');
    await until('it to print', () => before.text().includes('line-50\r'));
    page.drop();
    const reloaded = await bastion.openPage();
    const after = reloaded.open(await resumeTicket(id), { cols: 100, rows: 30 });
    await until('the resume', () => after.historyEnd);
    expect(after.opened).toMatchObject({ sessionId: id, resumed: true, offset: 0 });
    expect(after.historyEnd!.partial).toBe(false);
    expect(after.sizes).toEqual([
      { cols: 90, rows: 25 },
      { cols: 100, rows: 30 },
    ]);
    await until('the last line', () => /line-4000\r\n\S*ready> /.test(after.text()));
    // Everything the first page saw, and then the rest: no gap and no repeat.
    expect(after.text().startsWith(before.text())).toBe(true);
    const numbers = [...after.text().matchAll(/^line-(\d+)\r$/gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual(Array.from({ length: 4000 }, (_, i) => i + 1));
    after.type('echo $mark\r');
    await until('the same shell', () => after.text().includes('\rkept\r\n'));
    after.close();
    await until('the end', () => after.ended);
    reloaded.drop();
  });

  it('a page that lost only its network gets only what it lacks', async () => {
    const page = await bastion.openPage();
    const before = await bastion.openShell(page);
    const id = before.opened.sessionId;
    before.type('for i in $(seq 1 3000); do echo n-$i; done\r');
    await until('some lines', () => before.text().includes('n-40\r'));
    page.drop();
    const held = Buffer.concat(before.chunks);
    const again = await bastion.openPage();
    const after = again.open(await resumeTicket(id), { from: held.length });
    await until('the last line', () => /n-3000\r\n\S*ready> /.test(after.text()));
    expect(after.opened!.offset).toBe(held.length);
    const whole = Buffer.concat([held, ...after.chunks]).toString();
    const numbers = [...whole.matchAll(/^n-(\d+)\r$/gm)].map((match) => Number(match[1]));
    expect(numbers).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
    after.close();
    await until('the end', () => after.ended);
    again.drop();
  });

  it('a second page takes the session over; the first is told', async () => {
    const page = await bastion.openPage();
    const first = await bastion.openShell(page);
    const second = page.open(await resumeTicket(first.opened.sessionId));
    await until('the take-over', () => first.ended);
    expect(first.ended!.reason).toBe('taken-over');
    second.type('echo he\\re\r');
    await until('the second to work', () => second.text().includes('here'));
    second.close();
    await until('the end', () => second.ended);
    page.drop();
  });

  it('F20: after the resume window the session ends as client-lost and the shell is gone', async () => {
    const page = await bastion.openPage();
    const terminal = await bastion.openShell(page);
    terminal.type('echo pid=$$\r');
    const pid = await until('the pid', () => /pid=(\d+)\r/.exec(terminal.text())?.[1]);
    page.drop();
    const row = await until('the end', async () => {
      const got = await sessionRow(bastion.admin, terminal.opened.sessionId);
      return got.state === 'ended' ? got : undefined;
    });
    expect(row.endReason).toMatchObject({ kind: 'client-lost' });
    const refused = await bastion.admin.request('POST', `sessions/${row.id}/tickets`, {});
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'session.over']);
    await until('the shell to be gone', () => !isRunning(Number(pid)));
  });
});
