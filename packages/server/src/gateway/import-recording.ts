/**
 * From a stranger's file to an ordinary recording. Read twice: first to see that the whole file can be used, so that a
 * refused one leaves neither a row nor a recording; then written through the recording store like a session's output, so
 * that chain, seal and keeping are the same. The row exists before the first byte, and what a crash cuts off is found by
 * its lease as with any session.
 */
import { type AsciicastCounts, AsciicastDecoder } from '@sallyport/core/cast/asciicast-import.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { ImportOrigin } from '@sallyport/core/model/import-origin.js';
import { fail, ok, type Problem, type Result } from '@sallyport/core/model/problem.js';
import type { Session, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { GatewayDeps } from './gateway-deps.js';
import type { ImportSpool, SpooledFile } from './ports/import-spool.js';
import type { RecordingWriter } from './ports/recording-store.js';

export interface ImportRequest {
  readonly body: AsyncIterable<Uint8Array>;
  readonly fileName: string;
  /** Keep what was typed, if the file has it. */
  readonly keepInput: boolean;
}
export interface Imported {
  readonly session: Session;
  readonly durationMs: number;
  readonly truncated: boolean;
  readonly counts: AsciicastCounts;
}
export type ImportRecording = (principal: Principal, request: ImportRequest) => Promise<Result<Imported>>;

export interface ImportDeps
  extends Pick<GatewayDeps, 'sessions' | 'recordings' | 'audit' | 'clock' | 'random' | 'nodeId'> {
  readonly spool: ImportSpool;
  readonly maxImportBytes: number;
}

/** Longer than the largest file takes; a restart of this node ends the row at once. */
const LEASE_MS = 60 * 60_000;
/** What is handed to the store before waiting for it: events that are no output do not count as its pressure. */
const FLUSH_BYTES = 2 * 1024 * 1024;
const EVENT_COST_BYTES = 16;
const MAX_NAME = 128;

/** One at a time: an import is never worth the echo of a live session. */
export function createRecordingImport(deps: ImportDeps): ImportRecording {
  let busy = false;
  return async (principal, request) => {
    if (busy) return fail('unavailable', { detail: 'another file is being imported' });
    busy = true;
    try {
      const kept = await deps.spool.keep(request.body, deps.maxImportBytes);
      if (!kept.ok) return await refused(deps, principal, request, kept.problem);
      try {
        return await importFile(deps, principal, request, kept.value);
      } finally {
        await kept.value.drop();
      }
    } finally {
      busy = false;
    }
  };
}

async function importFile(
  deps: ImportDeps,
  principal: Principal,
  request: ImportRequest,
  file: SpooledFile,
): Promise<Result<Imported>> {
  const looked = new AsciicastDecoder(request);
  let end: RecordedEvent | undefined;
  for await (const event of eventsOf(looked, file)) end = event;
  const { header, fault, counts } = looked;
  if (header === undefined || end?.type !== 'end') {
    const { line, column, detail } = fault ?? { line: 1, column: 1, detail: 'the file ends too early' };
    const params = { line: String(line), column: String(column), detail };
    return refused(deps, principal, request, { code: 'import.invalid', params });
  }

  const now = deps.clock.now();
  const { title, command, startedAt } = header;
  const fileName = shown(request.fileName.replace(/^.*[/\\]/s, '')) || 'recording.cast';
  const origin: ImportOrigin = {
    format: `asciicast-v${header.version}`,
    fileName,
    sha256: file.sha256,
    importedAt: now,
    importedBy: principal.name,
    ...(title === undefined ? {} : { title }),
    ...(command === undefined ? {} : { command }),
    ...(startedAt === undefined ? {} : { recordedAt: startedAt }),
  };
  const session = newRow(deps, principal, header.size, origin);
  await deps.sessions.create(session);
  const over = (reason: Parameters<typeof deps.sessions.setOver>[1]['reason'], outputBytes: number) =>
    deps.sessions.setOver(session.id, { state: 'ended', reason, endedAt: now, outputBytes });
  try {
    const writer = await deps.recordings.create({
      sessionId: session.id,
      startedAt: startedAt ?? now,
      size: header.size,
      term: header.term ?? 'xterm-256color',
      ...(header.shell === undefined ? {} : { shell: header.shell }),
      title: title ?? fileName,
      userName: session.userName,
      hostName: session.hostName,
      login: '',
      origin,
    });
    await write(writer, eventsOf(new AsciicastDecoder(request), file));
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'the recording could not be written';
    await over({ kind: 'recording-failed', detail }, 0);
    return refused(deps, principal, request, { code: 'unavailable', params: { detail } }, session.id);
  }
  await over({ kind: 'imported' }, end.offset);
  await tell(deps, principal, 'ok', session.id, { file: fileName, format: origin.format, sha256: file.sha256 });
  const ended = (await deps.sessions.get(session.id)) ?? session;
  return ok({ session: ended, durationMs: end.atMs, truncated: end.truncated === true, counts });
}

async function* eventsOf(decoder: AsciicastDecoder, file: SpooledFile): AsyncGenerator<RecordedEvent> {
  for await (const piece of file.read()) {
    yield* decoder.push(piece);
    if (decoder.fault !== undefined) return;
  }
  yield* decoder.finish();
}

/** Rejects when the store fails; what was written until then is sealed as truncated by the store. */
async function write(writer: RecordingWriter, events: AsyncIterable<RecordedEvent>): Promise<void> {
  let failure: string | undefined;
  writer.onFailure((detail) => {
    failure = detail;
  });
  let unflushed = 0;
  for await (const event of events) {
    if (event.type === 'end') {
      await writer.seal(event.atMs, event.exitCode, event.truncated === true ? 'cut' : undefined);
      break;
    }
    if (event.type === 'resize') writer.resize(event.atMs, event.size);
    else if (event.type === 'marker') writer.marker(event.atMs, event.label);
    else writer[event.type](event.atMs, event.bytes);
    unflushed += EVENT_COST_BYTES + ('bytes' in event ? event.bytes.length : 0);
    if (unflushed < FLUSH_BYTES) continue;
    unflushed = 0;
    await writer.flush();
  }
  if (failure !== undefined) throw new Error(failure);
}

function newRow(deps: ImportDeps, principal: Principal, size: TerminalSize, origin: ImportOrigin): Session {
  const { importedAt } = origin;
  return {
    id: idFromBytes(deps.random(16)),
    userId: principal.userId,
    userName: principal.name,
    hostId: '',
    hostName: shown(origin.title ?? '') || origin.fileName,
    hostAddress: '',
    accountId: '',
    login: '',
    sourceAddress: principal.address,
    state: 'opening',
    cols: size.cols,
    rows: size.rows,
    createdAt: importedAt,
    liveAt: importedAt,
    outputBytes: 0,
    nodeId: deps.nodeId,
    leaseUntil: importedAt + LEASE_MS,
    origin,
  };
}

async function refused(
  deps: ImportDeps,
  principal: Principal,
  { fileName }: ImportRequest,
  problem: Problem,
  sessionId?: string,
): Promise<Result<never>> {
  const { line, detail, limit } = problem.params ?? {};
  await tell(deps, principal, 'failed', sessionId, {
    file: shown(fileName),
    code: problem.code,
    ...(line === undefined ? {} : { line }),
    ...(limit === undefined ? {} : { limit }),
    ...(detail === undefined ? {} : { detail }),
  });
  return { ok: false, problem };
}

const tell = (
  { audit }: ImportDeps,
  { name, userId, address }: Principal,
  result: 'ok' | 'failed',
  sessionId: string | undefined,
  detail: Readonly<Record<string, string>>,
): Promise<unknown> =>
  audit.append({
    action: 'recording.import',
    result,
    actor: name,
    actorId: userId,
    source: address,
    ...(sessionId === undefined ? {} : { target: `recording:${sessionId}` }),
    detail,
  });

/** Names stand in lists and on terminals: what controls or hides text is dropped (V33). */
const shown = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '')
    .trim()
    .slice(0, MAX_NAME);
