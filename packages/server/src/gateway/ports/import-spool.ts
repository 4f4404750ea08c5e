/**
 * A file somebody sends, kept until it was read twice: once to see that all of it can be used, once to use it. So a file
 * that is refused leaves nothing behind.
 *
 * Traps: `keep` holds pieces, never the file; it unpacks gzip while it stores and stops at the limit, which counts
 * unpacked bytes (V45). What is kept survives no crash.
 */
import type { Result } from '@sallyport/core/model/problem.js';

export interface SpooledFile {
  /** Unpacked. */
  readonly bytes: number;
  /** Hex, of the file as it was sent. */
  readonly sha256: string;
  read(): AsyncIterable<Uint8Array>;
  drop(): Promise<void>;
}

export interface ImportSpool {
  /** `import.too-large`, `import.invalid` when gzip breaks, `unavailable` when it cannot be stored. */
  keep(source: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Result<SpooledFile>>;
}
