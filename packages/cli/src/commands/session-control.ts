/** What one does to another's running session: end it, hold its user's input, say something to its user. */
import { MAX_BLOCK_MINUTES } from '@sallyport/core/model/block.js';
import { END_PRESETS } from '@sallyport/core/model/session.js';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { EndSession } from '@sallyport/core/wire/control-messages.js';
import { type Command, Option } from 'commander';
import { type CommonOptions, gatewayOf, period, remote } from '../command-options.js';
import { findSession, SHORT_ID } from '../finding.js';
import { printJson, tell } from '../terminal.js';

interface EndOptions extends CommonOptions {
  readonly preset?: EndSession['preset'];
  readonly reason?: string;
  readonly block?: number;
}

export function addSessionControlCommands(session: Command): void {
  remote(
    session
      .command('end <id>')
      .description('end a live session, at once')
      .addOption(new Option('--preset <ground>', 'why, in a word').choices(END_PRESETS))
      .option('--reason <text>', 'shown to the person and kept in the audit log')
      .option(
        '--block <time>',
        'also block the user, such as 30m, 2h or 7d; ends all that runs of them, refuses sign-ins, tokens and operations',
        period('--block', MAX_BLOCK_MINUTES),
      ),
  )
    .addHelpText('before', 'Example: sallyport session end s7k2q4 --preset mistake --reason "wrong host"\n')
    .action(end);
  remote(
    session
      .command('freeze <id>')
      .description('hold what the user of a session types; it is dropped and counted, never run later')
      .requiredOption('--reason <text>', 'shown to the person and kept in the audit log'),
  )
    .addHelpText('before', 'Example: sallyport session freeze s7k2q4 --reason "wrong table"\n')
    .action((id: string, options: CommonOptions & { readonly reason: string }) =>
      act(id, options, 'freeze', { reason: options.reason }, 'Held the input of'),
    );
  remote(session.command('unfreeze <id>').description('let the input of a session go again')).action(
    (id: string, options: CommonOptions) => act(id, options, 'unfreeze', undefined, 'Let the input go of'),
  );
  remote(session.command('message <id> <text>').description('show a message to the user of a session'))
    .addHelpText('before', 'Example: sallyport session message s7k2q4 "please call me"\n')
    .action((id: string, text: string, options: CommonOptions) =>
      act(id, options, 'message', { text }, 'Showed the message to the user of'),
    );
}

async function end(id: string, options: EndOptions): Promise<void> {
  const { preset, reason, block } = options;
  const body: EndSession = {
    ...(preset === undefined ? {} : { preset }),
    ...(reason === undefined ? {} : { reason }),
    ...(block === undefined ? {} : { blockMinutes: block }),
  };
  await act(id, options, 'end', body, 'Ended');
  if (block !== undefined && options.json !== true) {
    tell('The user is blocked (“sallyport block ls”); what ran in that name is ended.');
  }
}

async function act(
  id: string,
  options: CommonOptions,
  what: 'end' | 'freeze' | 'unfreeze' | 'message',
  body: object | undefined,
  done: string,
): Promise<void> {
  const gateway = gatewayOf(options);
  const session = await findSession(gateway, id);
  const asked = performance.now();
  await gateway.send('POST', `sessions/${session.id}/${what}`, body);
  const ms = Math.round(performance.now() - asked);
  if (options.json === true) return printJson(await gateway.get<SessionAnswer>(`sessions/${session.id}`));
  tell(`${done} ${session.id.slice(0, SHORT_ID)} (${session.userName} on ${session.hostName}) in ${ms} ms.`);
}
