import type { HostTestAnswer } from '@sallyport/core/wire/api-answers.js';
import { useText } from '../i18n/provider.js';
import { type GateStep, Pass } from '../ui/gate.js';

const STEPS = ['network', 'host-key', 'sign-in', 'shell'] as const;
type Step = (typeof STEPS)[number];

/** The gates a host test went through. `running` marks the first unanswered one as under way. */
export function HostSteps({ test, running = false }: { test: HostTestAnswer | undefined; running?: boolean }) {
  const t = useText();
  const answered = new Map(test?.steps.map((one) => [one.step, one]));
  const stopped = test?.steps.some(({ state }) => state !== 'ok') ?? false;
  const steps = STEPS.map((step: Step, index): GateStep => {
    const title = t(`inventory.step-${step}`);
    const one = running ? undefined : answered.get(step);
    if (one === undefined) {
      const now = running && index === 0 && !stopped;
      return { key: step, title, state: now ? 'now' : 'todo', ...(now && { detail: t('inventory.step-running') }) };
    }
    if (one.state === 'waiting') return { key: step, title, state: 'now', detail: t('inventory.step-waiting') };
    // Why it stopped is said in full below the gates.
    if (one.state === 'failed')
      return { key: step, title, state: 'no', ...(test?.problem === undefined && { detail: one.detail }) };
    const ms = Math.round(one.ms);
    // `SSH-2.0-OpenSSH_9.2p1 Debian-2` is told as `OpenSSH_9.2p1`; the key was compared before, so it is not repeated.
    const software = step === 'network' ? test?.banner?.replace(/^SSH-[\d.]+-/, '').split(' ')[0] : undefined;
    const said = step === 'host-key' ? t('inventory.step-as-approved') : software;
    const detail = said === undefined ? t('inventory.step-ms', { ms }) : t('inventory.step-said', { said, ms });
    return { key: step, title, state: 'ok', detail };
  });
  return <Pass steps={steps} label={t('inventory.steps')} />;
}
