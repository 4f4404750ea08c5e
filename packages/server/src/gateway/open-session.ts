/**
 * From a redeemed ticket to a live session. Order (S8-S12, S19, W11): facts read again at this moment and decided (V13),
 * a place reserved, the row written, the client end told, the recording opened, and only then the target dialled. Any
 * failure after the row is told inside the terminal and stored as `failed`; nothing hangs: every step has its own limit.
 */
import type { Account, AccountSecret, Host } from '@sallyport/core/model/host.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import {
  describeProblem,
  fail,
  ok,
  type ProblemCode,
  type ProblemParams,
  type Result,
} from '@sallyport/core/model/problem.js';
import type { EndReason, Session, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { GatewayDeps } from './gateway-deps.js';
import { verifyHostKey } from './host-key-check.js';
import type { LateWork } from './late-work.js';
import type { LiveSession } from './live-session.js';
import type { ClientEnd } from './ports/client-end.js';
import { createSession } from './session.js';
import type { SessionRegistry } from './session-registry.js';
import { createRecordTap } from './taps/record-tap.js';
import type { WatchDesk } from './watch/watch-desk.js';
import { auditWatcher } from './watcher-audit.js';

/** A row's lease; the heartbeat renews it three times in this time. */
export const LEASE_MS = 9_000;
const TERM = 'xterm-256color'; // X6
/** A disk that needs longer to open a recording is no disk to record on. */
const RECORDING_PATIENCE_MS = 10_000;

export interface Opening {
  readonly principal: Principal;
  readonly host: Host;
  readonly account: Account;
  readonly client: ClientEnd;
  readonly size: TerminalSize;
}

export async function openSession(
  deps: GatewayDeps,
  late: LateWork,
  registry: SessionRegistry,
  desk: Pick<WatchDesk, 'begin'>,
  /** To its right, which may be gone since it was asked. */
  hold: (session: LiveSession) => void,
  opening: Opening,
): Promise<Result<{ readonly sessionId: string }>> {
  const { principal, host, client, size } = opening;
  const id = idFromBytes(deps.random(16));
  const place = registry.reserve(id, principal.userId, host.id);
  if (place === 'user-full') return fail('limit.user-sessions', { limit: String(deps.limits.perUser) });
  if (place === 'host-full') return fail('limit.host-sessions', { limit: String(deps.limits.perHost) });

  const row = newRow(deps, id, opening);
  const started = deps.clock.monotonic();
  try {
    await deps.sessions.create(row);
    await audit(deps, row, principal, 'session.open', 'ok');
  } catch (error) {
    registry.remove(id);
    const reason: EndReason = { kind: 'failed', code: 'unavailable', params: { detail: 'session store' } };
    await late.run('ending the row of a session that could not be audited', id, async () => {
      await deps.sessions.setOver(id, { state: 'failed', reason, endedAt: deps.clock.now(), outputBytes: 0 });
    });
    throw error;
  }
  const abort = new AbortController();
  const session = createSession(
    row,
    deps.clock,
    deps.options,
    {
      ...hooksFor(deps, late, registry, row, principal),
      ...(host.watcherRequired && { watcher: auditWatcher(deps, late, row) }),
    },
    client,
    () => abort.abort(),
    desk.begin(row),
  );
  registry.put(session);
  hold(session);
  client.step({ step: 'policy', state: 'ok', ms: Math.round(deps.clock.monotonic() - started) });
  void dial(deps, late, session, opening, abort.signal, size).catch((error: unknown) => {
    deps.log.error({ err: error, session: id }, 'opening a session failed');
    void session.end({ kind: 'failed', code: 'internal', params: { reference: id.slice(0, 8) } });
  });
  return ok({ sessionId: id });
}

async function dial(
  deps: GatewayDeps,
  late: LateWork,
  session: LiveSession,
  { principal, host, account, client }: Opening,
  signal: AbortSignal,
  size: TerminalSize,
): Promise<void> {
  const failed = (code: ProblemCode, params: ProblemParams = {}): Promise<void> => {
    // X18: the replay of a session that never opened shows why, as its page did.
    const { title, next } = describeProblem({ code, params }, 'en');
    session.recorder()?.output(Buffer.from(`${title}\r\n${next}\r\n[${code}]\r\n`));
    return session.end({ kind: 'failed', code, params });
  };

  const recorded = await startRecording(deps, late, session, host);
  if (!recorded.ok) return failed(recorded.problem.code, recorded.problem.params);
  // Ended while the recording was opened: the secret is not even unsealed.
  if (signal.aborted) return session.end({ kind: 'client-lost' });

  const sealed = await deps.vault.open('account', account.secretId);
  const secret = JSON.parse(Buffer.from(sealed).toString('utf8')) as AccountSecret;
  sealed.fill(0);

  const connected = await deps.connector.connect({
    target: {
      hostName: host.name,
      address: host.address,
      port: host.port,
      legacyAlgorithms: host.legacyAlgorithms,
    },
    login: account.login,
    secret,
    size,
    signal,
    verifyHostKey: (key) => verifyHostKey(deps, host, key, { actor: principal.name, source: principal.address }),
    onStep: (step, state, ms, detail) =>
      client.step({ step, state, ...(ms === undefined ? {} : { ms }), ...(detail === undefined ? {} : { detail }) }),
  });
  if (signal.aborted) {
    if (connected.ok) connected.value.close();
    return session.end({ kind: 'client-lost' });
  }
  if (!connected.ok) return failed(connected.problem.code, connected.problem.params);

  client.opened({
    sessionId: session.row.id,
    hostName: host.name,
    login: account.login,
    resumed: false,
    recorded: session.recorder() !== undefined,
    offset: 0,
  });
  await session.goLive(connected.value);
}

/** Opens the recording. Fails closed unless the host's policy says `allow-alert`. */
async function startRecording(
  deps: GatewayDeps,
  late: LateWork,
  session: LiveSession,
  host: Host,
): Promise<Result<void>> {
  const { row } = session;
  const onFailure = (detail: string): void => {
    void auditFailure(deps, late, row, detail);
    if (host.onRecordingFailure === 'end') void session.end({ kind: 'recording-failed', detail });
    else session.facts.unrecorded();
  };
  try {
    const opened = deps.recordings.create({
      sessionId: row.id,
      startedAt: deps.clock.now(),
      size: { cols: row.cols, rows: row.rows },
      term: TERM,
      title: `${row.userName} > ${row.hostName} (${row.login})`,
      userName: row.userName,
      hostName: row.hostName,
      login: row.login,
    });
    const writer = await inTime(deps.clock, opened);
    if (writer === undefined) {
      opened.then(
        (tardy) => tardy.seal(0),
        () => {},
      );
      throw Object.assign(new Error('the recording was not opened in time'), { code: 'ETIMEDOUT' });
    }
    session.setRecorder(
      createRecordTap(writer, deps.clock, { relief: () => session.recorderRelieved(), failure: onFailure }),
    );
    return ok(undefined);
  } catch (error) {
    const detail = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    await auditFailure(deps, late, row, detail);
    if (host.onRecordingFailure === 'end') return fail('recording.failed', { detail });
    session.facts.unrecorded();
    return ok(undefined);
  }
}

function inTime<T>(clock: GatewayDeps['clock'], work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(RECORDING_PATIENCE_MS, () => resolve(undefined));
    work.then(resolve, reject).finally(cancel);
  });
}

