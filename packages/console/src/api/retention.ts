import type {
  DeletionAnswer,
  HoldAnswer,
  HoldsAnswer,
  RetentionAnswer,
  SweepAnswer,
  SweepPreviewAnswer,
} from '@sallyport/core/wire/retention-messages.js';
import { queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { ask, get } from './client.js';

export type Policy = Omit<RetentionAnswer, 'floorMs'>;

export const retentionQuery = queryOptions<RetentionAnswer, ApiProblem>({
  queryKey: ['retention'],
  queryFn: ({ signal }) => get('retention', { signal }),
});
const PREVIEWED = 20;
export const sweepPreviewQuery = queryOptions<SweepPreviewAnswer, ApiProblem>({
  queryKey: ['retention', 'preview'],
  queryFn: ({ signal }) => get('retention/preview', { signal, query: { limit: PREVIEWED } }),
});

export const setRetention = (body: Policy) => ask<RetentionAnswer>('PUT', 'retention', { body });
export const runSweep = () => ask<SweepAnswer>('POST', 'retention/run', { body: {} });
export const holdRecording = (id: string, reason: string) =>
  ask<HoldAnswer>('PUT', `recordings/${id}/hold`, { body: { reason } });
export const releaseRecording = (id: string, reason: string) =>
  ask<void>('DELETE', `recordings/${id}/hold`, { body: { reason } });
export const deleteRecording = (id: string, reason: string) =>
  ask<DeletionAnswer>('DELETE', `recordings/${id}`, { body: { reason } });

/** What a hold may cover besides one recording. */
export type HeldSubject = 'user' | 'host';
export const holdsQuery = queryOptions<HoldsAnswer, ApiProblem>({
  queryKey: ['retention', 'holds'],
  queryFn: ({ signal }) => get('holds', { signal }),
});
export const holdAll = (subject: HeldSubject, id: string, reason: string) =>
  ask<HoldAnswer>('PUT', `${subject}s/${id}/hold`, { body: { reason } });
export const releaseAll = (subject: HeldSubject, id: string, reason: string) =>
  ask<void>('DELETE', `${subject}s/${id}/hold`, { body: { reason } });
