/**
 * A NOTICE read with care, by the operator's page and by a watcher's: undefined is one that this version does not know
 * or that lacks what its kind must say. Names and texts are somebody's words: they are cut here and drawn as text.
 */
import { decodeJson, type Notice } from './terminal-frames.js';
import type { Freeze } from './watch-frames.js';

/** Longest message to an operator, and longest reason of a freeze or an end. */
export const MAX_WORDS = 500;
const MAX_NAME = 200;
/** More names than anybody reads; the rule for more is that they are not told. */
const MAX_NAMES = 1_000;

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
const cut = (value: unknown, most: number): string | undefined =>
  typeof value === 'string' ? value.slice(0, most) : undefined;

export function readNotice(payload: Uint8Array): Notice | undefined {
  const json = decodeJson(payload);
  return json && noticeOf(json);
}

export function readFreeze(value: unknown): Freeze | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { by, reason, at } = value as Record<string, unknown>;
  const [name, words, time] = [cut(by, MAX_NAME), cut(reason, MAX_WORDS), count(at)];
  if (name === undefined || words === undefined || time === undefined) return undefined;
  return { by: name, reason: words, at: time };
}

function noticeOf(json: Record<string, unknown>): Notice | undefined {
  const kind = json.kind as Notice['kind'];
  switch (kind) {
    case 'idle-warning':
    case 'time-warning': {
      const seconds = count(json.seconds);
      return seconds === undefined ? undefined : { kind, seconds };
    }
    case 'unrecorded':
    case 'shutdown':
    case 'read-only':
    case 'screen-unknown':
      return { kind };
    case 'watched': {
      if (!Array.isArray(json.names)) return undefined;
      const names = json.names.slice(0, MAX_NAMES).map((name: unknown) => cut(name, MAX_NAME));
      return { kind, names: names.filter((name) => name !== undefined) };
    }
    case 'frozen': {
      const freeze = readFreeze(json);
      return freeze && { kind, ...freeze };
    }
    case 'unfrozen': {
      const by = cut(json.by, MAX_NAME);
      const droppedBytes = count(json.droppedBytes);
      return by === undefined || droppedBytes === undefined ? undefined : { kind, by, droppedBytes };
    }
    case 'unwatched': {
      const endsAt = count(json.endsAt);
      return endsAt === undefined ? { kind } : { kind, endsAt };
    }
    case 'attended':
      return { kind, droppedBytes: count(json.droppedBytes) ?? 0 };
    case 'message': {
      const [by, text, at] = [cut(json.by, MAX_NAME), cut(json.text, MAX_WORDS), count(json.at)];
      return by === undefined || text === undefined || at === undefined ? undefined : { kind, by, text, at };
    }
    case 'resynchronised': {
      const skippedBytes = count(json.skippedBytes);
      return skippedBytes === undefined ? undefined : { kind, skippedBytes };
    }
    default: {
      kind satisfies never; // a newer server's: not for this page
      return undefined;
    }
  }
}
