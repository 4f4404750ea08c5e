/** JSON payloads of the watch socket, read with care: what is missing or of the wrong kind is left out. */
import type { Run, RunColour, Thumbnail } from '../terminal/thumbnail.js';
import { readFreeze } from './read-notice.js';
import { decodeJson } from './terminal-frames.js';
import type { Tile, Watching } from './watch-frames.js';

/** A picture is cut to this on the server too; more would only be work. */
const MAX_CELLS = 500;
const MAX_LINE = 2_000;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const fieldsOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};

export function readWatching(payload: Uint8Array): Watching | undefined {
  const json = decodeJson(payload);
  if (!json || typeof json.sessionId !== 'string') return undefined;
  const frozen = readFreeze(json.frozen);
  return {
    sessionId: json.sessionId,
    userName: text(json.userName),
    hostName: text(json.hostName),
    login: text(json.login),
    sourceAddress: text(json.sourceAddress),
    liveAt: count(json.liveAt),
    notice: json.notice === 'never' ? 'never' : 'always',
    watchers: listOf(json.watchers).filter((name) => typeof name === 'string'),
    ...(json.opening === true && { opening: true as const }),
    recorded: json.recorded === true,
    ...(frozen && { frozen }),
    ...((json.watcherRequired === 'there' || json.watcherRequired === 'missing') && {
      watcherRequired: json.watcherRequired,
    }),
  };
}

export function readTile(payload: Uint8Array): Tile | undefined {
  const json = decodeJson(payload);
  if (!json || typeof json.sessionId !== 'string') return undefined;
  const picture = readPicture(json.picture);
  return picture && { sessionId: json.sessionId, offset: count(json.offset), picture };
}

function readPicture(value: unknown): Thumbnail | undefined {
  const { atMs, cols, rows, lines } = fieldsOf(value);
  if (!isSize(cols) || !isSize(rows) || !Array.isArray(lines)) return undefined;
  return {
    atMs: count(atMs),
    cols,
    rows,
    lines: lines.slice(0, rows).map((runs: unknown) => listOf(runs).flatMap(readRun)),
  };
}
const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_CELLS;

function readRun(value: unknown): readonly Run[] {
  const run = fieldsOf(value);
  if (typeof run.text !== 'string') return [];
  const [fg, bg] = [colour(run.fg), colour(run.bg)];
  return [
    {
      text: run.text.slice(0, MAX_LINE),
      ...(fg !== undefined && { fg }),
      ...(bg !== undefined && { bg }),
      ...(run.bold === true && { bold: true as const }),
      ...(run.inverse === true && { inverse: true as const }),
    },
  ];
}
const colour = (value: unknown): RunColour | undefined =>
  (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 16) ||
  (typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value))
    ? value
    : undefined;
