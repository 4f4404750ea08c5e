/** The signatures of one recording, against the public keys one trusts. */
import { fromBase64url, toBase64url } from '../evidence/base64url.js';
import type { SigningKey } from '../evidence/signing-key.js';
import type { ChunkHeader } from './chunk-header.js';
import type { WholeChunk } from './chunk-probe.js';
import { PREAMBLE_BYTES } from './container.js';
import type { FindingList } from './finding-list.js';
import type { SignatureFacts } from './recording-report.js';
import { decodeSignature, signedMessage } from './signature.js';

export type VerifySignature = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** Clocks step; a key of another day did not sign. */
const CLOCK_SLACK_MS = 24 * 3_600_000;

export class SignatureCheck {
  private readonly keys: ReadonlyMap<string, SigningKey>;
  private readonly verify: VerifySignature;
  private readonly findings: FindingList;
  private count = 0;
  private keyIds: string[] = [];
  private last: SignatureFacts['last'];
  private lastEnd = PREAMBLE_BYTES;
  private readonly unknown = new Set<string>();

  constructor(keys: readonly SigningKey[], verify: VerifySignature, findings: FindingList) {
    this.keys = new Map(keys.map((key) => [key.id, key]));
    this.verify = verify;
    this.findings = findings;
  }

  async check({ header, position, end, body }: WholeChunk, sessionId: string): Promise<void> {
    const place = { chunk: header.sequence, from: position, to: end, fromUs: header.firstUs, toUs: header.lastUs };
    const stated = decodeSignature(body.subarray(header.headerBytes));
    if (stated === undefined) {
      this.findings.add({ kind: 'bad-signature', ...place, detail: 'a signature of unknown form' });
      return;
    }
    const keyId = toBase64url(stated.keyId);
    const key = this.keys.get(keyId);
    const publicKey = key && fromBase64url(key.x);
    if (key === undefined || publicKey === undefined) {
      // Once per key: a day's recording has hundreds of signatures.
      if (!this.unknown.has(keyId))
        this.findings.add({
          kind: 'unknown-key',
          ...place,
          detail: `signed with the key ${keyId}, which was not given`,
        });
      this.unknown.add(keyId);
      return;
    }
    if (!(await this.verify(publicKey, signedMessage(sessionId, body, header.headerBytes), stated.signature))) {
      this.findings.add({ kind: 'bad-signature', ...place, detail: `the signature is not of the key ${keyId}` });
      return;
    }
    const { from = 0, until = Number.POSITIVE_INFINITY } = key;
    if (stated.signedAt < from - CLOCK_SLACK_MS || stated.signedAt > until + CLOCK_SLACK_MS) {
      this.findings.add({ kind: 'key-not-in-force', ...place, detail: `the key ${keyId} did not sign at that time` });
      return;
    }
    this.count += 1;
    if (!this.keyIds.includes(keyId)) this.keyIds.push(keyId);
    const { occasion, signedAt } = stated;
    this.last = { keyId, occasion, signedAt, chunk: header.sequence, position, us: header.lastUs };
    this.lastEnd = end;
  }

  /** A good signature that its writer made last. */
  get ended(): boolean {
    return this.last !== undefined && this.last.occasion !== 'RUNNING';
  }

  /** A sealed recording must end in a good signature; one without its end must have some. */
  end(size: number, lastChunk: ChunkHeader | undefined, sealed: boolean): void {
    if (this.unknown.size > 0 && this.count === 0) return; // its key is unknown: that was said
    const covered = sealed ? this.last?.chunk === lastChunk?.sequence : this.count > 0;
    if (lastChunk === undefined || covered) return;
    const detail = this.count === 0 ? 'no good signature stands in the file' : 'the end is not signed';
    const fromUs = this.last?.us ?? 0;
    this.findings.add({ kind: 'unsigned', from: this.lastEnd, to: size, fromUs, toUs: lastChunk.lastUs, detail });
  }

  facts(): SignatureFacts {
    return { count: this.count, keyIds: this.keyIds, ...(this.last === undefined ? {} : { last: this.last }) };
  }
}
