/**
 * F26 on the product as people run it, over a real sshd: LONG_TESTS=1, since each call that fails is two starts of it.
 * The same rules in one process, with every kind of fault, are in every-call-fails.slow.test.ts.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DATABASE_FAULTS, FILE_FAULTS } from '../fixtures/faults.js';
import {
  ADMIN,
  addSshd,
  openPageAs,
  type Person,
  type Product,
  sessionRow,
  setUp,
  signIn,
  startProduct,
  type TargetOnFile,
  ticketFor,
} from '../fixtures/product.js';
import { type Sshd, startSshd } from '../fixtures/sshd.js';
import { type PageTerminal, until } from '../fixtures/terminal-page.js';

const IS_LONG = process.env.LONG_TESTS === '1';
const HANG_MS = 3_000;

let root: string;
let template: string;
let preload: string;
let sshd: Sshd;
let target: TargetOnFile;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-faulty-'));
  if (!IS_LONG) return;
  const source = readFileSync(join(import.meta.dirname, '../fixtures/faults.ts'), 'utf8');
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  preload = join(root, 'faults.mjs');
  writeFileSync(preload, ts.transpileModule(source, { compilerOptions }).outputText);
  template = join(root, 'template');
  sshd = await startSshd();
  const product = await startProduct({ data: template });
  target = await addSshd(await setUp(product), sshd, 'faulty');
  await product.stop();
});
afterAll(async () => {
  await sshd?.stop();
  rmSync(root, { recursive: true, force: true });
});

const quietly = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

/** Opens, prints, changes its size, ends; stops at whatever refuses. */
async function session(product: Product): Promise<PageTerminal | undefined> {
  const admin = await quietly(signIn(product.url, ADMIN.name, ADMIN.password));
  const page = admin && (await quietly(openPageAs(product, admin)));
  const ticket = admin && (await quietly(ticketFor(admin, target)));
  if (page === undefined || ticket === undefined) return undefined;
  const terminal = page.open(ticket);
  await quietly(until('the shell', () => terminal.opened ?? terminal.ended, 15_000));
  if (terminal.opened !== undefined) {
    terminal.type('echo one 中文; seq 1 3000; echo do""ne\r');
    await quietly(until('the output', () => terminal.text().includes('done\r') || terminal.ended));
    terminal.resize(100, 30);
    terminal.type('exit\r');
    await quietly(until('the end', () => terminal.ended));
  }
  page.drop();
  return terminal;
}

async function check(admin: Person, data: string, terminal: PageTerminal | undefined): Promise<string[]> {
  const broken: string[] = [];
  const { items } = await admin.call<{ items: { id: string }[] }>('GET', 'sessions?state=live&limit=50');
  if (items.length > 0) broken.push(`${items.length} rows are live after the next start`);
  await quietly(until('no marker', () => readdirSync(join(data, 'recordings/open')).length === 0, 5_000));
  const marks = readdirSync(join(data, 'recordings/open')).length;
  if (marks > 0) broken.push(`${marks} recordings are never sealed`);
  const id = terminal?.opened?.sessionId;
  if (terminal === undefined || id === undefined) return broken;
  const row = await sessionRow(admin, id);
  if (row.state !== 'ended' && row.state !== 'failed') broken.push(`the row is ${row.state}`);
  const cast = await (await admin.request('GET', `recordings/${id}/export?format=asciicast-v2`)).text();
  const events = cast
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as [number, string, string]);
  const recorded = events.flatMap(([, kind, text]) => (kind === 'o' ? [text] : [])).join('');
  const seen = terminal.text();
  const actions = (await admin.call<{ items: AuditEntry[] }>('GET', `audit?target=session:${id}&limit=50`)).items.map(
    ({ action }) => action,
  );
  if (!recorded.startsWith(seen) && !actions.includes('recording.failed'))
    broken.push(`shown and not recorded, ended ${terminal.ended?.reason}: ${actions}`);
  if (!actions.some((action) => /^session\.(end|failed|interrupted)$/.test(action)))
    broken.push(`no end told: ${actions}`);
  return broken;
}

it.skipIf(!IS_LONG)(
  'F26, V41: each call of the whole product fails in turn, once',
  async () => {
    const broken: string[] = [];
    for (let nth = 1; ; nth += 1) {
      const data = join(root, `life-${nth}`);
      cpSync(template, data, { recursive: true });
      const plan = {
        directory: data,
        hangMs: HANG_MS,
        nth,
        file: nth % 5 === 4 ? 'hang' : FILE_FAULTS[nth % FILE_FAULTS.length],
        database: nth % 5 === 4 ? 'hang' : DATABASE_FAULTS[nth % DATABASE_FAULTS.length],
      };
      const env = { NODE_OPTIONS: `--import ${preload}`, FAULTS: JSON.stringify(plan) };
      const faulty = await quietly(startProduct({ data, env }));
      let terminal: PageTerminal | undefined;
      let failed = faulty === undefined; // a start that is refused is the fault's doing
      if (faulty !== undefined) {
        terminal = await session(faulty);
        const isHit = () => faulty.printed().includes('FAULT ');
        const wasHit = isHit();
        let again = await session(faulty);
        const isWell = () => again?.ended?.reason === 'remote-exit';
        // It may have been that one's call; the word of it comes a little later.
        if (!isWell() && !wasHit && (await quietly(until('the fault', isHit, 1_000)))) again = await session(faulty);
        if (!isWell()) broken.push(`${nth}: the next session ended ${again?.ended?.reason}`);
        if (faulty.process.exitCode !== null) broken.push(`${nth}: the process ended`);
        failed = isHit();
        const what = /FAULT (.*)/.exec(faulty.printed())?.[1];
        await faulty.stop();
        if (/uncaught|cannot go on/.test(faulty.printed())) broken.push(`${nth}: ${what}: ${faulty.printed()}`);
      }
      const product = await startProduct({ data });
      const admin = await signIn(product.url, ADMIN.name, ADMIN.password);
      broken.push(...(await check(admin, data, terminal)).map((line) => `${nth}: ${line}`));
      await product.stop();
      rmSync(data, { recursive: true });
      if (!failed) break;
    }
    expect(broken).toEqual([]);
  },
  7_200_000,
);
