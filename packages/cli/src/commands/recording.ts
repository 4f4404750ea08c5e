import { createReadStream, openSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { lengthText } from '@sallyport/core/model/session-length.js';
import type { ImportAnswer, Page, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { EXPORT_FORMATS } from '@sallyport/core/wire/api-requests.js';
import { type Command, Option } from 'commander';
import { type CommonOptions, gatewayOf, moment, remote, wholeNumber } from '../command-options.js';
import { type ExportOptions, writeExport } from '../export-file.js';
import { fileFailure, isSystemError } from '../file-failure.js';
import { findSession, SHORT_ID } from '../finding.js';
import { ago, print, printJson, printTable, tell } from '../terminal.js';
import { addRecordingEvidenceCommand } from './recording-evidence.js';
import { addRecordingVerifyCommand } from './recording-verify.js';
import { addKeepCommands, keptText } from './retention.js';
import { lengthOf } from './session.js';

interface ListOptions extends CommonOptions {
  readonly limit: number;
}
interface PartOptions extends CommonOptions, ExportOptions {
  readonly format: string;
  readonly from?: number;
  readonly to?: number;
}

export function addRecordingCommands(program: Command): void {
  const recording = program.command('recording').description('recordings of sessions');
  remote(
    recording
      .command('ls [query]')
      .description('list recordings, newest first')
      .option('--limit <count>', 'how many at most', wholeNumber('--limit', 1, 500), 50),
  ).action(listRecordings);
  remote(
    recording
      .command('export <id> [file]')
      .description('write a recording to a file, or to standard output')
      .addOption(
        new Option(
          '--format <format>',
          'asciicast plays with asciinema, text is to read, svg moves in a page, raw is Sallyport’s own container',
        )
          .choices(EXPORT_FORMATS)
          .default('asciicast-v2'),
      )
      .option('--force', 'replace the file when it exists')
      .option('--from <time>', 'begin there, such as 90s, 1m30s or 1:30', moment('--from'))
      .option('--to <time>', 'end there', moment('--to')),
  )
    .addHelpText('before', 'Example: sallyport recording export s7k2q4 web-01.cast && asciinema play web-01.cast\n')
    .action(exportRecording);
  remote(
    recording
      .command('import <file...>')
      .description('take asciicast files (version 1, 2 or 3, plain or gzip) as recordings')
      .option('--keep-input', 'keep what was typed, if a file has it: it may hold passwords'),
  )
    .addHelpText('before', 'Example: sallyport recording import demo.cast\n')
    .action(importRecordings);
  addRecordingEvidenceCommand(recording);
  addRecordingVerifyCommand(recording);
  addKeepCommands(recording);
}

async function listRecordings(q: string | undefined, options: ListOptions): Promise<void> {
  const query = { q, limit: options.limit };
  const page = await gatewayOf(options).get<Page<SessionAnswer>>('sessions', query);
  const recorded = page.items.filter(
    ({ recording, deletion }) => deletion !== undefined || (recording !== undefined && recording.state !== 'missing'),
  );
  if (options.json === true)
    return printJson({ items: recorded, ...(page.next === undefined ? {} : { next: page.next }) });
  printTable(
    ['ID', 'USER', 'HOST', 'AS', 'STARTED', 'LENGTH', 'OUTPUT', 'STATE', 'KEPT UNTIL'],
    recorded.map((session) => [
      session.id.slice(0, SHORT_ID),
      session.userName,
      session.hostName,
      session.login,
      ago(session.createdAt),
      lengthOf(session),
      `${Math.ceil((session.recording?.outputBytes ?? 0) / 1000)} kB`,
      session.recording?.state,
      keptText(session),
    ]),
  );
}

async function exportRecording(id: string, file: string | undefined, options: PartOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const session = await findSession(gateway, id);
  const { format, from: fromMs, to: toMs } = options;
  const query = { format, fromMs, toMs };
  const bytes = await writeExport(file, options, () => gateway.download(`recordings/${session.id}/export`, query));
  if (bytes === undefined) return;
  if (options.json === true) printJson({ file, format, bytes });
  else tell(`Wrote ${file} (${format}, ${bytes} bytes).`);
}

/** One after the other; the first that is refused ends it, and those before it stay. */
async function importRecordings(
  files: readonly string[],
  options: CommonOptions & { readonly keepInput?: boolean },
): Promise<void> {
  const gateway = gatewayOf(options);
  const input = options.keepInput === true ? 'keep' : undefined;
  const taken: ImportAnswer[] = [];
  for (const file of files) {
    const content = readingOf(file);
    const answer = await gateway.upload<ImportAnswer>('recordings/import', content, { name: basename(file), input });
    taken.push(answer);
    if (options.json !== true) print(`${answer.sessionId.slice(0, SHORT_ID)}  ${file}  ${told(answer)}`);
  }
  if (options.json === true) printJson({ items: taken });
}

/** Opened before the gateway is asked. */
function readingOf(file: string): Readable {
  try {
    return createReadStream(file, { fd: openSync(file, 'r') });
  } catch (error) {
    throw isSystemError(error) ? fileFailure('read', file, error) : error;
  }
}

const LEFT: readonly (readonly [keyof ImportAnswer['left'], string])[] = [
  ['input', 'typed input left out'],
  ['unknown', 'unknown events left out'],
  ['times', 'times that went back'],
  ['sizes', 'sizes out of range'],
  ['characters', 'broken characters'],
];
function told({ format, durationMs, truncated, left }: ImportAnswer): string {
  const notes = LEFT.filter(([key]) => left[key] > 0).map(([key, words]) => `${words}: ${left[key]}`);
  return [`${format}, ${lengthText(durationMs)}`, ...(truncated ? ['the last line is cut'] : []), ...notes].join('; ');
}
