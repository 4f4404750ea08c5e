/** What the address of a replay carries: `/recordings/ID?t=412.3`, seconds from the start. */
export interface ReplaySearch {
  t?: string;
}

export function replaySearch(raw: Record<string, unknown>): ReplaySearch {
  return typeof raw.t === 'string' && /^\d+(\.\d+)?$/.test(raw.t) ? { t: raw.t } : {};
}
