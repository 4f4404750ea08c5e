/**
 * The console's files, read once at start: what is not on the list does not exist, so no path from outside ever reaches
 * the disk (V6). Hashed assets are cached for ever; compressed siblings (.br, .gz) made by the build are sent as they are.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
/** The build puts the digest of what is inside into these names. */
const ASSETS = '/assets/';
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface ConsoleFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly encoded: ReadonlyMap<string, Buffer>;
}
export interface FileAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}
export interface ConsoleFiles {
  /** undefined: no such file. Paths of the app itself (`/hosts/x`) are its page; the app says what they are. */
  answer(path: string, headers: IncomingHttpHeaders): FileAnswer | undefined;
}

export async function readConsoleFiles(directory: string | undefined): Promise<ConsoleFiles> {
  const files = new Map<string, ConsoleFile>();
  if (directory !== undefined) {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const raw = new Map<string, Buffer>();
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      raw.set(`/${relative(directory, path).split(sep).join('/')}`, await readFile(path));
    }
    for (const [path, plain] of raw) {
      const type = TYPES[extname(path)];
      if (type === undefined) continue;
      const encoded = new Map<string, Buffer>();
      for (const [encoding, extension] of ENCODINGS) {
        const bytes = raw.get(path + extension);
        if (bytes) encoded.set(encoding, bytes);
      }
      const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
      files.set(path, { type, etag, plain, encoded });
    }
  }

  return {
    answer(path, headers) {
      const file = files.get(path) ?? (isAppPath(path) ? files.get('/index.html') : undefined);
      if (!file) return undefined;
      const accepted = new Set(
        (headers['accept-encoding'] ?? '').split(',').map((one) => one.split(';', 1)[0]?.trim()),
      );
      const encoding = ENCODINGS.map(([name]) => name).find((name) => accepted.has(name) && file.encoded.has(name));
      const common = {
        'content-type': file.type,
        'cache-control': path.startsWith(ASSETS) ? 'public, max-age=31536000, immutable' : 'no-cache',
        etag: file.etag,
        vary: 'accept-encoding',
      };
      if (headers['if-none-match'] === file.etag) return { status: 304, headers: common, body: undefined };
      const body = (encoding === undefined ? undefined : file.encoded.get(encoding)) ?? file.plain;
      return {
        status: 200,
        headers: { ...common, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) },
        body,
      };
    },
  };
}

/** No dot in the last part: `/sessions`, `/replay/0a1b`. A missing file stays missing. */
function isAppPath(path: string): boolean {
  return !path.slice(path.lastIndexOf('/') + 1).includes('.') && !path.startsWith(ASSETS);
}
