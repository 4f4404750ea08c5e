/**
 * Records that can be recomputed: a decision's observations, exactly those it asked for, and a See that plays them back. An
 * observation that is not in the record is an error and not a guess. Custom code is not run again: what it said was seen.
 */
import type { Book } from './book.js';
import { checkKey } from './check.js';
import type { Decision } from './decision.js';
import type { Instant } from './instant.js';
import { decide, decideAccess, decideLogin } from './reference.js';
import type { LoginRequest, Request } from './request.js';
import { isPending, type Pending, type See } from './see.js';

/** What was asked, in one line, and what was seen. */
export type Observation = readonly [asked: string, seen: object];

export interface RecordedDecision {
  readonly version: number;
  readonly at: Instant;
  readonly checkpoint: Decision['checkpoint'];
  readonly request: Request | LoginRequest;
  readonly observations: readonly Observation[];
}

/** A shadow is not waited for. That it had no answer is what was seen, and is played back as such. */
const UNANSWERED = Object.freeze({ pending: null });

export interface Recorder extends See {
  readonly observations: readonly Observation[];
}

/**
 * Asks the same thing once. After waiting, the decision begins again and is told what it was told before, so the record is
 * that of one consistent look at the world.
 */
export function recordingSee(see: See): Recorder {
  const known = new Map<string, object>();
  const once = <T extends object>(asked: string, look: () => T): T => {
    const before = known.get(asked);
    if (before !== undefined && before !== UNANSWERED) return before as T;
    const now = look();
    known.set(asked, isPending(now) ? UNANSWERED : now);
    return now;
  };
  return {
    get observations() {
      return [...known];
    },
    place: (key, quota, now) => once(placeAsked(key), () => see.place(key, quota, now)),
    count: (key, now) => once(countAsked(key), () => see.count(key, now)),
    answer: (check, request) => once(`answer ${checkKey(check)}@${check.version}`, () => see.answer(check, request)),
    paid: (debt, request, now) => once(`paid ${JSON.stringify(debt)}`, () => see.paid(debt, request, now)),
  };
}

/** Thrown by a playback that is asked for more than was seen: the record and the engine do not belong together. */
export class UnknownObservation extends Error {}

export function playbackSee(observations: readonly Observation[]): See {
  const known = new Map(observations);
  const recall = <T extends object>(asked: string): T => {
    const seen = known.get(asked);
    if (seen === undefined) throw new UnknownObservation(asked);
    return seen as T;
  };
  return {
    place: (key) => recall(placeAsked(key)),
    count: (key) => recall(countAsked(key)),
    answer: (check) => recall(`answer ${checkKey(check)}@${check.version}`),
    paid: (debt) => recall(`paid ${JSON.stringify(debt)}`),
  };
}

const placeAsked = (key: string): string => `place ${key}`;
const countAsked = (key: string): string => `count ${key}`;

/** The same decision, from its record and the book as it was. */
export function recompute(book: Book, record: RecordedDecision): Decision | Pending {
  if (book.version !== record.version) throw new Error(`record of version ${record.version}, book ${book.version}`);
  const see = playbackSee(record.observations);
  const { request, at } = record;
  if (record.checkpoint === 'login') return decideLogin(book, request, see, at);
  if (record.checkpoint === 'access') return decideAccess(book, request, see, at);
  if (!('operation' in request)) throw new Error('an operation was recorded without its request');
  return decide(book, request, see, at);
}
