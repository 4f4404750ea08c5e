/**
 * Checks a whole recording: every hash, the chain, the seal, every signature. Goes on after damage, so that each place is
 * named once with its bytes and its time. Pure: bytes, SHA-256 and Ed25519 are arguments, and where they are synchronous
 * it waits for nothing, so that it runs at about the speed of SHA-256. Memory: a megabyte, or the largest chunk.
 *
 * It looks at stored bytes only, so encrypted recordings are checked without their key. What the bytes mean is not
 * looked at: a chunk its writer filled wrongly is still the chunk that was written.
 */
import { toHex } from '../evidence/base64url.js';
import type { SigningKey } from '../evidence/signing-key.js';
import { type ChunkHeader, checkSuccession, sameHash } from './chunk-header.js';
import { type ByteSource, ChunkProbe, type HashFunction, type NoChunk, type WholeChunk } from './chunk-probe.js';
import { CHUNK_KIND, CHUNK_TRAILER_BYTES, checkPreamble, encodePreamble, PREAMBLE_BYTES } from './container.js';
import { FindingList } from './finding-list.js';
import { decodeRecordingHeader, type RecordingHeader } from './recording-header.js';
import type { RecordingReport } from './recording-report.js';
import { decodeSeal, type Seal } from './seal.js';
import { SignatureCheck, type VerifySignature } from './signature-check.js';

export interface VerifyTools {
  readonly sha256: HashFunction;
  readonly ed25519: VerifySignature;
}
export interface VerifyOptions {
  /** Whose signatures count. With none every signature is of an unknown key. */
  readonly keys: readonly SigningKey[];
  /** The session that it should be of. */
  readonly sessionId?: string;
  /** Still being written: that its end is missing is no finding. */
  readonly growing?: boolean;
  /** Bytes checked so far; at most once a megabyte. */
  onProgress?(bytes: number): void;
}

const PROGRESS_BYTES = 1024 * 1024;

export async function verifyRecording(
  source: ByteSource,
  tools: VerifyTools,
  options: VerifyOptions,
): Promise<RecordingReport> {
  return await new Verification(source, tools, options).run();
}

class Verification {
  private readonly source: ByteSource;
  private readonly options: VerifyOptions;
  private readonly sha256: HashFunction;
  private readonly probe: ChunkProbe;
  private readonly findings = new FindingList();
  private readonly signatures: SignatureCheck;
  /** The last chunk in its place, and its hash. */
  private before: ChunkHeader | undefined;
  private beforeAt = 0;
  private previous: Uint8Array = new Uint8Array(0);
  private chunks = 0;
  private header: RecordingHeader | undefined;
  private seal: { readonly seal: Seal; readonly header: ChunkHeader } | undefined;
  private progress = 0;

  constructor(source: ByteSource, tools: VerifyTools, options: VerifyOptions) {
    this.source = source;
    this.options = options;
    this.sha256 = tools.sha256;
    this.probe = new ChunkProbe(source, tools.sha256);
    this.signatures = new SignatureCheck(options.keys, tools.ed25519, this.findings);
  }

  async run(): Promise<RecordingReport> {
    const { size } = this.source;
    let at = await this.start();
    while (at < size) {
      const looked = this.probe.at(at);
      const chunk = looked instanceof Promise ? await looked : looked;
      if ('fault' in chunk) at = await this.skipDamage(at, chunk);
      else at = this.passed(chunk) ? chunk.end : await this.accept(chunk);
      if (at - this.progress < PROGRESS_BYTES) continue;
      this.progress = at;
      this.options.onProgress?.(at);
    }
    this.end();
    return this.report();
  }

  private get due(): number {
    return this.before === undefined ? 0 : this.before.sequence + 1;
  }
  private get reachedUs(): number {
    return this.before?.lastUs ?? 0;
  }

  private async start(): Promise<number> {
    const { size } = this.source;
    const found = size < PREAMBLE_BYTES ? new Uint8Array(0) : new Uint8Array(await this.probe.bytes(0, PREAMBLE_BYTES));
    this.previous = await this.sha256(found);
    const wrong = checkPreamble(found);
    if (wrong === undefined) return PREAMBLE_BYTES;
    const to = Math.min(size, PREAMBLE_BYTES);
    this.findings.add({ kind: 'not-a-recording', from: 0, to, fromUs: 0, toUs: 0, detail: wrong });
    // The chain begins with the preamble as it was written, which there is but one of.
    this.previous = await this.sha256(encodePreamble());
    return to;
  }

