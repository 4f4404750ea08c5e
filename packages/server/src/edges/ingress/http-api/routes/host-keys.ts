/** The decision on a key a host has shown (W12, V37). */
import type { HostKeyState } from '@sallyport/core/model/host.js';
import { ok } from '@sallyport/core/model/problem.js';
import { HostKeyAnswer } from '@sallyport/core/wire/api-answers.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { json, type Route, route, targetOf } from '../route.js';
import type { Services } from '../services.js';

export function hostKeyRoutes({ directory, audit, clock }: Services): readonly Route[] {
  const decision = (verb: 'approve' | 'reject', state: HostKeyState, summary: string): Route =>
    route({
      method: 'POST',
      path: `/host-keys/{id}/${verb}`,
      summary,
      access: { kind: 'operation', operation: 'inventory.write', target: targetOf('hostkey') },
      params: IdParams,
      answer: { status: 200, schema: HostKeyAnswer },
      async handle({ by, params }) {
        const decided = await directory.decide(params.id, state, by.actor, clock.now());
        if (!decided.ok) return decided;
        const { hostId, fingerprint, algorithm } = decided.value;
        await audit.append({
          action: `hostkey.${verb}`,
          result: 'ok',
          ...by,
          target: `host:${hostId}`,
          detail: { fingerprint, algorithm },
        });
        return ok(json(decided.value));
      },
    });
  return [
    decision('approve', 'approved', 'Approves a host key; the host’s other keys are rejected'),
    decision('reject', 'rejected', 'Rejects a host key'),
  ];
}
