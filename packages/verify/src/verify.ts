/** The package as a module: `verifyFile(blob, keyText)` in a page or elsewhere, and the parts it is made of. */
import { describeFinding, type RecordingReport, sessionTime } from '@sallyport/core/cast/recording-report.js';
import { verifyRecording } from '@sallyport/core/cast/verify-recording.js';
import { readSigningKeys } from '@sallyport/core/evidence/signing-key.js';
import { blobSource, canVerify, sha256, WEB_TOOLS } from './web-tools.js';

/** Rejects when the text holds no public key, or the platform cannot check signatures. */
export async function verifyFile(
  file: Blob,
  keyText: string,
  onProgress: (bytes: number) => void = () => {},
): Promise<RecordingReport> {
  if (!(await canVerify())) throw new Error('this browser cannot check Ed25519 signatures');
  const keys = await readSigningKeys(keyText, sha256);
  if (typeof keys === 'string') throw new Error(`no public key: ${keys}`);
  return await verifyRecording(blobSource(file), WEB_TOOLS, { keys, onProgress });
}

/** For those who read their files or hash in another way, and for words on what was found. */
export const parts = {
  verifyRecording,
  readSigningKeys,
  describeFinding,
  sessionTime,
  blobSource,
  canVerify,
  WEB_TOOLS,
};
