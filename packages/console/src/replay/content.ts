/** Bytes of a recording from the HTTP API, by range. */
import { API, type ApiProblem } from '../api/client.js';
import type { ReadRange } from './source.js';

export const exportAddress = (sessionId: string, format: 'asciicast-v2' | 'asciicast-v3' | 'raw'): string =>
  `${API}/recordings/${sessionId}/export?format=${format}`;

/** Rejects with the server's problem, or with one of ours when there was no answer. */
export function contentReader(sessionId: string): ReadRange {
  return async (from, to, signal) => {
    let response: Response;
    try {
      response = await fetch(`${API}/recordings/${sessionId}/content`, {
        headers: { range: `bytes=${from}-${to - 1}`, 'accept-language': document.documentElement.lang },
        credentials: 'same-origin',
        cache: 'no-store',
        signal,
      });
    } catch (cause) {
      if (signal.aborted) throw cause;
      return Promise.reject(ours('client.unreachable', 0));
    }
    // Not satisfiable: the file has not grown past `from`.
    if (response.status === 416) return new Uint8Array();
    if (response.status === 206) return new Uint8Array(await response.arrayBuffer());
    // A proxy that drops ranges sends the whole file.
    if (response.status === 200) return new Uint8Array(await response.arrayBuffer()).subarray(from, to);
    if ((response.headers.get('content-type') ?? '').includes('problem+json')) {
      return Promise.reject((await response.json()) as ApiProblem);
    }
    return Promise.reject(ours('client.not-ours', response.status));
  };
}

const ours = (code: string, status: number): ApiProblem => ({ code, status, title: '', next: '', params: {} });
