/** Tries a host the way a session would, without one: network, host key and, with an account, sign-in and shell. */
import type { Account, AccountSecret, Host } from '@sallyport/core/model/host.js';
import { DEFAULT_SIZE } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { HostTest } from './gateway.js';
import type { GatewayDeps } from './gateway-deps.js';
import { noteHostKey } from './host-key-check.js';

export async function testHost(
  deps: GatewayDeps,
  principal: Principal,
  host: Host,
  account: Account | undefined,
  signal: AbortSignal,
): Promise<HostTest> {
  const by = { actor: principal.name, source: principal.address };
  const target = {
    hostName: host.name,
    address: host.address,
    port: host.port,
    legacyAlgorithms: host.legacyAlgorithms,
  };
  const probe = await deps.connector.probe(target, signal);
  const noted = probe.key ? await noteHostKey(deps, host, probe.key, by) : undefined;
  const base = {
    probe: noted?.problem && !probe.problem ? { ...probe, problem: noted.problem } : probe,
    ...(noted ? { hostKeyId: noted.id } : {}),
  };
  if (!account || base.probe.problem) return base;

  const sealed = await deps.vault.open('account', account.secretId);
  const secret = JSON.parse(Buffer.from(sealed).toString('utf8')) as AccountSecret;
  sealed.fill(0);
  let signInMs = 0;
  let shellMs: number | undefined;
  const connected = await deps.connector.connect({
    target,
    login: account.login,
    secret,
    size: DEFAULT_SIZE,
    signal,
    verifyHostKey: async (key) => (await noteHostKey(deps, host, key, by)).problem,
    onStep(step, state, ms) {
      if (state !== 'ok') return;
      if (step === 'sign-in') signInMs = ms ?? 0;
      if (step === 'shell') shellMs = ms ?? 0;
    },
  });
  if (!connected.ok) return { ...base, signIn: { ms: signInMs, problem: connected.problem } };
  connected.value.start({ onOutput: () => {}, onDrain: () => {}, onEnd: () => {} });
  connected.value.close();
  return { ...base, signIn: { ms: signInMs, ...(shellMs === undefined ? {} : { shellMs }) } };
}
