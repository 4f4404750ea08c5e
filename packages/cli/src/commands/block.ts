/** Users who are blocked for a time, with the end of a session or without. */
import { MAX_BLOCK_MINUTES } from '@sallyport/core/model/block.js';
import type { BlockAnswer, BlocksAnswer, BlockUser } from '@sallyport/core/wire/control-messages.js';
import type { Command } from 'commander';
import type { ApiClient } from '../api-client.js';
import { type CommonOptions, gatewayOf, period, remote } from '../command-options.js';
import { EXIT } from '../exit-code.js';
import { Failure, usage } from '../failure.js';
import { findUser, SHORT_ID } from '../finding.js';
import { ago, printJson, printTable, tell } from '../terminal.js';

export function addBlockCommands(program: Command): void {
  const block = program.command('block').description('users blocked for a time');
  remote(block.command('ls').description('list the blocks that stand, newest first')).action(list);
  remote(
    block
      .command('add <user>')
      .description('block a user for a time: ends what runs, refuses sign-ins, tokens and operations')
      .requiredOption('--for <period>', 'how long: 30m, 2h, 7d', period('--for', MAX_BLOCK_MINUTES))
      .requiredOption('--reason <text>', 'kept with the block and in the audit log'),
  )
    .addHelpText('before', 'Example: sallyport block add alice --for 12h --reason "on leave"\n')
    .action(add);
  remote(
    block
      .command('lift <id>')
      .description('lift a block; it stays in the history')
      .option('--reason <text>', 'kept with the block and in the audit log'),
  )
    .addHelpText('before', 'Example: sallyport block lift b7k2q4\n')
    .action(lift);
}

const blocksOf = async (gateway: ApiClient): Promise<readonly BlockAnswer[]> =>
  (await gateway.get<BlocksAnswer>('blocks')).items;

async function list(options: CommonOptions): Promise<void> {
  const items = await blocksOf(gatewayOf(options));
  if (options.json === true) return printJson({ items });
  printTable(
    ['ID', 'USER', 'UNTIL', 'BY', 'SET', 'SESSION', 'REASON'],
    items.map((block) => [
      block.id.slice(0, SHORT_ID),
      block.userName ?? block.userId.slice(0, SHORT_ID),
      new Date(block.until).toISOString().replace('T', ' ').slice(0, 16),
      block.by,
      ago(block.at),
      block.sessionId?.slice(0, SHORT_ID),
      block.reason === '' ? undefined : block.reason,
    ]),
  );
}

async function add(name: string, options: CommonOptions & { readonly for: number; readonly reason: string }) {
  const gateway = gatewayOf(options);
  const user = await findUser(gateway, name);
  const body: BlockUser = { userId: user.id, minutes: options.for, reason: options.reason };
  const made = await gateway.send<BlockAnswer>('POST', 'blocks', body);
  if (options.json === true) return printJson(made);
  tell(`Blocked ${user.name} until ${new Date(made.until).toISOString().replace('T', ' ').slice(0, 16)} UTC.`);
  tell(`What ran in that name is ended. Lift: sallyport block lift ${made.id.slice(0, SHORT_ID)}`);
}

async function lift(id: string, options: CommonOptions & { readonly reason?: string }): Promise<void> {
  const gateway = gatewayOf(options);
  const matching = (await blocksOf(gateway)).filter((block) => block.id.startsWith(id));
  if (matching.length > 1) throw usage(`More than one block begins with ${id}`, 'Type more of the id.');
  const [block] = matching;
  if (block === undefined) throw new Failure(`There is no block ${id}.`, EXIT.notFound, 'See “sallyport block ls”.');
  const why = options.reason === undefined ? '' : `?reason=${encodeURIComponent(options.reason)}`;
  await gateway.send('DELETE', `blocks/${block.id}${why}`);
  if (options.json === true) return printJson(block);
  tell(`Lifted the block of ${block.userName ?? block.userId}.`);
}
