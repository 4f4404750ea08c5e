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
    const ms = t('inventory.step-ms', { ms: Math.round(one.ms) });
    const said = step === 'network' && test?.banner !== undefined ? test.banner : one.detail;
    const detail = [said, ms].filter(Boolean).join(', ');
    return { key: step, title, state: one.state === 'ok' ? 'ok' : 'no', detail };
  });
  return <Pass steps={steps} label={t('inventory.steps')} />;
}
