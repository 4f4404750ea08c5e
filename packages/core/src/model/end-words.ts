/**
 * The one wording of an ending: lists, replay and command line say the same words of the same session. Not in the
 * console's catalogues, because the command line has none. Not for the terminal that just ended: it speaks to its own
 * user in whole sentences. A reason this version does not know is named as it came.
 */
import { describeProblem, isProblemCode, type Language } from './problem.js';
import { END_PRESETS, type EndPreset, type EndReason, type EndReasonKind } from './session.js';

/** An end reason as the HTTP API answers it: any kind, every field optional. */
export interface ToldEndReason {
  readonly kind: string;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly preset?: string | undefined;
  readonly detail?: string | undefined;
  readonly limitMs?: number | undefined;
  readonly code?: string | undefined;
  readonly params?: Readonly<Record<string, string>> | undefined;
}

type Words = (reason: ToldEndReason) => string;

const EN: Readonly<Record<EndReasonKind, Words>> = {
  'remote-exit': ({ signal, exitCode = 0 }) => {
    if (signal !== undefined) return `shell ended by signal ${signal}`;
    return exitCode === 0 ? 'shell ended' : `shell ended with status ${exitCode}`;
  },
  'closed-by-user': () => 'closed by its user',
  'client-lost': () => 'page did not come back',
  'target-lost': () => 'connection to the host lost',
  'idle-limit': ({ limitMs = 0 }) => `idle for ${span(limitMs, 'en')}`,
  'time-limit': ({ limitMs = 0 }) => `longest time of ${span(limitMs, 'en')} reached`,
  'ended-by-admin': (reason) => `ended by ${reason.by ?? '?'}${after(': ', endCause(reason, 'en'))}`,
  'ended-by-policy': (reason) => refusal(reason, 'en') ?? 'the right to it was taken away',
  'recording-failed': ({ detail = '' }) => `recording failed${after(': ', detail)}`,
  unwatched: () => 'the watcher that the host requires did not come back',
  interrupted: () => 'gateway stopped unexpectedly',
  shutdown: () => 'gateway was shut down',
  imported: () => 'imported',
  failed: (reason) => refusal(reason, 'en') ?? 'could not be opened',
};

const ZH: Readonly<Record<EndReasonKind, Words>> = {
  'remote-exit': ({ signal, exitCode = 0 }) => {
    if (signal !== undefined) return `Shell 被信号 ${signal} 终止`;
    return exitCode === 0 ? 'Shell 已退出' : `Shell 已退出，状态码 ${exitCode}`;
  },
  'closed-by-user': () => '用户关闭',
  'client-lost': () => '页面未再回来',
  'target-lost': () => '与主机的连接中断',
  'idle-limit': ({ limitMs = 0 }) => `空闲 ${span(limitMs, 'zh-CN')}`,
  'time-limit': ({ limitMs = 0 }) => `达到最长时间 ${span(limitMs, 'zh-CN')}`,
  'ended-by-admin': (reason) => `由 ${reason.by ?? '?'} 结束${after('：', endCause(reason, 'zh-CN'))}`,
  'ended-by-policy': (reason) => refusal(reason, 'zh-CN') ?? '权限已被收回',
  'recording-failed': ({ detail = '' }) => `录像失败${after('：', detail)}`,
  unwatched: () => '该主机要求有人旁观，旁观者未再回来',
  interrupted: () => '网关意外停止',
  shutdown: () => '网关已关闭',
  imported: () => '导入的录像',
  failed: (reason) => refusal(reason, 'zh-CN') ?? '未能打开',
};

export function endWords(reason: ToldEndReason | EndReason, language: Language): string {
  const words = language === 'en' ? EN : ZH;
  return Object.hasOwn(words, reason.kind) ? words[reason.kind as EndReasonKind](reason) : reason.kind;
}

/** The cause of an end by somebody else, as picked and as written. */
export function endCause(
  { preset, reason = '' }: Pick<ToldEndReason, 'preset' | 'reason'>,
  language: Language,
): string {
  const known = END_PRESETS.find((one) => one === preset);
  const words = known === undefined || (known === 'other' && reason !== '') ? '' : presetWords(known, language);
  return words + (words === '' ? reason : after(language === 'en' ? ', ' : '，', reason));
}

export const presetWords = (preset: EndPreset, language: Language): string =>
  (language === 'en' ? PRESETS_EN : PRESETS_ZH)[preset];

const PRESETS_EN: Readonly<Record<EndPreset, string>> = {
  policy: 'against policy',
  security: 'security',
  maintenance: 'maintenance',
  mistake: 'opened by mistake',
  other: 'other reasons',
};
const PRESETS_ZH: Readonly<Record<EndPreset, string>> = {
  policy: '违反规定',
  security: '安全原因',
  maintenance: '系统维护',
  mistake: '误操作',
  other: '其他原因',
};

const after = (between: string, text: string): string => (text === '' ? '' : between + text);

function refusal({ code, params = {} }: ToldEndReason, language: Language): string | undefined {
  if (code === undefined || !isProblemCode(code)) return undefined;
  return describeProblem({ code, params }, language).title;
}

const MINUTE_MS = 60_000;

/** Limits are whole minutes as a rule; those of a test or a demo may be seconds. */
function span(ms: number, language: Language): string {
  const [count, one, zh] =
    ms < MINUTE_MS ? [Math.round(ms / 1000), 'second', '秒'] : [Math.round(ms / MINUTE_MS), 'minute', '分钟'];
  return language === 'en' ? `${count} ${one}${count === 1 ? '' : 's'}` : `${count} ${zh}`;
}
