/**
 * Kysely's SQLite dialect over a thread: the compiler, adapter and introspector are Kysely's own, the driver sends each
 * statement to sqlite-thread.js. One connection, handed to one query or transaction at a time. Every transaction begins
 * IMMEDIATE: all of ours write, and a deferred one that upgrades later fails at once when another process wrote between
 * (two processes share the file: the server and the command line).
 */
import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

export type SqliteEngine = 'node' | 'libsql';

interface Answer {
  readonly id: number;
  readonly engine?: SqliteEngine;
  readonly rows?: unknown[];
  readonly changes?: number;
  readonly error?: { readonly message: string; readonly code?: string };
}

export interface SqliteThread {
  readonly engine: SqliteEngine;
  execute(sql: string, values: readonly unknown[]): Promise<Answer>;
  close(): Promise<void>;
}

/** `code` is SQLite's primary result code, as in `SQLITE_BUSY`. The statement's values never stand in the message. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}

export async function startSqliteThread(file: string, engine?: SqliteEngine): Promise<SqliteThread> {
  const worker = new Worker(new URL('./sqlite-thread.js', import.meta.url), {
    workerData: { file, engine },
    // node:sqlite still calls itself experimental at each start; nothing an operator could act on.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    name: 'database',
  });
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  let lastId = 0;
  let gone: Error | undefined;

  const wait = (id: number): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) worker.ref(); // an idle database does not keep the process alive
      waiting.set(id, { resolve, reject });
    });
  const fallen = (error: Error): void => {
    gone ??= error;
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  worker.on('error', (error: unknown) => fallen(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fallen(new Error('the database is closed')));
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.error === undefined) asked?.resolve(answer);
    else asked?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
  });

  const send = (message: { sql?: string; values?: readonly unknown[] }): Promise<Answer> => {
    if (gone !== undefined) return Promise.reject(gone);
    lastId += 1;
    const answer = wait(lastId);
    worker.postMessage({ id: lastId, ...message });
    return answer;
  };
  const opened = await wait(0).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return {
    engine: opened.engine ?? 'libsql',
    execute: (sql, values) => send({ sql, values }),
    async close() {
      if (gone !== undefined) return;
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      await send({});
      worker.ref();
      await exited;
    },
  };
}

export function sqliteDialect(thread: SqliteThread): Dialect {
  return {
    createDriver: () => createDriver(thread),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    // Kysely leaves migrations of SQLite outside a transaction; SQLite can do better, and two processes may start at once.
    createAdapter: () =>
      Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true, enumerable: true }),
  };
}

function createDriver(thread: SqliteThread): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changes } = await thread.execute(sql, parameters);
      if (rows !== undefined) return { rows: rows as R[] };
      return { rows: [], numAffectedRows: BigInt(changes ?? 0) };
    },
    // An open cursor would pin the write-ahead log; long reads page by key instead.
    streamQuery: () => {
      throw new Error('streaming is not offered; page by key');
    },
  };
  let last: Promise<void> = Promise.resolve();
  let release: () => void = () => {};
  const run = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  // A rollback that failed may have left its transaction open. Whatever came next would be written into it and told as
  // stored, and no other could ever begin (F26): so nothing comes next before it is undone.
  let inDoubt = false;
  const rollBack = async (): Promise<void> => {
    inDoubt = true;
    try {
      await run('rollback');
    } catch (error) {
      // SQLite undoes a transaction by itself after some failures.
      if (!(error instanceof Error) || !error.message.includes('no transaction is active')) throw error;
    }
    inDoubt = false;
  };
  return {
    init: async () => {},
    async acquireConnection() {
      const before = last;
      let mine: () => void = () => {};
      last = new Promise((resolve) => {
        mine = resolve;
      });
      await before;
      try {
        if (inDoubt) await rollBack();
      } catch (error) {
        mine();
        throw error;
      }
      release = mine;
      return connection;
    },
    releaseConnection: async () => release(),
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    // The failure that led here is the one to tell.
    rollbackTransaction: () => rollBack().catch(() => {}),
    async destroy() {
      await last; // a transaction under way is finished, not cut
      await thread.close();
    },
  };
}
