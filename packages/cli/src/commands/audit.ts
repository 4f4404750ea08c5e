import { setTimeout as wait } from 'node:timers/promises';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import { escapedJson } from '@sallyport/core/terminal/escaped-json.js';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import type { AuditVerifyAnswer, Page } from '@sallyport/core/wire/api-answers.js';
import type { Command } from 'commander';
import {
  type CommonOptions,
  configOf,
  gatewayOf,
  remote,
  type SettingOptions,
  wholeNumber,
  withSettings,
} from '../command-options.js';
import { EXIT } from '../exit-code.js';
import { type ExportOptions, writeExport } from '../export-file.js';
import { Failure } from '../failure.js';
import { jsonText, paint, print, printJson, tell } from '../terminal.js';

type Options = CommonOptions & SettingOptions;
type TailOptions = Options & { readonly follow?: boolean; readonly limit: number };

const FOLLOW_MS = 2_000;

/** With --data or --config these read the data directory itself: no server and no token needed. */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the audit log; with --data straight from a data directory');
  const local = (command: Command): Command => withSettings(remote(command), ['data']);
  local(audit.command('verify').description('check the hash chain')).action(verify);
  local(
    audit
      .command('tail')
      .description('print the newest entries')
      .option('-n, --limit <count>', 'how many', wholeNumber('--limit', 1, 500), 20)
      .option('-f, --follow', 'keep printing new entries'),
  ).action(tail);
  local(
    audit
      .command('export [file]')
      .description('write all entries as JSON lines to a file, or to standard output')
      .option('--force', 'replace the file when it exists'),
  ).action(exportAll);
}

const isLocal = (options: SettingOptions): boolean => (options.data ?? options.config) !== undefined;

async function verify(options: Options): Promise<void> {
  const verdict = isLocal(options)
    ? await withAudit(options, (log) => log.verify())
    : await gatewayOf(options).get<AuditVerifyAnswer>('audit/verify');
  if (options.json === true) printJson(verdict);
  else if (verdict.ok) print(`ok  ${verdict.entries} entries, head ${verdict.head}`);
  if (!verdict.ok) {
    const detail = verdict.detail === undefined ? '' : `: ${verdict.detail}`;
    throw new Failure(`The chain is broken at entry ${verdict.badSeq ?? '?'}${detail}.`, EXIT.conflict);
  }
}

async function tail(options: TailOptions): Promise<void> {
  const read = async (limit: number): Promise<readonly AuditEntry[]> => {
    if (isLocal(options)) return await withAudit(options, (log) => log.list({ limit }));
    return (await gatewayOf(options).get<Page<AuditEntry>>('audit', { limit })).items;
  };
  let last = 0;
  let limit = options.limit;
  do {
    const fresh = [...(await read(limit))].filter(({ seq }) => seq > last).sort((a, b) => a.seq - b.seq);
    for (const entry of fresh) print(options.json === true ? jsonText(entry) : line(entry));
    last = fresh.at(-1)?.seq ?? last;
    limit = 500;
    if (options.follow === true) await wait(FOLLOW_MS);
  } while (options.follow === true);
}

function line(entry: AuditEntry): string {
  const color = { ok: 'green', denied: 'yellow', failed: 'red' } as const;
  const result = paint(color[entry.result], entry.result, process.stdout);
  const detail = Object.entries(entry.detail ?? {}).map(([key, value]) => `${key}=${value}`);
  const words = [entry.actor, entry.source, entry.target ?? '', ...detail].filter((word) => word !== '');
  return `${new Date(entry.at).toISOString()}  ${entry.action}  ${result}  ${visibleText(words.join('  '))}`;
}

async function exportAll(file: string | undefined, options: Options & ExportOptions): Promise<void> {
  const bytes = isLocal(options)
    ? await withAudit(options, (log) => writeExport(file, options, async () => lines(log)))
    : await writeExport(file, options, () => gatewayOf(options).download('audit/export'));
  if (bytes === undefined) return;
  if (options.json === true) printJson({ file, bytes });
  else tell(`Wrote ${file} (${bytes} bytes).`);
}

type AuditLog = Awaited<ReturnType<typeof import('@sallyport/server/app/stores.js').openStores>>['audit'];

async function* lines(log: AuditLog): AsyncIterable<string> {
  for await (const entry of log.stream(1)) yield `${escapedJson(JSON.stringify(entry))}\n`;
}

async function withAudit<T>(options: SettingOptions, use: (log: AuditLog) => Promise<T>): Promise<T> {
  const config = configOf(options).values;
  const { openExistingStores } = await import('@sallyport/server/app/stores.js');
  const stores = await openExistingStores(config);
  try {
    return await use(stores.audit);
  } finally {
    await stores.close();
  }
}
