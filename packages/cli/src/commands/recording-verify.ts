import { describeFinding, type Finding, sessionTime } from '@sallyport/core/cast/recording-report.js';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import type { Page, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { RecordingVerifyAnswer } from '@sallyport/core/wire/evidence-messages.js';
import type { Command } from 'commander';
import {
  type CommonOptions,
  configOf,
  gatewayOf,
  remote,
  type SettingOptions,
  withSettings,
} from '../command-options.js';
import { type EvidenceFiles, readEvidenceFiles } from '../evidence-files.js';
import { EXIT } from '../exit-code.js';
import { Failure, usage } from '../failure.js';
import { findSession } from '../finding.js';
import { paint, print, printJson } from '../terminal.js';

type Options = CommonOptions & SettingOptions & EvidenceFiles & { readonly all?: boolean };
type Verdict = RecordingVerifyAnswer & { readonly sessionId: string };

export function addRecordingVerifyCommand(recording: Command): void {
  withSettings(
    remote(
      recording
        .command('verify [id]')
        .description('check hashes, signatures and ledger; with --data straight from a data directory')
        .option('--all', 'every recording there is or must be')
        .option('--key <file>', 'with --data: public keys to trust (JWK, JWK Set or PEM) instead of those found there'),
    ),
    ['data'],
  )
    .addHelpText('before', 'Example: sallyport recording verify s7k2q4\n')
    .action(verify);
}

async function verify(id: string | undefined, options: Options): Promise<void> {
  if ((id === undefined) === (options.all !== true)) throw usage('Name the id of a recording, or --all.');
  const local = (options.data ?? options.config) !== undefined;
  if (!local && options.key !== undefined) throw usage('--key needs --data: a gateway verifies with its own keys');
  const seen: Verdict[] = [];
  let damaged = 0;
  for await (const verdict of local ? onData(id, options) : atGateway(id, options)) {
    seen.push(verdict);
    if (!verdict.ok) damaged += 1;
    if (options.json !== true) show(verdict);
  }
  if (options.json === true) printJson(id === undefined ? { items: seen } : seen[0]);
  if (damaged > 0) {
    const which = id === undefined ? `${damaged} of ${seen.length} recordings do` : 'The recording does';
    throw new Failure(`${which} not stand up to the check.`, EXIT.conflict);
  }
  if (id === undefined && options.json !== true) print(`ok  ${seen.length} recordings`);
}

async function* atGateway(id: string | undefined, options: Options): AsyncGenerator<Verdict> {
  const gateway = gatewayOf(options);
  const ask = async (sessionId: string): Promise<Verdict> => ({
    ...(await gateway.get<RecordingVerifyAnswer>(`recordings/${sessionId}/verify`)),
    sessionId,
  });
  if (id !== undefined) {
    yield await ask((await findSession(gateway, id)).id);
    return;
  }
  let cursor: string | undefined;
  do {
    const page: Page<SessionAnswer> = await gateway.get('sessions', { limit: 500, cursor });
    for (const { id: sessionId, recording } of page.items) if (recording !== undefined) yield await ask(sessionId);
    cursor = page.next;
  } while (cursor !== undefined);
}

async function* onData(id: string | undefined, options: Options): AsyncGenerator<Verdict> {
  const { openEvidence } = await import('@sallyport/server/app/offline-evidence.js');
  const evidence = await openEvidence(configOf(options).values, await readEvidenceFiles(options));
  try {
    const all = await evidence.recorded();
    const wanted = id === undefined ? all : all.filter((one) => one.startsWith(id));
    if (id !== undefined && wanted.length !== 1) {
      if (wanted.length > 1) throw usage(`More than one recording begins with ${id}`, 'Type more of the id.');
      throw new Failure(`There is no recording ${id}.`, EXIT.notFound);
    }
    for (const sessionId of wanted) {
      const verdict = await evidence.verifyRecording(sessionId);
      if (verdict !== undefined)
        yield { ...verdict, findings: [...verdict.findings], signatures: signaturesOf(verdict), sessionId };
    }
  } finally {
    await evidence.close();
  }
}

const signaturesOf = ({
  signatures,
}: {
  readonly signatures: { readonly keyIds: readonly string[]; readonly count: number };
}) => ({
  ...signatures,
  keyIds: [...signatures.keyIds],
});

function show(verdict: Verdict): void {
  const { ok, sessionId, number, findings, signatures, growing } = verdict;
  const word = ok ? paint('green', 'ok', process.stdout) : paint('red', 'DAMAGED', process.stdout);
  const { last } = signatures;
  const signed =
    last === undefined
      ? 'no signature of its own'
      : `signed ${new Date(last.signedAt).toISOString()} by ${last.keyId.slice(0, 12)}…, ${sessionTime(last.us)}`;
  const name = number === undefined ? sessionId : `${sessionId} (no. ${number})`;
  print(
    [
      word,
      name,
      `${verdict.chunks} chunks, ${verdict.bytes} bytes`,
      growing ? 'not yet sealed' : verdict.state,
      signed,
    ].join('  '),
  );
  for (const finding of findings) print(`    ${visibleText(describeFinding(finding as Finding))}`);
}
