/**
 * A gateway in this process over real parts: SQLite on its thread, recordings on disk, the vault, a shell on a real
 * terminal of this machine. Time is the test's own. Database and vault are opened once; each life gets a gateway and a
 * recording store of its own, as a new process would.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { EndReason, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import { emptyBook } from '@sallyport/core/policy/book.js';
import { createCelConditions } from '../../src/edges/checks/cel/cel-conditions.js';
import { createLocalPtyConnector } from '../../src/edges/egress/local-pty/create-local-pty-connector.js';
import { createScreenWorkers } from '../../src/edges/screen/screen-workers.js';
import { createDiskRecordingStore } from '../../src/edges/storage/disk/disk-recording-store.js';
import { createSqliteAuditLog } from '../../src/edges/storage/sqlite/audit-log.js';
import { createSqliteControlStore } from '../../src/edges/storage/sqlite/control.js';
import { openDatabase } from '../../src/edges/storage/sqlite/database.js';
import { createSqliteDirectory } from '../../src/edges/storage/sqlite/directory.js';
import { migrate } from '../../src/edges/storage/sqlite/migrations.js';
import { createSqliteSecretRows } from '../../src/edges/storage/sqlite/secrets.js';
import { createSqliteSessionStore } from '../../src/edges/storage/sqlite/sessions.js';
import { createVault } from '../../src/edges/vault/vault.js';
import { createControl } from '../../src/gateway/control/control.js';
import { openControlRoom } from '../../src/gateway/control/control-room.js';
import { reconcile } from '../../src/gateway/control/mirrored-directory.js';
import { createGateway, type StartedGateway } from '../../src/gateway/create-gateway.js';
import type { AuditLog } from '../../src/gateway/ports/audit-log.js';
import type { ClientEnd, ClientHandlers } from '../../src/gateway/ports/client-end.js';
import type { RecordingStore } from '../../src/gateway/ports/recording-store.js';
import type { SessionStore } from '../../src/gateway/ports/session-store.js';
import { type FakeClock, fakeClock } from '../fixtures/fake-clock.js';
import { bundleScreenWorker } from '../fixtures/screen-worker-bundle.js';

export const NODE = 'n1';
const SIZE: TerminalSize = { cols: 80, rows: 24 };
/** Answers each line, prints much when asked to, and leaves with a status of its own. */
const SHELL = `stty -echo; printf 'ready\\n'; while read -r line; do case "$line" in
  much) seq 1 20000; printf 'done\\n';; bye) exit 3;; *) printf 'got %s 中文\\n' "$line";; esac; done`;

export interface Life {
  readonly gateway: StartedGateway;
  readonly recordings: RecordingStore;
  /** What the operator's log was told. */
  readonly logged: string[];
}
/** A page: what it was shown, and what it was told. */
export interface Page {
  readonly client: ClientEnd;
  does(): ClientHandlers;
  text(): string;
  seen(): Buffer;
  readonly opened: { readonly sessionId: string; readonly recorded: boolean } | undefined;
  readonly ended: EndReason | undefined;
  /** The history that a resumed page was brought up to date with has ended. */
  readonly caughtUp: boolean;
  readonly notices: readonly string[];
}
export interface World {
  readonly clock: FakeClock;
  readonly directory: string;
  readonly recordingsDirectory: string;
  readonly sessions: SessionStore;
  readonly audit: AuditLog;
  readonly principal: Principal;
  readonly hostId: string;
  readonly accountId: string;
  begin(): Life;
  close(): Promise<void>;
}

