/** Holding, deleting and keeping recordings: part of `sallyport recording`. */
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type {
  DeletionAnswer,
  HoldAnswer,
  HoldsAnswer,
  RetentionAnswer,
  SweepAnswer,
  SweepPreviewAnswer,
} from '@sallyport/core/wire/retention-messages.js';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client.js';
import { type CommonOptions, gatewayOf, remote, wholeNumber } from '../command-options.js';
import { usage } from '../failure.js';
import { findHost, findSession, findUser, SHORT_ID } from '../finding.js';
import { readRule, readSize, ruleText, sizeText } from '../retention-rule.js';
import { ago, print, printJson, printTable, tell } from '../terminal.js';

interface ReasonOptions extends CommonOptions {
  readonly reason: string;
}
interface HoldOptions extends ReasonOptions {
  readonly user?: string;
  readonly host?: string;
}
interface SetOptions extends CommonOptions {
  readonly rule: readonly string[];
  readonly maxSize?: string;
}
const REASON = ['--reason <text>', 'kept in the audit log and in the ledger'] as const;

export function addKeepCommands(recording: Command): void {
  remote(
    recording
      .command('delete <id>')
      .description('delete a recording for good')
      .requiredOption(...REASON),
  )
    .addHelpText('before', 'Example: sallyport recording delete s7k2q4 --reason "asked for by the works council"\n')
    .action(remove);
  const subject = (command: Command): Command =>
    remote(command)
      .option('--user <name>', 'all recordings of this user, also those to come')
      .option('--host <name>', 'all recordings of this host, also those to come')
      .requiredOption(...REASON);
  subject(recording.command('hold [id]').description('put under legal hold: nothing it covers is deleted'))
    .addHelpText('before', 'Example: sallyport recording hold --user zhou --reason "case 12"\n')
    .action(hold);
  subject(recording.command('release [id]').description('lift a legal hold')).action(release);
  remote(recording.command('holds').description('legal holds that stand')).action(holds);

  const retention = recording.command('retention').description('how long recordings are kept');
  remote(retention.command('show').description('rules, size goal and floor')).action(show);
  remote(
    retention
      .command('set')
      .description('replace the rules and the size goal; of the rules that fit a recording the longest wins')
      .option('--rule <rule>', 'may be repeated', (one: string, all: string[]) => [...all, one], [])
      .option('--max-size <size>', 'the goal for all recordings together, such as 500GB'),
  )
    .addHelpText(
      'before',
      'Example: sallyport recording retention set --rule "all: 90d" --rule "prod: env=prod 365d"\n',
    )
    .action(set);
  remote(
    retention
      .command('preview')
      .description('what would be deleted now, and by which rule')
      .option('--limit <count>', 'how many by name at most', wholeNumber('--limit', 1, 500), 100),
  ).action(preview);
  remote(retention.command('run').description('delete now what retention says; it also runs every hour')).action(run);
}

/** For the list of recordings. */
export function keptText({ keep, deletion }: SessionAnswer): string | undefined {
  if (deletion !== undefined) return `deleted by ${deletion.rule ?? deletion.by}`;
  if (keep === undefined) return undefined;
  if (keep.holds.length > 0) return 'on hold';
  const until = Math.max(keep.until ?? 0, keep.floorUntil ?? 0);
  return keep.until === undefined ? 'for ever' : new Date(until).toISOString().slice(0, 10);
}

async function remove(id: string, options: ReasonOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const session = await findSession(gateway, id);
  const gone = await gateway.send<DeletionAnswer>('DELETE', `recordings/${session.id}`, { reason: options.reason });
  if (options.json === true) return printJson(gone);
  tell(`Deleted the recording of ${session.userName} on ${session.hostName} (${sizeText(gone.bytes)}).`);
}