  /** Nearly all chunks: events, in their place. Waits for nothing. */
  private passed({ header, position, hash }: WholeChunk): boolean {
    if (header.kind !== CHUNK_KIND.EVENTS || this.seal !== undefined) return false;
    if (!sameHash(header.previous, this.previous) || checkSuccession(this.before, header) !== undefined) return false;
    this.before = header;
    this.beforeAt = position;
    this.previous = hash;
    this.chunks += 1;
    return true;
  }

  /** A whole chunk stands here. Answers where to go on. */
  private async accept(chunk: WholeChunk): Promise<number> {
    const { header, position, end } = chunk;
    const { sequence, firstUs } = header;
    const unfit = checkSuccession(this.before, header);
    const linked = sameHash(header.previous, this.previous);
    if (unfit === undefined && linked) return await this.take(chunk);
    if (this.before === undefined && sequence === 0) {
      // Only the preamble stands before it.
      const place = { from: 0, to: PREAMBLE_BYTES, fromUs: 0, toUs: 0 };
      if (!linked) this.findings.add({ kind: 'changed', ...place, detail: 'the first 16 bytes were changed' });
      return await this.take(chunk);
    }
    const span = { chunk: sequence, from: position, to: end, fromUs: firstUs, toUs: header.lastUs };
    if (sequence < this.due || (await this.isBetweenNeighbours(end))) {
      this.findings.misplaced({ ...span, kind: 'inserted', detail: 'a chunk that does not belong here' }, chunk.hash);
      return end;
    }
    if (sequence > this.due) {
      const gap = { chunk: this.due, chunks: sequence - this.due };
      this.findings.missing(
        {
          kind: 'removed',
          ...gap,
          from: position,
          to: position,
          fromUs: this.reachedUs,
          toUs: firstUs,
          detail: missing(gap),
        },
        header.previous,
      );
    } else {
      const detail = `chunk ${sequence} does not follow the chunk before it: one of the two was rewritten`;
      const from = this.before === undefined ? 0 : this.beforeAt;
      const fromUs = this.before?.firstUs ?? 0;
      const which = { chunk: Math.max(0, sequence - 1), chunks: 2 };
      this.findings.add({ kind: 'rewritten', ...which, from, to: end, fromUs, toUs: header.lastUs, detail });
    }
    const again = await this.probe.at(position);
    return 'fault' in again ? end : await this.take(again);
  }

  /** The chunk behind a stranger follows the one before it. */
  private async isBetweenNeighbours(end: number): Promise<boolean> {
    if (end >= this.source.size || this.before === undefined) return false;
    const next = await this.probe.at(end);
    return (
      !('fault' in next) &&
      sameHash(next.header.previous, this.previous) &&
      checkSuccession(this.before, next.header) === undefined
    );
  }

  private async take(chunk: WholeChunk): Promise<number> {
    const { header, position, end, body, hash } = chunk;
    const payload = body.subarray(header.headerBytes);
    if (this.seal !== undefined && header.kind !== CHUNK_KIND.SIGNATURE) {
      const place = { chunk: header.sequence, from: position, to: end, fromUs: header.firstUs, toUs: header.lastUs };
      this.findings.add({ kind: 'inserted', ...place, detail: 'a chunk after the end of the recording' });
    } else if (header.kind === CHUNK_KIND.HEADER) this.readHeader(decodeRecordingHeader(payload), chunk);
    else if (header.kind === CHUNK_KIND.SEAL) {
      const seal = decodeSeal(payload);
      if (seal !== undefined) this.seal = { seal, header };
    } else if (header.kind === CHUNK_KIND.SIGNATURE) {
      await this.signatures.check(chunk, this.header?.sessionId ?? this.options.sessionId ?? '');
    }
    this.before = header;
    this.beforeAt = position;
    this.previous = hash;
    this.chunks += 1;
    return end;
  }

  private readHeader(header: RecordingHeader | undefined, { position, end }: WholeChunk): void {
    this.header = header;
    const { sessionId } = this.options;
    if (sessionId === undefined || header === undefined || header.sessionId === sessionId) return;
    const detail = `it is the recording of session ${header.sessionId}`;
    this.findings.add({ kind: 'other-recording', chunk: 0, from: position, to: end, fromUs: 0, toUs: 0, detail });
  }