function newRow(deps: GatewayDeps, id: string, { principal, host, account, size }: Opening): Session {
  const now = deps.clock.now();
  return {
    id,
    userId: principal.userId,
    userName: principal.name,
    hostId: host.id,
    hostName: host.name,
    hostAddress: host.port === 22 ? host.address : `${host.address}:${host.port}`,
    hostLabels: host.labels,
    accountId: account.id,
    login: account.login,
    sourceAddress: principal.address,
    state: 'opening',
    cols: size.cols,
    rows: size.rows,
    createdAt: now,
    outputBytes: 0,
    nodeId: deps.nodeId,
    leaseUntil: now + LEASE_MS,
  };
}

function hooksFor(deps: GatewayDeps, late: LateWork, registry: SessionRegistry, row: Session, principal: Principal) {
  return {
    async live(liveAt: number): Promise<void> {
      await deps.sessions.setLive(row.id, liveAt);
      await audit(deps, row, principal, 'session.live', 'ok');
    },
    async over(state: 'ended' | 'failed', reason: EndReason, outputBytes: number, by?: Principal): Promise<void> {
      registry.remove(row.id);
      const endedAt = deps.clock.now();
      // When this process dies first the lease runs out and the row is reaped: never live for ever (W8).
      await late.run('storing the end of a session', row.id, async (since) => {
        await deps.sessions.setOver(row.id, { state, reason, endedAt, outputBytes });
        const cause = causeOf(reason);
        const detail = since === undefined ? cause : { ...cause, since };
        await audit(deps, row, by ?? principal, state === 'failed' ? 'session.failed' : 'session.end', 'ok', detail);
      });
    },
    fault(error: unknown): void {
      deps.log.error({ err: error, session: row.id }, 'a step of the end of a session failed');
    },
  };
}

/** Short strings: what somebody wrote, in what it says. */
function causeOf(reason: EndReason): Record<string, string> {
  if (reason.kind === 'failed') return { code: reason.code };
  if (reason.kind === 'ended-by-policy') return { reason: reason.kind, code: reason.code, ...reason.params };
  if (reason.kind !== 'ended-by-admin') return { reason: reason.kind };
  const { kind, by, preset, reason: text } = reason;
  return { reason: kind, by, ...(preset === undefined ? {} : { preset }), ...(text === '' ? {} : { text }) };
}

async function audit(
  deps: GatewayDeps,
  row: Session,
  principal: Principal,
  action: 'session.open' | 'session.live' | 'session.end' | 'session.failed',
  result: 'ok',
  detail: Record<string, string> = {},
): Promise<void> {
  await deps.audit.append({
    action,
    result: action === 'session.failed' ? 'failed' : result,
    actor: principal.name,
    actorId: principal.userId,
    source: principal.address,
    target: `session:${row.id}`,
    detail: { host: row.hostName, login: row.login, ...detail },
  });
}

function auditFailure(deps: GatewayDeps, late: LateWork, row: Session, detail: string): Promise<void> {
  return late.run('auditing a recording failure', row.id, async (since) => {
    await deps.audit.append({
      action: 'recording.failed',
      result: 'failed',
      actor: 'system',
      source: 'local',
      target: `session:${row.id}`,
      detail: { detail, ...(since === undefined ? {} : { since }) },
    });
  });
}
