/** Parts of the time whose recording is missing, damaged or not yet whole, each with its cause. */
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { RecordingVerifyAnswer } from '@sallyport/core/wire/evidence-messages.js';
import type { Text } from '../i18n/text.js';
import type { ReplaySource } from './source.js';

export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  /** `open`: not a fault, it is still being written. */
  readonly kind: 'cut' | 'damaged' | 'open';
  readonly cause: string;
}

export function gapsOf(
  source: ReplaySource,
  session: SessionAnswer,
  verdict: RecordingVerifyAnswer | undefined,
  durationMs: number,
  t: Text,
): readonly Gap[] {
  const gaps: Gap[] = (verdict?.findings ?? [])
    .filter(({ kind }) => LOCATED.has(kind))
    .map(({ kind, fromUs, toUs }) => ({
      fromMs: fromUs / 1000,
      toMs: toUs === undefined ? durationMs : toUs / 1000,
      kind: 'damaged',
      cause: t(`replay.finding-${kind}`),
    }));
  const { end } = source;
  if (end?.truncated) gaps.push({ fromMs: end.atMs, toMs: durationMs, kind: 'cut', cause: cutWords(source, t) });
  else if (end === undefined && session.endedAt === undefined)
    gaps.push({ fromMs: source.lastMs, toMs: durationMs, kind: 'open', cause: t('replay.not-sealed') });
  else if (end === undefined && source.startedAt !== undefined && source.indexedMs < durationMs)
    gaps.push({ fromMs: source.indexedMs, toMs: durationMs, kind: 'open', cause: t('replay.not-indexed') });
  return gaps;
}

/** Findings that stand at a place of the recording; the others are about it as a whole. */
const LOCATED = new Set<string>(['changed', 'cut', 'removed', 'moved', 'inserted', 'rewritten', 'bad-signature']);

export function cutWords({ end }: ReplaySource, t: Text): string {
  const damage = end?.damage;
  if (!damage) return t('replay.cut-sealed');
  const why = /hash|chain|decompress/.test(damage.detail) ? t('replay.cut-damaged') : t('replay.cut-crash');
  return t('replay.cut-at-byte', { why, position: damage.position });
}
