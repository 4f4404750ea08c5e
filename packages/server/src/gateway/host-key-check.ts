/**
 * Is this the key an administrator approved for this host? Fails closed: an unknown key is written down as pending and
 * refused, a key other than the approved one is refused with both fingerprints and audited (W12, V37). Runs before
 * anything secret is sent.
 */
import type { Host } from '@sallyport/core/model/host.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { type Problem, problem } from '@sallyport/core/model/problem.js';
import type { GatewayDeps } from './gateway-deps.js';
import type { ShownHostKey } from './ports/target-connector.js';

export async function noteHostKey(
  deps: GatewayDeps,
  host: Host,
  shown: ShownHostKey,
  by: { readonly actor: string; readonly source: string },
): Promise<{ readonly id: string; readonly problem?: Problem }> {
  const known = await deps.directory.hostKeys(host.id);
  const same = known.find((key) => key.publicKey === shown.publicKey);
  if (same?.state === 'approved') return { id: same.id };

  const stored =
    same ??
    (await deps.directory.see({
      id: idFromBytes(deps.random(16)),
      hostId: host.id,
      ...shown,
      state: 'pending',
      firstSeenAt: deps.clock.now(),
    }));
  const approved = known.find((key) => key.state === 'approved');
  const detail = { algorithm: shown.algorithm, fingerprint: shown.fingerprint };
  const target = `host:${host.id}`;
  if (approved) {
    await deps.audit.append({
      action: 'hostkey.mismatch',
      result: 'denied',
      ...by,
      target,
      detail: { ...detail, approved: approved.fingerprint },
    });
    return {
      id: stored.id,
      problem: problem('hostkey.changed', {
        host: host.name,
        approved: approved.fingerprint,
        fingerprint: shown.fingerprint,
      }),
    };
  }
  if (!same) await deps.audit.append({ action: 'hostkey.seen', result: 'ok', ...by, target, detail });
  return {
    id: stored.id,
    problem: problem('hostkey.unapproved', { host: host.name, fingerprint: shown.fingerprint }),
  };
}

export async function verifyHostKey(
  deps: GatewayDeps,
  host: Host,
  shown: ShownHostKey,
  by: { readonly actor: string; readonly source: string },
): Promise<Problem | undefined> {
  return (await noteHostKey(deps, host, shown, by)).problem;
}