  /** No whole chunk stands here: finds the next that may follow, and names what lies between. */
  private async skipDamage(at: number, { fault, claimedEnd }: NoChunk): Promise<number> {
    const { size } = this.source;
    const follows = ({ sequence, firstUs }: ChunkHeader): boolean => sequence >= this.due && firstUs >= this.reachedUs;
    let next: WholeChunk | undefined;
    // Damage inside a payload leaves the lengths right; and a payload may itself hold chunks of another recording.
    if (claimedEnd !== undefined && claimedEnd < size) {
      const there = await this.probe.at(claimedEnd);
      if (!('fault' in there) && follows(there.header)) next = there;
    }
    if (claimedEnd !== size) next ??= await this.probe.next(at + 1, follows);
    const fromUs = this.reachedUs;
    if (next === undefined) {
      const cut = claimedEnd !== undefined && claimedEnd > size;
      if (this.signatures.ended) {
        const detail = 'bytes after the end of the recording';
        this.findings.add({ kind: 'inserted', from: at, to: size, fromUs, toUs: fromUs, detail });
      } else {
        const detail = cut ? 'the file ends within a chunk: its tail was cut off' : fault;
        this.findings.add({ kind: cut ? 'cut' : 'changed', chunk: this.due, from: at, to: size, fromUs, detail });
      }
      return size;
    }
    const { header, position } = next;
    const chunks = header.sequence - this.due;
    const span = { from: at, to: position, fromUs, toUs: header.firstUs };
    if (chunks === 0) {
      this.findings.add({ kind: 'inserted', ...span, detail: 'bytes that do not belong here' });
    } else {
      const place = { ...span, ...(await this.narrowed(at, position, header.previous)) };
      this.findings.add({ kind: 'changed', chunk: this.due, chunks, ...place, detail: fault });
      this.before = { ...header, sequence: header.sequence - 1, lastUs: header.firstUs, outputBytes: 0 };
      this.beforeAt = at;
      this.previous = header.previous;
    }
    return position;
  }

  /** What the next chunk knows about the damaged one tells whether its trailer or the rest was changed. */
  private async narrowed(from: number, to: number, expected: Uint8Array): Promise<{ from?: number; to?: number }> {
    const bodyEnd = to - CHUNK_TRAILER_BYTES;
    if (bodyEnd <= from || to - from > 2 * PROGRESS_BYTES) return {};
    const bytes = new Uint8Array(await this.probe.bytes(from, to));
    const trailerAt = bytes.length - CHUNK_TRAILER_BYTES;
    if (sameHash(await this.sha256(bytes.subarray(0, trailerAt)), expected)) return { from: bodyEnd };
    return sameHash(bytes.subarray(trailerAt, trailerAt + expected.length), expected) ? { to: bodyEnd } : {};
  }

  private end(): void {
    const { size } = this.source;
    const { growing = false } = this.options;
    const at = { from: size, to: size, fromUs: this.reachedUs };
    const ended = this.seal !== undefined || this.signatures.ended;
    if (!ended && !growing && !this.findings.reaches(size))
      this.findings.add({ kind: 'no-seal', ...at, detail: 'the end is missing: it was cut off, or is still written' });
    if (ended || !growing) this.signatures.end(size, this.before, ended);
  }

  private report(): RecordingReport {
    const findings = this.findings.list();
    const { header, before, seal } = this;
    return {
      ok: findings.length === 0,
      state: seal?.seal.state ?? 'open',
      ...(header === undefined
        ? {}
        : {
            sessionId: header.sessionId,
            startedAt: header.startedAt,
            userName: header.userName,
            hostName: header.hostName,
            login: header.login,
          }),
      bytes: this.source.size,
      chunks: this.chunks,
      durationMs: (seal?.header.lastUs ?? this.reachedUs) / 1000,
      outputBytes: before === undefined ? 0 : before.offset + before.outputBytes,
      head: toHex(this.previous),
      signatures: this.signatures.facts(),
      findings,
    };
  }
}

const missing = ({ chunk, chunks }: { chunk: number; chunks: number }): string =>
  chunks === 1 ? `chunk ${chunk} is missing` : `chunks ${chunk} to ${chunk + chunks - 1} are missing`;
