/** Evidence put together: for the server, and for commands on a data directory. */
import { createPublicKey, hash, verify } from 'node:crypto';
import type { VerifyTools } from '@sallyport/core/cast/verify-recording.js';
import { toBase64url } from '@sallyport/core/evidence/base64url.js';
import { readSignedHead, type SignedHead } from '@sallyport/core/evidence/signed-head.js';
import { readSigningKeys, type SigningKey, signingKeyPem } from '@sallyport/core/evidence/signing-key.js';
import { createDiskRecordingShelf } from '../edges/storage/disk/disk-recording-shelf.js';
import { tellEnd } from '../edges/storage/disk/evidence.js';
import type { Evidence } from '../gateway/evidence.js';
import { checkIntegrity, type IntegrityOptions, type IntegrityParts } from '../gateway/integrity-check.js';
import type { RecordingStore } from '../gateway/ports/recording-store.js';
import { announceSigningKey, rotateSigningKey } from '../gateway/rotate-signing-key.js';
import { createRecordingVerifier } from '../gateway/verify-one.js';
import type { Stores } from './stores.js';
import { systemClock } from './system-clock.js';

export type EvidenceStores = Pick<Stores, 'audit' | 'ledger' | 'signer' | 'heads' | 'headLogs' | 'sessions'> & {
  readonly paths: Pick<Stores['paths'], 'recordings'>;
};
type EvidenceLog = Record<'info' | 'error', (fields: object, message: string) => void>;

/** Below this, handing the bytes to another thread costs more than hashing them. */
const HASH_HERE_BYTES = 8 * 1024;

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

function ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey(signingKeyPem({ id: '', x: toBase64url(publicKey) }));
  return verify(null, message, key, signature);
}

/** For a process that does nothing else. */
export const VERIFY_TOOLS: VerifyTools = { sha256, ed25519 };
/** For the server: large chunks are hashed beside the loop, so that sessions are not held up. */
const SHARED_TOOLS: VerifyTools = {
  ed25519,
  sha256: async (bytes) =>
    bytes.length < HASH_HERE_BYTES
      ? sha256(bytes)
      : new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))),
};

export interface RunningEvidence extends Evidence {
  /** Announces the key, takes in recordings from before the ledger, tells of a database that was rolled back. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

export function composeEvidence(stores: EvidenceStores, recordings: RecordingStore, log: EvidenceLog): RunningEvidence {
  const { audit, ledger, signer, heads } = stores;
  const signing = { audit, ledger, signer, heads };
  const verifyOne = recordingVerifier(stores, recordings, SHARED_TOOLS);
  let adopting: Promise<void> = Promise.resolve();
  let closing = false;

  async function adopt(): Promise<void> {
    let count = 0;
    for await (const { sessionId, recorded } of createDiskRecordingShelf({
      directory: stores.paths.recordings,
    }).all()) {
      if (closing) return;
      if (!recorded || (await ledger.of(sessionId)).length > 0) continue;
      const found = await recordings.describe(sessionId);
      if (found === undefined || found.state === 'writing') continue;
      await tellEnd({ signer, ledger }, 'adopted', found);
      count += 1;
    }
    if (count === 0) return;
    await heads.sign();
    log.info({ recordings: count }, 'took recordings of an earlier version into the ledger');
  }

  return {
    keys: () => signer.keys(),
    rotateKey: (by) => rotateSigningKey(signing, by),
    verifyRecording: verifyOne,
    check: () => checkIntegrity(partsOf(stores, recordings)),
    heads: async (limit) => (await stores.headLogs[0]?.newest(limit)) ?? [],

    async begin() {
      const isNew = (await ledger.head()).seq === 0;
      const breach = await rolledBack(stores);
      if (breach !== undefined) {
        log.error({ detail: breach }, 'the database does not hold what was signed: it was rolled back or changed');
        const what = { action: 'integrity.breach', result: 'failed', actor: 'system', source: 'local' } as const;
        await audit.append({ ...what, detail: { detail: breach } });
      }
      await announceSigningKey(signing);
      await heads.sign();
      heads.start((error) => log.error({ err: error }, 'signing the heads failed'));
      if (isNew)
        adopting = adopt().catch((error: unknown) =>
          log.error({ err: error }, 'recordings of an earlier version could not be taken into the ledger'),
        );
    },

    async close() {
      closing = true;
      await adopting;
      await heads.stop();
    },
  };
}

/** For commands on a data directory. */
export function recordingVerifier(
  stores: EvidenceStores,
  recordings: RecordingStore,
  tools = VERIFY_TOOLS,
  keys?: readonly SigningKey[],
) {
  return createRecordingVerifier({
    recordings,
    ledger: stores.ledger,
    sessions: stores.sessions,
    keys: async () => keys ?? (await stores.signer.keys()),
    tools,
    clock: systemClock,
  });
}

export const checkData = (stores: EvidenceStores, recordings: RecordingStore, options: IntegrityOptions = {}) =>
  checkIntegrity(partsOf(stores, recordings), options);

function partsOf(stores: EvidenceStores, recordings: RecordingStore): IntegrityParts {
  const { audit, ledger, headLogs, sessions } = stores;
  const shelf = createDiskRecordingShelf({ directory: stores.paths.recordings });
  return { audit, ledger, headLogs, sessions, recordings, shelf, clock: systemClock, ed25519 };
}

/** A look at the newest signed heads alone: cheap enough for every start. */
async function rolledBack({ audit, ledger, headLogs }: EvidenceStores): Promise<string | undefined> {
  for (const log of headLogs) {
    const head = (await log.newest(1)).at(-1);
    if (head === undefined) continue;
    const chains = [
      { what: 'audit entry', point: head.audit, entries: audit.stream(head.audit.seq) },
      { what: 'ledger entry', point: head.ledger, entries: ledger.stream(head.ledger.seq) },
    ];
    for (const { what, point, entries } of chains) {
      if (point.seq === 0) continue;
      let found: string | undefined;
      for await (const { seq, hash: entryHash } of entries) {
        if (seq === point.seq) found = entryHash;
        break;
      }
      if (found !== point.hash) return `${what} ${point.seq}, signed at ${new Date(head.at).toISOString()}`;
    }
  }
  return undefined;
}

/** Keys an operator names as a file. A string says what is wrong with it. */
export const keysFrom = (text: string): Promise<readonly SigningKey[] | string> => readSigningKeys(text, sha256);

/** Heads that were kept elsewhere, one a line. */
export const headsFrom = (text: string): readonly SignedHead[] =>
  text.split('\n').flatMap((line) => readSignedHead(line) ?? []);
