import type { ReactNode } from 'react';
import { useText } from '../i18n/provider.js';

export type GateState = 'ok' | 'no' | 'now' | 'todo';
const ARCH = 'M3 30V14a11 11 0 0 1 22 0v16M1 30h26';

/** Passed, stopped here, under way, not reached: by shape first, colour second. */
export function GateIcon({ state, className }: { state: GateState; className?: string }) {
  return (
    <svg
      className={className}
      viewBox="0 0 28 32"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={ARCH} strokeDasharray={state === 'todo' ? '2.5 3.2' : undefined} />
      {state === 'ok' && <path className="gate-draw" d="M9.500 18.500l3.500 3.500 6-7" />}
      {state === 'no' && <path d="M8.500 8v21M14 4v25M19.500 8v21M4 15.500h20M4 22.500h20" strokeWidth="1.4" />}
      {state === 'now' && <path d="M9.500 20h.01M14 20h.01M18.500 20h.01" strokeWidth="3" />}
    </svg>
  );
}

export interface GateStep {
  readonly key: string;
  readonly state: GateState;
  readonly title: ReactNode;
  readonly detail?: ReactNode | undefined;
}

/** A row (or column) of gates: what was asked in turn and where it stopped. */
export function Pass({
  steps,
  column = false,
  label,
}: {
  steps: readonly GateStep[];
  column?: boolean;
  label: string;
}) {
  const t = useText();
  return (
    <ol className={column ? 'pass col' : 'pass'} aria-label={label}>
      {steps.map(({ key, state, title, detail }) => (
        <li
          key={key}
          className={state === 'ok' ? 'gate' : `gate ${state}`}
          aria-current={state === 'now' ? 'step' : undefined}
        >
          <GateIcon state={state} />
          <b>
            {title}
            <span className="sr"> {t(`common.gate-${state}`)}</span>
          </b>
          <small>{detail ?? ' '}</small>
        </li>
      ))}
    </ol>
  );
}
