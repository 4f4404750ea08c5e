import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standBastion } from '../fixtures/bastion.js';
import { sessionRow } from '../fixtures/product.js';
import { type TerminalPage, until } from '../fixtures/terminal-page.js';

const bastion = standBastion('网关-01');
let page: TerminalPage;
beforeAll(async () => {
  page = await bastion.openPage();
});
afterAll(() => page?.drop());

const castOf = async (id: string): Promise<string> =>
  (await bastion.admin.request('GET', `recordings/${id}/export?format=asciicast-v2`)).text();
const ended = (id: string): Promise<SessionAnswer> =>
  until('the row to end', async () => {
    const row = await sessionRow(bastion.admin, id);
    return row.state === 'ended' && row.recording?.state === 'complete' ? row : undefined;
  });

describe('rows and recordings', () => {
  it('X19, W9, S10, S11: sessions opened in the same instant are told apart, each with its own recording, whatever the names', async () => {
    const terminals = await Promise.all([1, 2, 3].map(() => bastion.openShell(page)));
    const ids = terminals.map((terminal) => terminal.opened.sessionId);
    expect(new Set(ids).size).toBe(3);
    for (const [i, terminal] of terminals.entries()) {
      terminal.type(`echo terminal-$((${i}+1))0; exit\r`);
      await until('its end', () => terminal.ended);
    }
    for (const [i, id] of ids.entries()) {
      const row = await ended(id);
      expect(row).toMatchObject({ hostName: '网关-01', userName: 'admin' }); // S13, S14
      expect(row.recording!.sessionId).toBe(row.id);
      const cast = await castOf(id);
      expect(cast).toContain(`terminal-${i + 1}0`);
      expect(cast).not.toContain(`terminal-${((i + 1) % 3) + 1}0\\r`);
    }
  });

  it('X17: a password typed without echo is in no recording, no log and no database', async () => {
    const secret = 'hunter2-Correct-Horse-9917';
    const terminal = await bastion.openShell(page);
    const id = terminal.opened.sessionId;
    terminal.type('read -rs -p "[sudo] password: " word; echo; echo length=${#word}; exit\r');
    await until('the prompt', () => terminal.text().split('[sudo] password: ').length > 2);
    terminal.type(`${secret}\r`);
    await until('its end', () => terminal.ended);
    expect(terminal.text()).toContain(`length=${secret.length}`);
    await ended(id);
    expect(await castOf(id)).not.toContain(secret);
    const files = execFileSync('find', [bastion.product.data, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n');
    expect(files.some((file) => file.endsWith('.sprec'))).toBe(true);
    for (const file of files) expect([file, readFileSync(file).includes(secret)]).toEqual([file, false]);
    expect(bastion.product.printed()).not.toContain(secret);
  });

  it('X20, W17: times never decrease and resizes stand among the output', async () => {
    const terminal = await bastion.openShell(page, { cols: 80, rows: 24 });
    terminal.type('top -b -n 3 -d 0.2 | head -40\r');
    await until('top', () => terminal.text().includes('PID'));
    terminal.resize(132, 43);
    terminal.type('stty size; exit\r');
    await until('its end', () => terminal.ended);
    await ended(terminal.opened.sessionId);
    const [header, ...events] = (await castOf(terminal.opened.sessionId))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(header).toMatchObject({ version: 2, width: 80, height: 24, env: { TERM: 'xterm-256color' } }); // X16
    const rows = events as [number, string, string][];
    for (let i = 1; i < rows.length; i++) expect(rows[i]![0]).toBeGreaterThanOrEqual(rows[i - 1]![0]);
    expect(rows.filter(([, kind]) => kind === 'r').map(([, , size]) => size)).toEqual(['132x43']);
    expect(rows.some(([, kind]) => kind === 'i')).toBe(false); // X17: typed input is not kept
  });

  it('F16, W16: a character cut by any packet border reaches page and recording whole', async () => {
    const terminal = await bastion.openShell(page);
    terminal.type(
      'for i in 1 2 3 4 5 6; do printf "\\xe5"; sleep 0.03; printf "\\xa0"; sleep 0.03; printf "\\xa1"; done; printf "\\xff."; exit\r',
    );
    await until('its end', () => terminal.ended);
    const bytes = Buffer.concat(terminal.chunks);
    expect(bytes.includes(Buffer.concat([Buffer.from('堡堡堡堡堡堡'), Buffer.from([0xff, 0x2e])]))).toBe(true);
    await ended(terminal.opened.sessionId);
    expect(await castOf(terminal.opened.sessionId)).toContain('\ufffd.');
    const played = (await castOf(terminal.opened.sessionId))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => (JSON.parse(line) as [number, string, string])[2])
      .join('');
    expect(played).toContain('堡堡堡堡堡堡\ufffd.');
  });

  it('F17: ten megabytes without a line feed, and a binary, leave the shell answering', async () => {
    const terminal = await bastion.openShell(page);
    terminal.keeping = false;
    let tail = '';
    terminal.onBytes = (bytes) => {
      tail = (tail + bytes.toString('latin1')).slice(-100);
    };
    terminal.type('head -c 10000000 /dev/zero | tr "\\0" z; cat /bin/ls; printf AL; printf IVE\r');
    await until('the end of it', () => tail.includes('ALIVE'), 60_000);
    terminal.close();
    await until('its end', () => terminal.ended);
  });

  it('S25: the list tells at once which sessions live and which are over', async () => {
    const terminal = await bastion.openShell(page);
    const id = terminal.opened.sessionId;
    const states = async (state: string): Promise<string[]> =>
      (await bastion.admin.call<{ items: SessionAnswer[] }>('GET', `sessions?state=${state}&limit=500`)).items.map(
        (row) => row.id,
      );
    expect(await states('live')).toContain(id);
    terminal.close();
    await ended(id);
    expect(await states('live')).not.toContain(id);
    expect(await states('over')).toContain(id);
  });
});
