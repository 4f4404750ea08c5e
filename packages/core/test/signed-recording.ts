/** A signed recording as the gateway writes one, with the places of its chunks. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import { readChunkHeader } from '@sallyport/core/cast/chunk-header.js';
import { CHUNK_HEADER_BYTES } from '@sallyport/core/cast/container.js';
import { EventGatherer } from '@sallyport/core/cast/event-gatherer.js';
import type { RecordingHeader } from '@sallyport/core/cast/recording-header.js';
import type { VerifyTools } from '@sallyport/core/cast/verify-recording.js';
import { type SigningKey, signingKeyOf } from '@sallyport/core/evidence/signing-key.js';

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
export const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

export interface TestKey {
  readonly key: SigningKey;
  readonly private: KeyObject;
  sign(compose: (keyId: Uint8Array) => Uint8Array): { keyId: Uint8Array; signature: Uint8Array };
}

/** The key whose 32 secret bytes are all `seed`. */
export async function testKey(seed: number, validity: Pick<SigningKey, 'from' | 'until'> = {}): Promise<TestKey> {
  const der = Buffer.concat([PKCS8_HEAD, Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const key = await signingKeyOf(spki.subarray(SPKI_HEAD.length), sha256, validity);
  const keyId = Buffer.from(key.id, 'base64url');
  return { key, private: secret, sign: (compose) => ({ keyId, signature: sign(null, compose(keyId), secret) }) };
}

/** Answers are kept: tests that change a recording thousands of times ask the same again and again. */
const known = new Map<string, boolean>();

export const tools: VerifyTools = {
  sha256,
  ed25519(publicKey, message, signature) {
    const asked = Buffer.concat([publicKey, message, signature]).toString('latin1');
    const answer = known.get(asked) ?? verifySlowly(publicKey, message, signature);
    known.set(asked, answer);
    return answer;
  },
};

function verifySlowly(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

export const HEADER: RecordingHeader = {
  sessionId: '00000000000000000000000000',
  startedAt: 1_767_225_600_000,
  size: { cols: 80, rows: 24 },
  term: 'xterm-256color',
  title: '',
  userName: 'lin',
  hostName: 'web-01',
  login: 'root',
};

export interface Made {
  readonly bytes: Uint8Array;
  /** Where each chunk begins, and last the file's end. */
  readonly places: readonly number[];
}

/** One chunk per piece, a signature after every third, then seal and signature. `leave` stops before one of the two. */
export function signedRecording(
  { sign: signHead }: Pick<TestKey, 'sign'>,
  pieces: readonly Uint8Array[],
  { header = HEADER, leave }: { header?: RecordingHeader; leave?: 'seal' | 'signature' } = {},
): Made {
  const { chain, bytes } = ChunkChain.begin(header, sha256);
  const parts: Uint8Array[] = [bytes];
  const gatherer = new EventGatherer(header.size);
  const at = () => ({ size: gatherer.size, us: gatherer.lastUs, offset: gatherer.offset });
  const signing = (occasion: 'RUNNING' | 'END') => ({
    sessionId: header.sessionId,
    occasion,
    signedAt: header.startedAt + Math.floor(gatherer.lastUs / 1000),
  });
  for (const [n, piece] of pieces.entries()) {
    gatherer.lend(new Uint8Array(piece.length + 300));
    gatherer.output((n + 1) * 250_000, piece, 0);
    const gathered = gatherer.take();
    if (gathered === undefined) continue;
    const raw = gathered.slab.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + gathered.payloadBytes);
    const packed = gzipSync(raw);
    parts.push(chain.events(gathered, packed.length < raw.length ? packed : undefined));
    if (n % 3 === 2) parts.push(chain.signature(signing('RUNNING'), signHead, at()));
  }
  if (leave !== 'seal') parts.push(chain.seal({ state: 'complete', exitCode: 0, indexPosition: 0 }, at()));
  if (leave === undefined) parts.push(chain.signature(signing('END'), signHead, at()));
  const whole = new Uint8Array(Buffer.concat(parts));
  return { bytes: whole, places: placesOf(whole) };
}

function placesOf(bytes: Uint8Array): number[] {
  const places: number[] = [];
  for (let at = 16; at < bytes.length; ) {
    places.push(at);
    const header = readChunkHeader(bytes.subarray(at));
    if (typeof header === 'string') throw new Error(header);
    at += header.headerBytes + header.storedBytes + 36;
  }
  return [...places, bytes.length];
}
