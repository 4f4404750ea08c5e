/** `session watch`: somebody's running session in this terminal, to look at and no more. */
import { endWords } from '@sallyport/core/model/end-words.js';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import type { TicketAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Ended, Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { Command } from 'commander';
import { type CommonOptions, gatewayOf, remote } from '../command-options.js';
import { tokenFor } from '../credentials.js';
import { EXIT } from '../exit-code.js';
import { Failure, usage } from '../failure.js';
import { findSession, SHORT_ID } from '../finding.js';
import { columns, tell } from '../terminal.js';

/** A screen that redraws all the time is drawn this often. */
const PAINT_MS = 60;
const NOTICE_MS = 6_000;
const LEAVING = ['q', 'Q', '\u0003', '\u0004', '\u001b'];

export function addSessionWatchCommand(session: Command): void {
  remote(session.command('watch <id>').description('watch a live session, with its whole screen; q leaves'))
    .addHelpText('before', 'Example: sallyport session watch s7k2q4\n')
    .action(watch);
}

async function watch(id: string, options: CommonOptions): Promise<void> {
  const { stdin, stdout } = process;
  if (options.json === true || !stdout.isTTY || !stdin.isTTY) {
    throw usage(
      '“session watch” needs a terminal',
      'What was printed so far: “sallyport recording export ID --format text”.',
    );
  }
  const gateway = gatewayOf(options);
  const found = await findSession(gateway, id);
  const token = tokenFor(gateway.server);
  const { ticket } = await gateway.send<TicketAnswer>('POST', `sessions/${found.id}/watch-tickets`);
  const { openWatch } = await import('@sallyport/server/app/watch-client.js');
  const { createWatchPainter, ENTER, LEAVE } = await import('@sallyport/server/app/watch-painter.js');

  const painter = createWatchPainter();
  let notice = '';
  let timer: NodeJS.Timeout | undefined;
  let noticeTimer: NodeJS.Timeout | undefined;
  let finish: (ended: Ended | undefined | 'left') => void = () => {};
  const over = new Promise<Ended | undefined | 'left'>((resolve) => {
    finish = resolve;
  });
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      paint();
    }, PAINT_MS);
  };
  const client = await openWatch(
    { server: gateway.server, token: token ?? '', ticket },
    {
      changed: soon,
      notice(told) {
        notice = noticeWords(told);
        clearTimeout(noticeTimer);
        noticeTimer = setTimeout(() => {
          notice = '';
          soon();
        }, NOTICE_MS);
        soon();
      },
      over: (ended) => finish(ended),
    },
  ).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'failed';
    throw new Failure(`The gateway does not let this terminal watch: ${why}`, EXIT.unreachable);
  });
  function paint(): void {
    const view = client.view();
    if (!view) return;
    const { facts } = client;
    const opening = facts?.opening ? ', still opening' : '';
    const held = facts?.frozen ? `, input held by ${facts.frozen.by}: ${facts.frozen.reason}` : '';
    const wanted = facts?.watcherRequired === 'missing' ? ', input held: waiting for a watcher' : '';
    const required = facts?.watcherRequired === 'there' ? ', watcher required' : wanted;
    const who = `${found.userName} on ${found.hostName} as ${found.login}, from ${found.sourceAddress}${opening}${held}${required}`;
    const line = ` ${visibleText(notice || who)}  ·  q leaves `;
    stdout.write(painter.paint(view, fit(line, stdout.columns), { columns: stdout.columns, rows: stdout.rows }));
  }

  stdout.write(ENTER);
  stdin.setRawMode(true);
  stdin.resume();
  const typed = (bytes: Buffer): void => {
    if (LEAVING.includes(bytes.toString('latin1'))) finish('left');
  };
  const resized = (): void => {
    stdout.write('\u001b[2J');
    painter.forget();
    soon();
  };
  const stopped = (): void => finish('left');
  stdin.on('data', typed);
  stdout.on('resize', resized);
  process.once('SIGTERM', stopped);
  let ended: Ended | undefined | 'left';
  try {
    ended = await over;
    if (ended !== 'left') paint();
  } finally {
    clearTimeout(timer);
    clearTimeout(noticeTimer);
    stdin.off('data', typed);
    stdout.off('resize', resized);
    process.off('SIGTERM', stopped);
    stdin.setRawMode(false);
    stdin.pause();
    client.close();
    stdout.write(LEAVE);
  }
  const short = found.id.slice(0, SHORT_ID);
  if (ended === undefined) throw new Failure('The connection to the gateway was lost.', EXIT.unreachable);
  tell(ended === 'left' ? `Left ${short}; it goes on.` : `${short} is over: ${visibleText(endedWords(ended))}.`);
}

function fit(line: string, room: number): string {
  let text = line;
  while (columns(text) > room && text !== '') text = [...text].slice(0, -1).join('');
  return text;
}

function noticeWords(notice: Notice): string {
  switch (notice.kind) {
    case 'message':
      return `${notice.by} to the user: ${notice.text}`;
    case 'frozen':
      return `${notice.by} holds the input: ${notice.reason}`;
    case 'unfrozen':
      return `${notice.by} let the input go, ${notice.droppedBytes} typed bytes were dropped`;
    case 'unwatched':
      return 'nobody watches: the input is held';
    case 'attended':
      return `somebody watches: the input was let go, ${notice.droppedBytes} typed bytes were dropped`;
    case 'resynchronised':
      return `too slow for this output: ${notice.skippedBytes} bytes were left out, the screen is as it is`;
    case 'read-only':
      return 'watching only: what is typed here goes nowhere';
    case 'screen-unknown':
      return 'the screen is not known yet';
    default:
      return '';
  }
}

function endedWords({ reason, code, params = {}, exitCode, signal }: Ended): string {
  const { by, preset, detail, minutes, reason: text } = params;
  const limitMs = minutes === undefined ? undefined : Number(minutes) * 60_000;
  return endWords({ kind: reason, by, preset, detail, reason: text, limitMs, code, params, exitCode, signal }, 'en');
}
