import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../model/audit.js';
import { type EventReader, sessionEvents } from './session-events.js';

const AUDITOR: EventReader = { readsAudit: true, userId: 'u-ann', toldOfWatchers: false };
const OWNER: EventReader = { readsAudit: false, userId: 'u-olga', toldOfWatchers: true };

let seq = 0;
function row(at: number, action: AuditEntry['action'], more: Partial<AuditEntry> = {}): AuditEntry {
  seq += 1;
  const { actor = 'lin' } = more;
  return {
    ...{ seq, at, action, result: 'ok', actor, actorId: `u-${actor}`, source: '192.0.2.1', prevHash: '', hash: '' },
    ...more,
  };
}
const watch = (at: number, actor = 'lin', wall = false): AuditEntry =>
  row(at, 'session.watch', { actor, detail: { watchers: 1, ...(wall ? { wall } : {}) } });
const left = (at: number, seconds: number, actor = 'lin', wall = false): AuditEntry =>
  row(at, 'session.watch-end', { actor, detail: { seconds, ...(wall ? { wall } : {}) } });

describe('watching', () => {
  it('is one event with its beginning and its end; one without an end goes on', () => {
    expect(sessionEvents([watch(1_000), left(61_200, 60), watch(70_000, 'bob')], AUDITOR)).toEqual([
      { kind: 'watched', at: 1_000, by: 'lin', until: 61_200 },
      { kind: 'watched', at: 70_000, by: 'bob' },
    ]);
  });

  it('by one person on two pages and on the wall: each end goes to the beginning that fits its length', () => {
    const rows = [watch(0), watch(10_000, 'lin', true), watch(20_000), left(30_000, 10), left(31_000, 21, 'lin', true)];
    expect(sessionEvents([...rows, left(90_000, 90)], AUDITOR).map(({ at, until, wall }) => [at, until, wall])).toEqual(
      [
        [0, 90_000, undefined],
        [10_000, 31_000, true],
        [20_000, 30_000, undefined],
      ],
    );
  });

  it('that ended while the database was away ends when it did, not when that was written', () => {
    const late = row(900_000, 'session.watch-end', { detail: { seconds: 5, since: new Date(6_000).toISOString() } });
    expect(sessionEvents([watch(1_000), late], AUDITOR)).toMatchObject([{ until: 6_000 }]);
  });
});

describe('what others did', () => {
  const rows = [
    row(1, 'session.open', { actor: 'olga' }),
    row(2, 'session.freeze', { detail: { reason: 'wrong host' } }),
    row(3, 'session.message', { detail: { text: 'call me' } }),
    row(4, 'session.unfreeze', { detail: { droppedBytes: 7 } }),
    row(5, 'access.denied', { actor: 'eve', result: 'denied', detail: { operation: 'watch' } }),
    row(6, 'session.watch-refused', { result: 'denied', detail: { what: 'input' } }),
    watch(7),
    row(8, 'access.denied', { actor: 'olga', result: 'denied', detail: { operation: 'freeze' } }),
    row(9, 'session.end', { actor: 'lin', detail: { reason: 'ended-by-admin', by: 'lin', text: 'enough' } }),
  ];

  it('comes in the order of time, with its words', () => {
    expect(sessionEvents(rows, AUDITOR)).toEqual([
      { kind: 'frozen', at: 2, by: 'lin', text: 'wrong host' },
      { kind: 'message', at: 3, by: 'lin', text: 'call me' },
      { kind: 'unfrozen', at: 4, by: 'lin', droppedBytes: 7 },
      { kind: 'denied', at: 5, by: 'eve', text: 'watch' },
      { kind: 'watch-refused', at: 6, by: 'lin', text: 'input' },
      { kind: 'watched', at: 7, by: 'lin' },
      { kind: 'denied', at: 8, by: 'olga', text: 'freeze' },
      { kind: 'ended', at: 9, by: 'lin', text: 'enough' },
    ]);
  });

  it('tells the session’s own user no more than the page did: nobody else’s refusals', () => {
    const kinds = sessionEvents(rows, OWNER).map(({ kind, by }) => `${kind} ${by}`);
    expect(kinds).toEqual(['frozen lin', 'message lin', 'unfrozen lin', 'watched lin', 'denied olga', 'ended lin']);
  });

  it('and nobody who watched, where the rule keeps watchers from the user', () => {
    const told = sessionEvents(rows, { ...OWNER, toldOfWatchers: false });
    expect(told.some(({ kind }) => kind === 'watched')).toBe(false);
    expect(told).toHaveLength(5);
  });

  it('an end that nobody forced is no event', () => {
    expect(sessionEvents([row(1, 'session.end', { detail: { reason: 'remote-exit' } })], AUDITOR)).toEqual([]);
  });
});

describe('V26: a required watcher', () => {
  const rows = [
    row(1, 'session.watcher-missing', { actor: 'system' }),
    watch(2),
    row(3, 'session.watcher-back', { actor: 'system', detail: { droppedBytes: 4 } }),
  ];

  it('missing and back are told also to the session’s own user, and never by whom', () => {
    const silent = { ...OWNER, toldOfWatchers: false };
    expect(sessionEvents(rows, silent)).toEqual([
      { kind: 'unwatched', at: 1, by: 'system' },
      { kind: 'attended', at: 3, by: 'system', droppedBytes: 4 },
    ]);
  });
});
