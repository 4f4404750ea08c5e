/** Which of the running sessions are shown, and in which order. */
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { LiveSort } from './search.js';

export type Labels = Readonly<Record<string, string>>;
export type LabelsOf = (hostId: string) => Labels;

const labelText = ([name, value]: readonly [string, string]): string => (value === '' ? name : `${name}=${value}`);

/** Every word must be found in user, host, login or a label. */
export function matching(
  sessions: readonly SessionAnswer[],
  { q, label }: { readonly q: string; readonly label: string },
  labelsOf: LabelsOf,
): readonly SessionAnswer[] {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return sessions.filter(({ userName, hostName, hostAddress, login, sourceAddress, hostId }) => {
    const labels = Object.entries(labelsOf(hostId)).map(labelText);
    if (label !== '' && !labels.includes(label)) return false;
    const text = [userName, hostName, hostAddress, login, sourceAddress, ...labels].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Of the hosts that are in use now. */
export function labelsIn(sessions: readonly SessionAnswer[], labelsOf: LabelsOf): readonly string[] {
  const found = new Set(sessions.flatMap(({ hostId }) => Object.entries(labelsOf(hostId)).map(labelText)));
  return [...found].sort((a, b) => a.localeCompare(b));
}

export function inOrder(
  sessions: readonly SessionAnswer[],
  sort: LiveSort,
  busyness: (id: string) => number,
): readonly SessionAnswer[] {
  const newest = (a: SessionAnswer, b: SessionAnswer): number => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1);
  if (sort === 'newest') return [...sessions].sort(newest);
  return [...sessions].sort((a, b) => busyness(b.id) - busyness(a.id) || newest(a, b));
}

/** Output a second, told apart by tens only: tiles must not change places with every line. */
export interface BusyMeter {
  take(sessions: readonly SessionAnswer[], now: number): void;
  of(id: string): number;
}
/** Without output for this long a session is quiet; rows tell their output about every ten seconds. */
const QUIET_MS = 30_000;

export function createBusyMeter(): BusyMeter {
  const known = new Map<string, { bytes: number; at: number; rate: number; quiet: boolean }>();
  return {
    take(sessions, now) {
      for (const { id, outputBytes, createdAt, liveAt } of sessions) {
        const before = known.get(id) ?? { bytes: 0, at: liveAt ?? createdAt, rate: 0, quiet: true };
        if (outputBytes > before.bytes) {
          const rate = (1000 * (outputBytes - before.bytes)) / Math.max(1_000, now - before.at);
          known.set(id, { bytes: outputBytes, at: now, rate, quiet: false });
        } else known.set(id, { ...before, quiet: now - before.at > QUIET_MS });
      }
      const open = new Set(sessions.map(({ id }) => id));
      for (const id of known.keys()) if (!open.has(id)) known.delete(id);
    },
    of(id) {
      const one = known.get(id);
      return one === undefined || one.quiet ? 0 : Math.ceil(Math.log10(1 + one.rate));
    },
  };
}
