/**
 * The header chunk's payload: who, where and when, as UTF-8 JSON, once per file and before the first event. JSON here
 * lets fields be added; readers ignore those they do not know. It holds names, never a secret.
 */
import { type ImportOrigin, readImportOrigin } from '../model/import-origin.js';
import { clampSize, type TerminalSize } from '../model/session.js';

export interface RecordingHeader {
  readonly sessionId: string;
  /** UTC ms of the first event. */
  readonly startedAt: number;
  readonly size: TerminalSize;
  readonly term: string;
  /** Login shell on the target, when known (X16: env SHELL of the asciicast export). */
  readonly shell?: string;
  readonly title: string;
  readonly userName: string;
  readonly hostName: string;
  readonly login: string;
  /** Set: made from a file, not by a session of a gateway. */
  readonly origin?: ImportOrigin;
  /** Set: the events are encrypted. `keyCheck` tells the right key from a wrong one and nothing else. */
  readonly encryption?: { readonly cipher: string; readonly keyCheck: string };
}

export function encodeRecordingHeader(header: RecordingHeader): Uint8Array<ArrayBuffer> {
  const { sessionId, startedAt, size, term, shell, title, userName, hostName, login } = header;
  const { origin, encryption } = header;
  const fields = { sessionId, startedAt, cols: size.cols, rows: size.rows, term, shell, title };
  return new TextEncoder().encode(JSON.stringify({ ...fields, userName, hostName, login, origin, encryption }));
}

/** undefined when the payload is no header. Missing texts become empty: an old file still plays. */
export function decodeRecordingHeader(payload: Uint8Array): RecordingHeader | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string => {
    const field = fields.get(name);
    return typeof field === 'string' ? field : '';
  };
  const startedAt = fields.get('startedAt');
  if (typeof startedAt !== 'number' || !Number.isFinite(startedAt)) return undefined;
  const shell = text('shell');
  const origin = readImportOrigin(fields.get('origin'));
  const encryption = readEncryption(fields.get('encryption'));
  return {
    sessionId: text('sessionId'),
    startedAt,
    size: clampSize(fields.get('cols'), fields.get('rows')),
    term: text('term'),
    ...(shell === '' ? {} : { shell }),
    title: text('title'),
    userName: text('userName'),
    hostName: text('hostName'),
    login: text('login'),
    ...(origin === undefined ? {} : { origin }),
    ...(encryption === undefined ? {} : { encryption }),
  };
}

function readEncryption(value: unknown): RecordingHeader['encryption'] {
  if (value === null || typeof value !== 'object') return undefined;
  const { cipher, keyCheck } = value as Readonly<Record<string, unknown>>;
  return typeof cipher === 'string' && typeof keyCheck === 'string' ? { cipher, keyCheck } : undefined;
}
