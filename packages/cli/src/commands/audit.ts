import { setTimeout as wait } from 'node:timers/promises';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import { escapedJson } from '@sallyport/core/terminal/escaped-json.js';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import type { AuditVerifyAnswer, Page } from '@sallyport/core/wire/api-answers.js';
import type { SignedHeadAnswer } from '@sallyport/core/wire/evidence-messages.js';
import type { OfflineEvidence } from '@sallyport/server/app/offline-evidence.js';
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
import { type EvidenceFiles, readEvidenceFiles } from '../evidence-files.js';
import { EXIT } from '../exit-code.js';
import { type ExportOptions, writeExport } from '../export-file.js';
import { Failure, usage } from '../failure.js';
import { jsonText, paint, print, printJson, tell } from '../terminal.js';

type Options = CommonOptions & SettingOptions;
type TailOptions = Options & { readonly follow?: boolean; readonly limit: number };

const FOLLOW_MS = 2_000;

/** With --data or --config these read the data directory itself: no server and no token needed. */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the audit log; with --data straight from a data directory');
  const local = (command: Command): Command => withSettings(remote(command), ['data']);
  local(
    audit
      .command('verify')
      .description('check audit log, ledger of recordings, signed heads, files and rows against each other')
      .option('--key <file>', 'with --data: public keys to trust (JWK, JWK Set or PEM) instead of those found there')
      .option('--heads <file>', 'with --data: signed heads that were kept elsewhere'),
  ).action(verify);
  local(
    audit
      .command('heads')
      .description('print the newest signed heads, to keep where nobody here can change them')
      .option('-n, --limit <count>', 'how many', wholeNumber('--limit', 1, 500), 1),
  )
    .addHelpText('before', 'Example: sallyport audit heads >> /mnt/elsewhere/heads.jsonl\n')
    .action(heads);
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

async function verify(options: Options & EvidenceFiles): Promise<void> {
  const local = isLocal(options);
  if (!local && (options.key ?? options.heads) !== undefined)
    throw usage('--key and --heads need --data: a gateway verifies with what it has itself');
  const verdict = local
    ? await withEvidence(options, answerOf)
    : await gatewayOf(options).get<AuditVerifyAnswer>('audit/verify');
  const { findings, ledger } = verdict;
  if (options.json === true) printJson(verdict);
  else if (verdict.ok) {
    const { last } = verdict.heads;
    print(`ok  ${verdict.entries} entries, head ${verdict.head}`);
    print(`    ledger: ${ledger.entries} entries on ${ledger.recordings} recordings, head ${ledger.head}`);
    const since = last === undefined ? '' : `, the last of ${new Date(last.at).toISOString()}`;
    print(`    ${verdict.heads.count} signed heads${since}; keys ${verdict.keyIds.join(' ')}`);
  } else for (const { kind, detail } of findings) print(`    ${kind}: ${visibleText(detail)}`);
  if (!verdict.ok) {
    const first = findings.find(({ kind }) => kind === 'audit');
    if (first !== undefined)
      throw new Failure(`The chain is broken at entry ${first.seq ?? '?'}: ${first.detail}.`, EXIT.conflict);
    throw new Failure(
      `${findings.length === 1 ? 'One thing does' : `${findings.length} things do`} not fit together; see above.`,
      EXIT.conflict,
    );
  }
}

async function answerOf(evidence: OfflineEvidence): Promise<AuditVerifyAnswer> {
  const { ok, audit, ledger, heads, keyIds, findings } = await evidence.check();
  return { ok, ...audit, ledger, heads, keyIds: [...keyIds], findings: [...findings] };
}

async function heads(options: Options & { readonly limit: number }): Promise<void> {
  const { limit } = options;
  const items = isLocal(options)
    ? await withEvidence(options, (evidence) => evidence.heads(limit))
    : (await gatewayOf(options).get<Page<SignedHeadAnswer>>('signed-heads', { limit })).items;
  for (const head of items) print(JSON.stringify(head));
}

async function withEvidence<T>(
  options: Options & EvidenceFiles,
  use: (evidence: OfflineEvidence) => Promise<T>,
): Promise<T> {
  const { openEvidence } = await import('@sallyport/server/app/offline-evidence.js');
  const evidence = await openEvidence(configOf(options).values, await readEvidenceFiles(options));
  try {
    return await use(evidence);
  } finally {
    await evidence.close();
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
