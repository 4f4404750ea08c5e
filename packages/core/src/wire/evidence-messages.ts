/** What the API says of signatures and verifications. Public keys are a JWK Set (RFC 7517). */
import { z } from 'zod';
import { FINDING_KINDS } from '../cast/recording-report.js';

export const SigningKeyAnswer = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  /** RFC 7638 thumbprint: the name a signature gives. */
  kid: z.string(),
  use: z.literal('sig'),
  alg: z.literal('EdDSA'),
  validFrom: z.number().optional(),
  /** Absent: the key in force. */
  validUntil: z.number().optional(),
});
export const SigningKeysAnswer = z.object({ keys: z.array(SigningKeyAnswer) });

export const FindingAnswer = z.object({
  kind: z.enum(FINDING_KINDS),
  /** Number of the chunk, and how many from it on. */
  chunk: z.number().optional(),
  chunks: z.number().optional(),
  /** Bytes of the file [from, to). */
  from: z.number(),
  to: z.number(),
  /** Microseconds since the recording's start. */
  fromUs: z.number(),
  toUs: z.number().optional(),
  detail: z.string(),
});
export const RecordingVerifyAnswer = z.object({
  ok: z.boolean(),
  state: z.enum(['complete', 'truncated', 'open']),
  /** Still being written: what stands is verified. */
  growing: z.boolean(),
  /** The recording's number in the ledger. */
  number: z.number().optional(),
  bytes: z.number(),
  chunks: z.number(),
  durationMs: z.number(),
  outputBytes: z.number(),
  head: z.string(),
  signatures: z.object({
    count: z.number(),
    keyIds: z.array(z.string()),
    last: z
      .object({
        keyId: z.string(),
        occasion: z.enum(['RUNNING', 'END', 'RECOVERED']),
        signedAt: z.number(),
        chunk: z.number(),
        position: z.number(),
        us: z.number(),
      })
      .optional(),
  }),
  findings: z.array(FindingAnswer),
  verifiedAt: z.number(),
});

const point = z.object({ seq: z.number(), hash: z.string() });
export const SignedHeadAnswer = z.object({
  at: z.number(),
  audit: point,
  ledger: point,
  keyId: z.string(),
  signature: z.string(),
});
export const IntegrityFindingAnswer = z.object({
  kind: z.string(),
  detail: z.string(),
  seq: z.number().optional(),
  sessionId: z.string().optional(),
  number: z.number().optional(),
});

export type SigningKeysAnswer = z.infer<typeof SigningKeysAnswer>;
export type RecordingVerifyAnswer = z.infer<typeof RecordingVerifyAnswer>;
export type SignedHeadAnswer = z.infer<typeof SignedHeadAnswer>;
