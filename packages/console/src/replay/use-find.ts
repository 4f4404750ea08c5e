import type { FoundText } from '@sallyport/core/terminal/line-finder.js';
import { useEffect, useRef, useState } from 'react';
import { tellFind } from '../api/recording-events.js';
import { type FindState, findInEvents } from './find-in-events.js';
import type { ReplaySource } from './source.js';

export interface Find {
  readonly search: FindState | undefined;
  /** Index of the match jumped to last; -1: none yet. */
  readonly at: number;
  start(text: string): void;
  go(index: number): void;
  /** To the next or the one before, round the end. */
  step(by: 1 | -1): void;
}

/** A task of its own, so that drawing and keys come first. */
const breathe = (): Promise<void> => new Promise((resume) => setTimeout(resume, 0));

export function useFind(id: string, source: ReplaySource | undefined, jump: (match: FoundText) => void): Find {
  const [search, setSearch] = useState<FindState>();
  const [at, setAt] = useState(-1);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const found = search?.found ?? [];
  const go = (index: number): void => {
    const match = found[index];
    if (match === undefined) return;
    setAt(index);
    jump(match);
  };
  return {
    search,
    at,
    start(text) {
      running.current?.abort();
      setAt(-1);
      if (text === '' || source === undefined) {
        setSearch(undefined);
        return;
      }
      const stop = new AbortController();
      running.current = stop;
      const deps = {
        async tell(needle: string) {
          const told = await tellFind(id, needle);
          if (!told.ok) throw told.problem;
        },
        events: (signal: AbortSignal) => source.events(0, signal),
        now: () => performance.now(),
        breathe,
      };
      void findInEvents(deps, text, stop.signal, setSearch);
    },
    go,
    step(by) {
      if (found.length > 0) go(at < 0 && by < 0 ? found.length - 1 : (at + by + found.length) % found.length);
    },
  };
}
