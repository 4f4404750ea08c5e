// @ts-check
/**
 * The thread that owns the SQLite handle. SQLite is synchronous: a slow disk, or another process holding the write lock
 * for the whole busy timeout, would otherwise stop every keystroke of every session (F5). Here only queries wait.
 *
 * node:sqlite when this Node has it, else libsql: one adapter, `openEngine`. Plain JavaScript (checked by tsc) because a
 * worker is loaded by path, and this path is the same in the sources, which the tests run, and in the build.
 */
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * @typedef {{ columns: boolean, all(values: unknown[]): unknown[], run(values: unknown[]): number }} Statement
 * @typedef {{ name: 'node' | 'libsql', prepare(sql: string): Statement, close(): void }} Engine
 */

const BUSY_TIMEOUT_MS = 5000;
/** Distinct texts are few (queries are code); `in (...)` lists vary, hence a bound. */
const STATEMENT_CACHE_MAX = 200;
/** Primary result codes a caller may act on. */
const CODES = new Map([
  [5, 'SQLITE_BUSY'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [19, 'SQLITE_CONSTRAINT'],
  [26, 'SQLITE_NOTADB'],
]);

/** @param {string} file @param {'node' | 'libsql' | undefined} wanted @returns {Promise<Engine>} */
async function openEngine(file, wanted) {
  // Typed loosely: the types of the oldest supported Node know no node:sqlite.
  const builtin = /** @type {{ DatabaseSync: new (file: string) => any } | undefined} */ (
    wanted === 'libsql' ? undefined : /** @type {unknown} */ (process.getBuiltinModule?.('node:sqlite'))
  );
  if (builtin !== undefined) {
    const handle = new builtin.DatabaseSync(file);
    return {
      name: 'node',
      close: () => handle.close(),
      prepare(sql) {
        const statement = handle.prepare(sql);
        return {
          columns: statement.columns === undefined ? looksLikeReader(sql) : statement.columns().length > 0,
          all: (values) => statement.all(...values),
          run: (values) => Number(statement.run(...values).changes),
        };
      },
    };
  }
  if (wanted === 'node') throw new Error('this Node has no node:sqlite');
  const { default: Libsql } = await import('libsql');
  const handle = new Libsql(file);
  return {
    name: 'libsql',
    close: () => handle.close(),
    prepare(sql) {
      const statement = handle.prepare(sql);
      return {
        columns: statement.reader,
        all: (values) => statement.all(values),
        run: (values) => Number(statement.run(values).changes),
      };
    },
  };
}

/** For Node 22 before `columns()`. Our own texts only. @param {string} sql */
function looksLikeReader(sql) {
  return /^\s*(select|with|pragma|values|explain)\b/i.test(sql) || /\breturning\b/i.test(sql);
}

/**
 * libsql ends the process on a type it does not know, and both cut text at NUL (PostgreSQL refuses it): all values pass
 * here. @param {unknown} value
 */
function bindable(value) {
  switch (typeof value) {
    case 'string':
      return value.replaceAll('\0', '\ufffd');
    case 'number':
    case 'bigint':
      return value;
    default:
      if (value === null) return value;
      throw new TypeError(`a ${typeof value} cannot be stored`);
  }
}

/** @param {unknown} error */
function told(error) {
  const { message, code, errcode, rawCode } = /** @type {Record<string, unknown>} */ (error);
  const number = typeof errcode === 'number' ? errcode : typeof rawCode === 'number' ? rawCode : undefined;
  const known = number === undefined ? undefined : CODES.get(number & 0xff);
  return { message: String(message), code: known ?? (typeof code === 'string' ? code : undefined) };
}

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const engine = await openEngine(workerData.file, workerData.engine).catch((error) => {
  port.postMessage({ id: 0, error: told(error) });
  return undefined;
});

/** @type {Map<string, Statement>} */
const cache = new Map();
/** @param {Engine} open @param {string} sql */
function prepared(open, sql) {
  const hit = cache.get(sql);
  if (hit !== undefined) return hit;
  const statement = open.prepare(sql);
  if (!/^\s*(select|insert|update|delete)\b/i.test(sql)) {
    if (!/^\s*(begin|commit|rollback)\b/i.test(sql)) cache.clear(); // the schema may change under them
    return statement;
  }
  if (cache.size >= STATEMENT_CACHE_MAX) cache.clear();
  cache.set(sql, statement);
  return statement;
}

/** @param {Engine} open @param {string} sql @param {readonly unknown[]} values */
function execute(open, sql, values) {
  const statement = prepared(open, sql);
  try {
    const bound = values.map(bindable);
    return statement.columns ? { rows: statement.all(bound) } : { changes: statement.run(bound) };
  } catch (error) {
    cache.delete(sql); // may not have been reset
    throw error;
  }
}

if (engine !== undefined) {
  try {
    execute(engine, `PRAGMA busy_timeout=${BUSY_TIMEOUT_MS}`, []);
    execute(engine, 'PRAGMA journal_mode=WAL', []);
    // FULL, not NORMAL: a session's row and an audit entry must survive a power cut once told, and the sync is paid on
    // this thread, once per group of entries.
    execute(engine, 'PRAGMA synchronous=FULL', []);
    execute(engine, 'PRAGMA foreign_keys=ON', []);
    execute(engine, 'PRAGMA trusted_schema=OFF', []);
    // What is deleted is overwritten: the key of a deleted recording must not be found in a free page.
    execute(engine, 'PRAGMA secure_delete=ON', []);
    port.postMessage({ id: 0, engine: engine.name });
  } catch (error) {
    port.postMessage({ id: 0, error: told(error) });
  }
  port.on('message', (/** @type {{ id: number, sql?: string, values?: unknown[] }} */ { id, sql, values }) => {
    if (sql === undefined) {
      cache.clear();
      engine.close();
      port.postMessage({ id });
      port.close();
      return;
    }
    try {
      port.postMessage({ id, ...execute(engine, sql, values ?? []) });
    } catch (error) {
      port.postMessage({ id, error: told(error) });
    }
  });
}
