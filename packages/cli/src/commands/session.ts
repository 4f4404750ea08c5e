import { endWords } from '@sallyport/core/model/end-words.js';
import { lengthText, sessionLengthMs } from '@sallyport/core/model/session-length.js';
import type { Page, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { type Command, Option } from 'commander';
import { type CommonOptions, gatewayOf, remote, wholeNumber } from '../command-options.js';
import { findSession } from '../finding.js';
import { ago, printJson, printTable, tell } from '../terminal.js';

interface ListOptions extends CommonOptions {
  readonly state?: string;
  readonly limit: number;
}

export const SHORT_ID = 6;

export function addSessionCommands(program: Command): void {
  const session = program.command('session').description('sessions, live and past');
  remote(
    session
      .command('ls [query]')
      .description('list sessions, newest first')
      .addOption(new Option('--state <state>', 'only these').choices(['open', 'over', 'live', 'ended', 'failed']))
      .option('--limit <count>', 'how many at most', wholeNumber('--limit', 1, 500), 50),
  ).action(list);
  remote(
    session
      .command('end <id>')
      .description('end a live session')
      .option('--reason <text>', 'shown to the person and kept in the audit log'),
  )
    .addHelpText('before', 'Example: sallyport session end s7k2q4 --reason "wrong host"\n')
    .action(end);
}

async function list(q: string | undefined, options: ListOptions): Promise<void> {
  const query = { q, state: options.state, limit: options.limit };
  const page = await gatewayOf(options).get<Page<SessionAnswer>>('sessions', query);
  if (options.json === true) return printJson(page);
  printTable(
    ['ID', 'USER', 'HOST', 'AS', 'STARTED', 'LENGTH', 'STATE OR END'],
    page.items.map((session) => [
      session.id.slice(0, SHORT_ID),
      session.userName,
      session.hostName,
      session.login,
      ago(session.createdAt),
      lengthOf(session),
      session.endReason === undefined ? session.state : endWords(session.endReason, 'en'),
    ]),
  );
}

export function lengthOf(session: SessionAnswer): string | undefined {
  const length = sessionLengthMs(session, Date.now());
  return length === undefined ? undefined : lengthText(length);
}

async function end(id: string, options: CommonOptions & { readonly reason?: string }): Promise<void> {
  const gateway = gatewayOf(options);
  const session = await findSession(gateway, id);
  const asked = performance.now();
  await gateway.send(
    'POST',
    `sessions/${session.id}/end`,
    options.reason === undefined ? {} : { reason: options.reason },
  );
  if (options.json === true) return printJson(await gateway.get<SessionAnswer>(`sessions/${session.id}`));
  const ms = Math.round(performance.now() - asked);
  tell(`Ended ${session.id.slice(0, SHORT_ID)} (${session.userName} on ${session.hostName}) in ${ms} ms.`);
}
