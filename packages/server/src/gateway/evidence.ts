/** What people ask of the evidence, as one value for the ingresses. */
import type { SignedHead } from '@sallyport/core/evidence/signed-head.js';
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';
import type { IntegrityReport } from './integrity-report.js';
import type { ChangedBy } from './ports/identity.js';
import type { RecordingVerdict } from './verify-one.js';

export interface Evidence {
  keys(): Promise<readonly SigningKey[]>;
  rotateKey(by: ChangedBy): Promise<SigningKey>;
  /** undefined: nothing is known of such a recording. */
  verifyRecording(sessionId: string): Promise<RecordingVerdict | undefined>;
  /** Audit log, ledger, heads, files and rows. */
  check(): Promise<IntegrityReport>;
  /** The newest heads, newest last. */
  heads(limit: number): Promise<readonly SignedHead[]>;
}
