/** Signatures and verifications. Public keys are for anybody: who holds a recording checks it without an account. */
import { signingKeyJwk } from '@sallyport/core/evidence/signing-key.js';
import { fail, ok } from '@sallyport/core/model/problem.js';
import { pageOf } from '@sallyport/core/wire/api-answers.js';
import { IdParams, ListHeads } from '@sallyport/core/wire/api-requests.js';
import {
  RecordingVerifyAnswer,
  SignedHeadAnswer,
  SigningKeyAnswer,
  SigningKeysAnswer,
} from '@sallyport/core/wire/evidence-messages.js';
import { json, publicRoute, type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { recordingSubject } from './recordings.js';

export function evidenceRoutes(services: Services): readonly Route[] {
  const { evidence, audit } = services;
  return [
    publicRoute({
      method: 'GET',
      path: '/signing-keys',
      summary: 'Public keys that sign recordings and heads, as a JWK Set: the one in force and those before it',
      answer: { status: 200, schema: SigningKeysAnswer },
      async handle() {
        return ok(json({ keys: (await evidence.keys()).map(signingKeyJwk) }));
      },
    }),
    route({
      method: 'POST',
      path: '/signing-keys/rotate',
      summary: 'Puts a new signing key in force; the old one’s private half is destroyed, its public half stays',
      access: { kind: 'operation', operation: 'settings.write' },
      answer: { status: 200, schema: SigningKeyAnswer },
      async handle({ by }) {
        return ok(json(signingKeyJwk(await evidence.rotateKey(by))));
      },
    }),
    route({
      method: 'GET',
      path: '/recordings/{id}/verify',
      summary: 'Checks a recording’s hashes and signatures, and it against the ledger; names and locates damage (V47)',
      access: { kind: 'operation', operation: 'replay', subject: recordingSubject(services) },
      params: IdParams,
      answer: { status: 200, schema: RecordingVerifyAnswer },
      async handle({ by, params: { id } }) {
        const verdict = await evidence.verifyRecording(id);
        if (verdict === undefined) return fail('recording.missing');
        const result = verdict.ok ? 'ok' : 'failed';
        const detail = { findings: verdict.findings.length };
        await audit.append({ action: 'recording.verify', result, ...by, target: `recording:${id}`, detail });
        return ok(json(verdict));
      },
    }),
    route({
      method: 'GET',
      path: '/signed-heads',
      summary:
        'The newest signed heads of audit log and ledger, oldest first: keep them where nobody here can change them',
      access: { kind: 'operation', operation: 'audit.read' },
      query: ListHeads,
      answer: { status: 200, schema: pageOf(SignedHeadAnswer) },
      async handle({ query: { limit } }) {
        return ok(json({ items: await evidence.heads(limit) }));
      },
    }),
  ];
}
