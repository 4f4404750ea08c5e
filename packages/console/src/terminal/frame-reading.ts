/** JSON payloads of the gateway's frames, read with care: what is missing or of the wrong kind is left out. */
import { decodeJson, type Opened, type OpenStep, type StepName } from '@sallyport/core/wire/terminal-frames.js';

/** Why something did not work: a code of the error table, or `network` when no answer came at all. */
export interface Failure {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}
export const NETWORK: Failure = { code: 'network', params: {} };
/** No network, or signed out: the same may work later. */
export const mayPass = ({ code }: Failure): boolean =>
  code === NETWORK.code || code === 'auth.required' || code === 'auth.expired';

export const STEPS: readonly StepName[] = ['policy', 'network', 'host-key', 'sign-in', 'shell'];

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const defined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

export function readStep(payload: Uint8Array): OpenStep | undefined {
  const json = decodeJson(payload);
  const step = STEPS.find((name) => name === json?.step);
  const state = (['now', 'ok', 'failed'] as const).find((name) => name === json?.state);
  if (!json || !step || !state) return undefined;
  return { step, state, ...defined({ ms: count(json.ms), detail: text(json.detail) }) };
}

export function readOpened(payload: Uint8Array): Opened | undefined {
  const json = decodeJson(payload);
  const sessionId = text(json?.sessionId);
  if (!json || sessionId === undefined) return undefined;
  return {
    sessionId,
    hostName: text(json.hostName) ?? '',
    login: text(json.login) ?? '',
    resumed: json.resumed === true,
    recorded: json.recorded === true,
    offset: count(json.offset) ?? 0,
  };
}

export function readHistoryEnd(payload: Uint8Array): {
  readonly offset: number | undefined;
  readonly partial: boolean;
} {
  const json = decodeJson(payload);
  return { offset: count(json?.offset), partial: json?.partial === true };
}
