/** An ENDED read with care, by the operator's page and by a watcher's. */
import { decodeJson, type Ended } from './terminal-frames.js';

export function readEnded(payload: Uint8Array): Ended | undefined {
  const json = decodeJson(payload);
  if (typeof json?.reason !== 'string') return undefined;
  const { reason } = json;
  const params: Record<string, string> = {};
  if (json.params !== null && typeof json.params === 'object') {
    for (const [key, value] of Object.entries(json.params)) {
      if (typeof value === 'string' || typeof value === 'number') params[key] = String(value);
    }
  }
  return {
    reason,
    ...(typeof json.code === 'string' ? { code: json.code } : {}),
    ...(typeof json.exitCode === 'number' ? { exitCode: json.exitCode } : {}),
    ...(typeof json.signal === 'string' ? { signal: json.signal } : {}),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(json.resumable === true ? { resumable: true } : {}),
  };
}
