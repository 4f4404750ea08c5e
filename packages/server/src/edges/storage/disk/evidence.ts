/** What makes recordings evidence: their heads are signed, and a ledger elsewhere says that they exist. */
import type { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import type { Occasion } from '@sallyport/core/cast/signature.js';
import type { Recording, TerminalSize } from '@sallyport/core/model/session.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { RecordingLedger } from '../../../gateway/ports/recording-ledger.js';
import type { Signer } from '../../../gateway/ports/signer.js';

export interface Evidence {
  readonly signer: Pick<Signer, 'sign'>;
  readonly ledger: Pick<RecordingLedger, 'append' | 'of'>;
}

/** Signs heads of one recording; undefined: nothing is signed (tests that look at bytes alone). */
export type HeadSigning = (
  chain: ChunkChain,
  occasion: Occasion,
  at: { readonly size: TerminalSize; readonly us: number; readonly offset: number },
) => Uint8Array;

export function headSigning(evidence: Evidence | undefined, clock: Clock, sessionId: string): HeadSigning | undefined {
  if (evidence === undefined) return undefined;
  const { signer } = evidence;
  return (chain, occasion, at) => chain.signature({ sessionId, occasion, signedAt: clock.now() }, signer.sign, at);
}

/** Writes into the ledger how a recording ended. */
export async function tellEnd(
  { ledger }: Evidence,
  kind: 'sealed' | 'recovered' | 'adopted',
  { sessionId, state, sizeBytes, outputBytes, head = '' }: Recording,
): Promise<void> {
  const ended = state === 'complete' ? 'complete' : 'truncated';
  await ledger.append({ kind, sessionId, head, bytes: sizeBytes, outputBytes, state: ended });
}
