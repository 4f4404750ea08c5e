import type { RecordingVerifyAnswer } from '@sallyport/core/wire/evidence-messages.js';
import { type Answer, ask } from './client.js';

/** The server reads the whole recording: chain, signatures, ledger. */
export const verifyRecording = (id: string): Promise<Answer<RecordingVerifyAnswer>> =>
  ask('GET', `recordings/${id}/verify`);