export async function makeWorld(): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-faults-'));
  const recordingsDirectory = join(directory, 'recordings');
  mkdirSync(recordingsDirectory, { mode: 0o700 });
  const clock = fakeClock();
  const screens = createScreenWorkers({ worker: await bundleScreenWorker(), workers: 1 });
  const db = await openDatabase({ file: join(directory, 'sallyport.db') });
  await migrate(db);
  const stock = createSqliteDirectory(db);
  const audit = createSqliteAuditLog(db, clock);
  const sessions = createSqliteSessionStore(db);
  const vault = await createVault({
    rows: createSqliteSecretRows(db),
    masterKeyFile: join(directory, 'master.key'),
  });
  const newId = (): string => idFromBytes(randomBytes(16));
  const [userId, hostId, accountId] = [newId(), newId(), newId()];
  const stamps = { createdAt: clock.now(), updatedAt: clock.now() };
  const user = {
    id: userId,
    name: 'lin',
    displayName: '',
    role: 'operator',
    active: true,
    totpEnabled: false,
  } as const;
  await stock.createUser({ ...user, ...stamps }, 'hash');
  const connector = createLocalPtyConnector({ shell: '/bin/sh', args: ['-c', SHELL], keySeed: Buffer.alloc(32, 7) });
  const host = { id: hostId, name: 'web-01', address: 'local', port: 22, labels: {}, legacyAlgorithms: false } as const;
  await stock.createHost({ ...host, onRecordingFailure: 'end', watcherRequired: false, ...stamps });
  const { key } = await connector.probe(
    { hostName: 'web-01', address: 'local', port: 22, legacyAlgorithms: false },
    new AbortController().signal,
  );
  const seen = await stock.see({ id: newId(), hostId, ...key!, state: 'pending', firstSeenAt: clock.now() });
  await stock.decide(seen.id, 'approved', 'test', clock.now());
  const secretId = await vault.seal('account', Buffer.from(JSON.stringify({ kind: 'password', password: 'x' })));
  const room = await openControlRoom(createSqliteControlStore(db), clock, emptyBook(createCelConditions()));
  await reconcile(room, stock);
  const control = createControl(room, clock, randomBytes);
  await stock.createAccount({ id: accountId, hostId, login: 'root', kind: 'password', secretId, ...stamps });

  return {
    clock,
    directory,
    recordingsDirectory,
    sessions,
    audit,
    principal: { userId, name: 'lin', role: 'operator', via: 'web', credentialId: newId(), address: '192.0.2.7' },
    hostId,
    accountId,
    begin() {
      const logged: string[] = [];
      const log = (fields: object, message: string): void => {
        const { err } = fields as { err?: unknown };
        logged.push(err instanceof Error ? `${message}: ${err.message}` : message);
      };
      const recordings = createDiskRecordingStore({ directory: recordingsDirectory, clock });
      const gateway = createGateway({
        screens,
        directory: stock,
        sessions,
        audit,
        control,
        vault,
        recordings,
        connector,
        clock,
        random: randomBytes,
        log: { error: log, info: log },
        nodeId: NODE,
        limits: { perUser: 10, perHost: 10 },
        options: {
          resumeWindowMs: 600_000,
          idleMs: 43_200_000,
          absoluteMs: 43_200_000,
          watchNotice: 'always',
          watcherGraceMs: 60_000,
        },
      });
      return { gateway, recordings, logged };
    },
    async close() {
      await screens.close();
      await db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function makePage(): Page {
  const chunks: Buffer[] = [];
  const notices: string[] = [];
  let handlers: ClientHandlers | undefined;
  const state: { opened?: Page['opened']; ended?: EndReason; caughtUp: boolean } = { caughtUp: false };
  return {
    does: () => handlers!,
    seen: () => Buffer.concat(chunks),
    text: () => Buffer.concat(chunks).toString('utf8'),
    notices,
    get opened() {
      return state.opened;
    },
    get ended() {
      return state.ended;
    },
    get caughtUp() {
      return state.caughtUp;
    },
    client: {
      address: '192.0.2.7',
      start: (given) => {
        handlers = given;
      },
      step: () => {},
      opened: (opened) => {
        state.opened = opened;
      },
      output: (bytes) => {
        chunks.push(Buffer.from(bytes));
        handlers?.onCredit(bytes.length);
      },
      history: (bytes) => {
        // A line's last bytes may have come while nobody was there.
        chunks.push(Buffer.from(bytes));
        handlers?.onCredit(bytes.length);
        return undefined;
      },
      historySize: () => {},
      historyEnd: () => {
        state.caughtUp = true;
      },
      notice: (notice) => notices.push(notice.kind),
      ended: (reason) => {
        state.ended = reason;
      },
      pauseInput: () => {},
      resumeInput: () => {},
      detach: () => {},
    },
  };
}

/** Redeems a fresh ticket for a new session. */
export async function openOn({ gateway }: Life, world: World, page: Page): Promise<string | undefined> {
  const { principal, hostId, accountId } = world;
  const ticket = await gateway.issueTicket(principal, hostId, accountId);
  if (!ticket.ok) return undefined;
  const opened = await gateway.open(principal, ticket.value.ticket, page.client, SIZE, undefined);
  return opened.ok ? opened.value.sessionId : undefined;
}