async function placeOf(gateway: ApiClient, id: string | undefined, { user, host }: HoldOptions) {
  if ([id, user, host].filter((one) => one !== undefined).length !== 1)
    throw usage('Name one thing: the id of a recording, --user or --host');
  if (user !== undefined) return { path: `users/${(await findUser(gateway, user)).id}/hold`, words: `user ${user}` };
  if (host !== undefined) return { path: `hosts/${(await findHost(gateway, host)).id}/hold`, words: `host ${host}` };
  return { path: `recordings/${(await findSession(gateway, id ?? '')).id}/hold`, words: `recording ${id}` };
}

async function hold(id: string | undefined, options: HoldOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const { path, words } = await placeOf(gateway, id, options);
  const placed = await gateway.send<HoldAnswer>('PUT', path, { reason: options.reason });
  if (options.json === true) return printJson(placed);
  tell(`Put ${words} under legal hold.`);
}

async function release(id: string | undefined, options: HoldOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const { path, words } = await placeOf(gateway, id, options);
  await gateway.send('DELETE', path, { reason: options.reason });
  if (options.json === true) return printJson({});
  tell(`Lifted the legal hold on ${words}. What retention no longer keeps goes with the next sweep.`);
}

async function holds(options: CommonOptions): Promise<void> {
  const found = await gatewayOf(options).get<HoldsAnswer>('holds');
  if (options.json === true) return printJson(found);
  printTable(
    ['ON', 'NAME', 'SINCE', 'BY', 'REASON'],
    found.items.map(({ subject, subjectId, name, gone, recording, at, by, reason }) => [
      gone ? `${subject} (deleted)` : subject,
      name ?? (recording ? `${recording.userName} on ${recording.hostName} ` : '') + subjectId.slice(0, SHORT_ID),
      ago(at),
      by,
      reason,
    ]),
  );
}

async function show(options: CommonOptions): Promise<void> {
  const kept = await gatewayOf(options).get<RetentionAnswer>('retention');
  if (options.json === true) return printJson(kept);
  for (const rule of kept.rules) print(ruleText(rule));
  if (kept.rules.length === 0) print('No rule: everything is kept for ever.');
  print(`Size goal: ${kept.maxBytes === undefined ? 'none' : sizeText(kept.maxBytes)}`);
  print(`Floor: nothing younger than ${kept.floorMs / 86_400_000} days is deleted.`);
}

async function set(options: SetOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const policy = {
    rules: options.rule.map(readRule),
    ...(options.maxSize === undefined ? {} : { maxBytes: readSize(options.maxSize) }),
  };
  const kept = await gateway.send<RetentionAnswer>('PUT', 'retention', policy);
  if (options.json === true) return printJson(kept);
  const { count, bytes } = await gateway.get<SweepPreviewAnswer>('retention/preview', { limit: 1 });
  tell(`Set. The next sweep deletes ${count} recordings (${sizeText(bytes)}); see “recording retention preview”.`);
}

async function preview(options: CommonOptions & { readonly limit: number }): Promise<void> {
  const plan = await gatewayOf(options).get<SweepPreviewAnswer>('retention/preview', { limit: options.limit });
  if (options.json === true) return printJson(plan);
  printTable(
    ['ID', 'USER', 'HOST', 'STARTED', 'SIZE', 'BECAUSE'],
    plan.items.map(({ sessionId, userName, hostName, createdAt, bytes, reason }) => [
      sessionId.slice(0, SHORT_ID),
      userName,
      hostName,
      ago(createdAt),
      sizeText(bytes),
      reason,
    ]),
  );
  tell(`${plan.count} recordings, ${sizeText(plan.bytes)}.${shortText(plan)}`);
}

async function run(options: CommonOptions): Promise<void> {
  const done = await gatewayOf(options).send<SweepAnswer>('POST', 'retention/run', {});
  if (options.json === true) return printJson(done);
  const more = done.more ? ' There is more: run it again, or leave it to the gateway.' : '';
  tell(`Deleted ${done.deleted} recordings (${sizeText(done.bytes)}).${shortText(done)}${more}`);
}

const shortText = ({ overBytes }: Pick<SweepAnswer, 'overBytes'>): string =>
  overBytes === undefined || overBytes === 0
    ? ''
    : ` ${sizeText(overBytes)} stay over the size goal: what is left is held, young or kept even when full.`;
