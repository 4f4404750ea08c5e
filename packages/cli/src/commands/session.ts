import { endWords } from '@sallyport/core/model/end-words.js';
import { lengthText, sessionLengthMs } from '@sallyport/core/model/session-length.js';
import type { Page, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { type Command, Option } from 'commander';
import { type CommonOptions, gatewayOf, remote, wholeNumber } from '../command-options.js';
import { SHORT_ID } from '../finding.js';
import { ago, printJson, printTable } from '../terminal.js';
import { addSessionControlCommands } from './session-control.js';
import { addSessionWatchCommand } from './session-watch.js';

interface ListOptions extends CommonOptions {
  readonly state?: string;
  readonly limit: number;
}

export function addSessionCommands(program: Command): void {
  const session = program.command('session').description('sessions, live and past');
  remote(
    session
      .command('ls [query]')
      .description('list sessions, newest first')
      .addOption(new Option('--state <state>', 'only these').choices(['open', 'over', 'live', 'ended', 'failed']))
      .option('--limit <count>', 'how many at most', wholeNumber('--limit', 1, 500), 50),
  ).action(list);
  addSessionControlCommands(session);
  addSessionWatchCommand(session);
}

async function list(q: string | undefined, options: ListOptions): Promise<void> {
  const query = { q, state: options.state, limit: options.limit };
  const page = await gatewayOf(options).get<Page<SessionAnswer>>('sessions', query);
  if (options.json === true) return printJson(page);
  printTable(
    ['ID', 'USER', 'HOST', 'AS', 'STARTED', 'LENGTH', 'WATCHED BY', 'STATE OR END'],
    page.items.map((session) => [
      session.id.slice(0, SHORT_ID),
      session.userName,
      session.hostName,
      session.login,
      ago(session.createdAt),
      lengthOf(session),
      session.watchers?.join(', ') || undefined,
      stateOf(session),
    ]),
  );
}

function stateOf({ endReason, state, frozen, unwatched }: SessionAnswer): string {
  if (endReason !== undefined) return endWords(endReason, 'en');
  if (frozen === undefined && unwatched) return `${state}, waiting for a watcher`;
  return frozen === undefined ? state : `${state}, input held by ${frozen.by}: ${frozen.reason}`;
}

export function lengthOf(session: SessionAnswer): string | undefined {
  const length = sessionLengthMs(session, Date.now());
  return length === undefined ? undefined : lengthText(length);
}
