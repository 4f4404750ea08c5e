import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { hostsQuery } from '../api/hosts.js';
import { openSessionsQuery, sessionQuery } from '../api/sessions.js';
import type { Controls } from '../control/controls.js';
import { type Gone, goneAfter } from './gone.js';
import { createBusyMeter, type LabelsOf } from './live-order.js';

/** What shows running sessions, as a wall or as a table. */
export interface LiveListProps {
  readonly sessions: readonly SessionAnswer[];
  readonly labelsOf: LabelsOf;
  readonly me: MeAnswer;
  readonly controls: Pick<Controls, 'act'>;
}

const ENDING_MS = 1_000;
const NONE: readonly SessionAnswer[] = [];
const NO_LABELS = {};

/** All running sessions, and those that ended since the page was opened. */
export function useLiveSessions() {
  const query = useQuery(openSessionsQuery);
  const open = query.data ?? NONE;
  const [meter] = useState(createBusyMeter);
  const [gone, setGone] = useState<Gone>(new Map());
  const before = useRef(NONE);
  useEffect(() => {
    meter.take(open, Date.now());
    const last = before.current;
    before.current = open;
    setGone((known) => goneAfter(known, last, open));
  }, [open, meter]);
  const ids = [...gone.keys()];
  const rows = useQueries({
    queries: ids.map((id) => ({
      ...sessionQuery(id),
      refetchInterval: ({ state }: { state: { data?: SessionAnswer | undefined } }) =>
        state.data?.endedAt === undefined ? ENDING_MS : (false as const),
    })),
    combine: (answers) => answers.map(({ data }) => data),
  });
  const over = useMemo(
    () => [...gone.values()].map((last, at) => (rows[at]?.endedAt === undefined ? last : rows[at])),
    [gone, rows],
  );
  const sessions = useMemo(() => [...open, ...over], [open, over]);
  return { query, open, sessions, busyness: meter.of };
}

/** Labels of hosts, where one may read them. */
export function useLabels(may: boolean): LabelsOf {
  const { data } = useQuery({ ...hostsQuery, enabled: may });
  return useMemo(() => {
    const byId = new Map(data?.map(({ id, labels }) => [id, labels]));
    return (hostId) => byId.get(hostId) ?? NO_LABELS;
  }, [data]);
}
