/** Bytes of a recording from the HTTP API, by range. */
import type { EXPORT_FORMATS } from '@sallyport/core/wire/api-requests.js';
import { API, type ApiProblem } from '../api/client.js';
import type { ReplayReader } from './source.js';

export const exportAddress = (sessionId: string, format: (typeof EXPORT_FORMATS)[number]): string =>
  `${API}/recordings/${sessionId}/export?format=${format}`;

/** Of a part, in milliseconds since the start. */
export const partAddress = (
  sessionId: string,
  format: (typeof EXPORT_FORMATS)[number],
  fromMs: number,
  toMs: number,
): string => `${exportAddress(sessionId, format)}&fromMs=${fromMs}&toMs=${toMs}`;

export const evidenceAddress = (sessionId: string): string => `${API}/recordings/${sessionId}/evidence`;

/** Rejects with the server's problem, or with one of ours when there was no answer. */
export function replayReader(sessionId: string): ReplayReader {
  const of = `${API}/recordings/${sessionId}`;
  return {
    content: async (from, to, signal) => (await ranged(`${of}/content`, from, to, signal)) ?? new Uint8Array(),
    table: async (signal) => bytesOf(await asked(`${of}/index`, {}, signal)),
    keyframes: async (from, to, signal) =>
      (await ranged(`${of}/index/keyframes`, from, to, signal)) ?? new Uint8Array(),
  };
}

/** undefined: the file has not grown past `from`. */
async function ranged(address: string, from: number, to: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
  const response = await asked(address, { range: `bytes=${from}-${to - 1}` }, signal);
  if (response.status === 416) return undefined;
  const bytes = await bytesOf(response);
  // A proxy that drops ranges sends the whole file.
  return response.status === 200 ? bytes.subarray(from, to) : bytes;
}

async function asked(address: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, {
      headers: { ...headers, 'accept-language': document.documentElement.lang },
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    return Promise.reject(ours('client.unreachable', 0));
  }
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  if (response.status === 200 || response.status === 206) return new Uint8Array(await response.arrayBuffer());
  if ((response.headers.get('content-type') ?? '').includes('problem+json')) {
    return Promise.reject((await response.json()) as ApiProblem);
  }
  return Promise.reject(ours('client.not-ours', response.status));
}

const ours = (code: string, status: number): ApiProblem => ({ code, status, title: '', next: '', params: {} });
