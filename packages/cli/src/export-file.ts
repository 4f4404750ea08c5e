/**
 * Exports to a file: whole or not at all, and never over another file unless told to. The bytes go to a draft beside the
 * file, which takes its name once everything is on the disk. The draft is opened before the gateway is asked, so that an
 * export that cannot be written is not in the audit log.
 */
import { createWriteStream, existsSync, linkSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { fileFailure, isSystemError } from './file-failure.js';

type Content = () => Promise<AsyncIterable<Uint8Array | string>>;

export interface ExportOptions {
  readonly force?: boolean;
}

/** Answers the bytes written; undefined when they went to standard output (`-`, or no file). */
export async function writeExport(
  file: string | undefined,
  { force = false }: ExportOptions,
  content: Content,
): Promise<number | undefined> {
  if (file === undefined || file === '-') {
    const source = Readable.from(await content());
    await pipeline(source, process.stdout, { end: false }).catch((error: unknown) => {
      throw brokeOff(error, 'What was printed is not whole.');
    });
    return undefined;
  }
  const kind = kindOf(file);
  if (kind === 'directory') throw fileFailure('write', file, { name: '', message: '', code: 'EISDIR' });
  if (kind === 'file' && !force) throw existsAlready(file, 'Give --force to replace it, or name another file.');
  return await (kind === 'special' ? writeStraight(file, content) : writeWhole(file, force, content));
}

/** For commands that make a file themselves. */
export function refuseToReplace(file: string): void {
  if (existsSync(file)) throw existsAlready(file, 'Name a new file.');
}

const existsAlready = (file: string, next: string): Failure =>
  new Failure(`${file} exists already.`, EXIT.conflict, next);

function kindOf(file: string): 'none' | 'file' | 'directory' | 'special' {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return 'none';
  return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'special';
}

/** Pipes and devices take bytes as they come; they are nobody's earlier file. */
async function writeStraight(file: string, content: Content): Promise<number> {
  const to = createWriteStream(file);
  await pipeline(Readable.from(await content()), to);
  return to.bytesWritten;
}

async function writeWhole(file: string, force: boolean, content: Content): Promise<number> {
  // A link is written through, as by any other program.
  const target = existsSync(file) ? realpathSync(file) : file;
  const draft = `${target}.${process.pid}.part`;
  const drop = (): void => rmSync(draft, { force: true });
  const interrupted = (): never => process.exit(EXIT.interrupted);
  let fd: number;
  try {
    fd = openSync(draft, 'wx', 0o600);
  } catch (error) {
    throw isSystemError(error) ? fileFailure('write', file, error) : error;
  }
  process.on('exit', drop);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const to = createWriteStream(draft, { fd, flush: true });
  try {
    await pipeline(Readable.from(await content()), to);
    if (force) renameSync(draft, target);
    else nameOnce(draft, target);
    return to.bytesWritten;
  } catch (error) {
    to.destroy();
    if (isSystemError(error) && error.code === 'EEXIST') throw existsAlready(file, 'Give --force to replace it.');
    if (isSystemError(error)) throw fileFailure('write', file, error);
    throw brokeOff(error, `${file} was not written.`);
  } finally {
    drop();
    process.removeListener('exit', drop).removeListener('SIGINT', interrupted).removeListener('SIGTERM', interrupted);
  }
}

/** Takes the name only while it is free: another program may have taken it meanwhile. */
function nameOnce(draft: string, target: string): void {
  try {
    linkSync(draft, target);
  } catch (error) {
    // File systems without links: FAT, some network ones.
    if (!isSystemError(error) || error.code === 'EEXIST' || existsSync(target)) throw error;
    renameSync(draft, target);
  }
}

/** The gateway went away in the middle, or found the recording damaged. */
function brokeOff(error: unknown, what: string): unknown {
  if (error instanceof Failure || isSystemError(error)) return error;
  return new Failure(`The export broke off before its end. ${what}`, EXIT.unreachable, 'Try again.');
}
