/** Tries a host step by step; a new key is written down as pending. */

import type { HostKey } from '@sallyport/core/model/host.js';
import { type Language, ok } from '@sallyport/core/model/problem.js';
import { HostTestAnswer } from '@sallyport/core/wire/api-answers.js';
import { IdParams, TestHost } from '@sallyport/core/wire/api-requests.js';
import type { HostTest } from '../../../../gateway/gateway.js';
import { presentProblem } from '../problem-answer.js';
import { json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

type Step = HostTestAnswer['steps'][number];

export function hostTestRoute({ gateway, directory, audit }: Services): Route {
  return route({
    method: 'POST',
    path: '/hosts/{id}/test',
    summary: 'Tests network and host key and, with an account, sign-in and shell',
    access: { kind: 'gateway', operation: 'inventory.write' },
    params: IdParams,
    body: TestHost,
    answer: { status: 200, schema: HostTestAnswer },
    async handle({ who, by, params: { id }, body, signal, language }) {
      const tested = await gateway.testHost(who.principal, id, body.accountId, signal);
      if (!tested.ok) return tested;
      const found = tested.value.probe.problem ?? tested.value.signIn?.problem;
      await audit.append({
        action: 'host.test',
        result: found ? 'failed' : 'ok',
        ...by,
        target: `host:${id}`,
        ...(found ? { detail: { code: found.code } } : {}),
      });
      const { hostKeyId } = tested.value;
      const keys = hostKeyId === undefined ? [] : await directory.hostKeys(id);
      const accounts = body.accountId === undefined ? await directory.accounts(id) : [];
      return ok(
        json(
          presentHostTest(
            tested.value,
            keys.find((key) => key.id === hostKeyId),
            accounts.length,
            language,
          ),
        ),
      );
    },
  });
}

/** Steps in order; the first that is not `ok` ends the list. */
export function presentHostTest(
  test: HostTest,
  hostKey: HostKey | undefined,
  accounts: number,
  language: Language,
): HostTestAnswer {
  const { probe, signIn } = test;
  const steps: Step[] = [];
  const found = probe.problem ?? signIn?.problem;
  const title = found ? presentProblem(found, language).title : '';

  const reached = probe.networkMs !== undefined;
  steps.push({ step: 'network', ms: probe.networkMs ?? 0, ...outcome(reached, title) });
  if (reached) {
    const ms = probe.keyMs ?? 0;
    if (!probe.problem) steps.push({ step: 'host-key', state: 'ok', ms, ...shown(probe.key?.fingerprint) });
    else if (probe.problem.code === 'hostkey.unapproved') {
      steps.push({ step: 'host-key', state: 'waiting', ms, ...shown(probe.key?.fingerprint) });
    } else steps.push({ step: 'host-key', state: 'failed', ms, detail: title });
  }
  if (signIn && !probe.problem) {
    const noShell = signIn.problem?.code === 'target.no-shell';
    steps.push({ step: 'sign-in', ms: signIn.ms, ...outcome(!signIn.problem || noShell, title) });
    if (!signIn.problem || noShell) steps.push({ step: 'shell', ms: signIn.shellMs ?? 0, ...outcome(!noShell, title) });
  }
  return {
    steps,
    ...(found || signIn ? {} : { untried: untried(accounts) }),
    ...(probe.banner === undefined ? {} : { banner: probe.banner.replace(/[\p{Cc}\p{Cf}]/gu, '') }),
    ...(hostKey ? { hostKey } : {}),
    ...(found ? { problem: presentProblem(found, language) } : {}),
  };
}

const untried = (accounts: number): NonNullable<HostTestAnswer['untried']> => ({
  steps: ['sign-in', 'shell'],
  reason: accounts === 0 ? 'no-account' : 'account-not-named',
});
const outcome = (fine: boolean, detail: string): Pick<Step, 'state' | 'detail'> =>
  fine ? { state: 'ok' } : { state: 'failed', detail };
const shown = (detail: string | undefined): Pick<Step, 'detail'> => (detail === undefined ? {} : { detail });
