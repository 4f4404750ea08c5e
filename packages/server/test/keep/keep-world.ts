/** A data directory with real rows and real files, and a keeper over it whose calls may be cut at any one. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEvent } from '@sallyport/core/evidence/ledger-entry.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { Session } from '@sallyport/core/model/session.js';
import { createDiskRecordingShelf } from '../../src/edges/storage/disk/disk-recording-shelf.js';
import { createDiskRecordingStore } from '../../src/edges/storage/disk/disk-recording-store.js';
import { createSqliteAuditLog } from '../../src/edges/storage/sqlite/audit-log.js';
import { createSqliteDeletionStore } from '../../src/edges/storage/sqlite/deletions.js';
import { createSqliteDirectory } from '../../src/edges/storage/sqlite/directory.js';
import { createSqliteRetentionStore } from '../../src/edges/storage/sqlite/retention.js';
import { createSqliteSessionStore } from '../../src/edges/storage/sqlite/sessions.js';
import { createRecordingKeeper, type KeeperDeps } from '../../src/gateway/keep/recording-keeper.js';
import { type FakeClock, fakeClock } from '../fixtures/fake-clock.js';
import { testDatabase } from '../fixtures/test-database.js';

export const DAY = 86_400_000;
export const FLOOR = 7 * DAY;
export const ADMIN = { actor: 'zhou', actorId: 'u9', source: '192.0.2.7' };

export interface Recorded {
  readonly userId?: string;
  readonly hostId?: string;
  readonly labels?: Record<string, string>;
  /** Of its file; the clock's now is its end. */
  readonly bytes?: number;
  readonly running?: true;
}

export class Crash extends Error {}

/** Every call of every port counts; the one that reaches `at` and all after it never happen (`before`) or are not heard of. */
function mortal<T extends object>(port: T, life: { left: number }, before: boolean): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || name === 'all') return value; // a generator: it changes nothing
      return async (...args: unknown[]) => {
        life.left -= 1;
        if (life.left < 0 || (life.left === 0 && before)) throw new Crash('the process died');
        const answer: unknown = await (value as (...all: unknown[]) => unknown).apply(target, args);
        if (life.left === 0) throw new Crash('the process died');
        return answer;
      };
    },
  });
}

export async function keepWorld(clock: FakeClock = fakeClock()) {
  const { db, folder, close } = await testDatabase();
  const directory = join(folder, 'recordings');
  const recordings = createDiskRecordingStore({ directory, clock });
  const shelf = createDiskRecordingShelf({ directory });
  const sessions = createSqliteSessionStore(db);
  const audit = createSqliteAuditLog(db, clock);
  const told: LedgerEvent[] = [];
  const destroyed = new Set<string>();
  const deps: KeeperDeps = {
    deletions: createSqliteDeletionStore(db),
    retention: createSqliteRetentionStore(db),
    sessions,
    directory: createSqliteDirectory(db),
    shelf,
    recordings,
    audit,
    keys: {
      async destroy(sessionId) {
        destroyed.add(sessionId);
      },
    },
    ledger: {
      async append(event) {
        const known = told.some(
          (one) => one.kind === 'deleted' && 'sessionId' in event && one.sessionId === event.sessionId,
        );
        if (!known) told.push(event);
        return { ...event, seq: 1, at: 0, prevHash: '', hash: '' };
      },
    },
    signHeads: async () => {},
    clock,
    random: randomBytes,
    floorMs: FLOOR,
    log: { error: () => {} },
  };
  return {
    clock,
    deps,
    folder,
    directory,
    told,
    destroyed,
    audit,
    recordings,
    keeper: createRecordingKeeper(deps),
    /** A keeper that dies at its nth call of a port. */
    dying(calls: number, before: boolean) {
      const life = { left: calls };
      const { deletions, shelf: files, audit: log, keys, ledger } = deps;
      return createRecordingKeeper({
        ...deps,
        deletions: mortal(deletions, life, before),
        shelf: mortal(files, life, before),
        audit: mortal(log, life, before),
        keys: mortal(keys, life, before),
        ledger: mortal(ledger, life, before),
      });
    },
    path: (id: string) => join(directory, id.slice(0, 2), `${id}.sprec`),
    stored: (id: string) => existsSync(join(directory, id.slice(0, 2), `${id}.sprec`)),
    /** A session with a file of its own, over now unless it runs. */
    async record({ userId = 'u1', hostId = 'h1', labels = {}, bytes = 100, running }: Recorded = {}): Promise<string> {
      const id = idFromBytes(randomBytes(16));
      const row: Session = {
        id,
        userId,
        userName: `name-${userId}`,
        hostId,
        hostName: `name-${hostId}`,
        hostAddress: '10.0.0.1',
        hostLabels: labels,
        accountId: 'a1',
        login: 'root',
        sourceAddress: '192.0.2.7',
        state: 'opening',
        cols: 80,
        rows: 24,
        createdAt: clock.now(),
        outputBytes: 0,
        nodeId: 'n1',
        leaseUntil: clock.now() + 10_000,
      };
      await sessions.create(row);
      mkdirSync(join(directory, id.slice(0, 2)), { recursive: true });
      writeFileSync(join(directory, id.slice(0, 2), `${id}.sprec`), Buffer.alloc(bytes));
      if (running === undefined) await this.end(id);
      return id;
    },
    async end(id: string): Promise<void> {
      const over = {
        state: 'ended',
        reason: { kind: 'closed-by-user' },
        endedAt: clock.now(),
        outputBytes: 1,
      } as const;
      await sessions.setOver(id, over);
    },
    session: (id: string) => sessions.get(id),
    close,
  };
}
export type KeepWorld = Awaited<ReturnType<typeof keepWorld>>;
