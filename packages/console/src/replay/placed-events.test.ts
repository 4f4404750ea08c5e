import type { SessionEventAnswer } from '@sallyport/core/wire/event-messages.js';
import { expect, it } from 'vitest';
import { placedEvents } from './placed-events.js';

const BEGAN = 1_700_000_000_000;
const at = (kind: SessionEventAnswer['kind'], ms: number, more: Partial<SessionEventAnswer> = {}) => ({
  ...{ kind, at: BEGAN + ms, by: 'lin' },
  ...more,
});
const placed = (events: readonly SessionEventAnswer[], marks: readonly { atMs: number; text: string }[] = []) =>
  placedEvents(events, marks, BEGAN, 60_000).map(({ atMs, toMs, event: { kind } }) => [kind, atMs, toMs]);

it('watching lasts to its end, and to the end of the recording while it goes on', () => {
  expect(placed([at('watched', 5_000, { until: BEGAN + 9_000 }), at('watched', 20_000)])).toEqual([
    ['watched', 5_000, 9_000],
    ['watched', 20_000, 60_000],
  ]);
});

it('input is held until it is let go, the session is ended, or the recording ends', () => {
  expect(placed([at('frozen', 1_000), at('message', 2_000), at('unfrozen', 3_000), at('frozen', 4_000)])).toEqual([
    ['frozen', 1_000, 3_000],
    ['message', 2_000, undefined],
    ['unfrozen', 3_000, undefined],
    ['frozen', 4_000, 60_000],
  ]);
  // V26: apart from the hold for want of a watcher.
  expect(placed([at('unwatched', 1_000), at('frozen', 2_000), at('attended', 3_000), at('unwatched', 9_000)])).toEqual([
    ['unwatched', 1_000, 3_000],
    ['frozen', 2_000, 60_000],
    ['attended', 3_000, undefined],
    ['unwatched', 9_000, 60_000],
  ]);
  expect(placed([at('frozen', 4_000), at('ended', 5_000)])[0]).toEqual(['frozen', 4_000, 5_000]);
});

it('what was done before the first moment or after the last stands at the edges', () => {
  expect(placed([at('denied', -400), at('ended', 60_300)])).toEqual([
    ['denied', 0, undefined],
    ['ended', 60_000, undefined],
  ]);
});

it('a mark of the recording stands in the list once: as the deed it is of, or alone when no deed is told', () => {
  const marks = [
    { atMs: 1_100, text: 'input held by lin: why' },
    { atMs: 30_000, text: 'message from lin: hello' },
  ];
  expect(placed([at('frozen', 1_000, { text: 'why' }), at('watched', 30_000)], marks)).toEqual([
    ['frozen', 1_000, 60_000],
    ['watched', 30_000, 60_000],
    ['mark', 30_000, undefined],
  ]);
});
