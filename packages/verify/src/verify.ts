/** The package as a module: `verifyFile(blob, keyText)` in a page or elsewhere, and the parts it is made of. */
import { describeFinding, type RecordingReport, sessionTime } from '@sallyport/core/cast/recording-report.js';
import { verifyRecording } from '@sallyport/core/cast/verify-recording.js';
import { blobSource, canVerify, subtleVerifyTools } from '@sallyport/core/cast/web-crypto-tools.js';
import { readSigningKeys } from '@sallyport/core/evidence/signing-key.js';

const WEB_TOOLS = subtleVerifyTools(crypto.subtle);

/** Rejects when the text holds no public key, or the platform cannot check signatures. */
export async function verifyFile(
  file: Blob,
  keyText: string,
  onProgress: (bytes: number) => void = () => {},
): Promise<RecordingReport> {
  if (!(await canVerify(crypto.subtle))) throw new Error('this browser cannot check Ed25519 signatures');
  const keys = await readSigningKeys(keyText, WEB_TOOLS.sha256);
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
  canVerify: (): Promise<boolean> => canVerify(crypto.subtle),
  WEB_TOOLS,
};
