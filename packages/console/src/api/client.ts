import type { ProblemAnswer } from '@sallyport/core/wire/api-answers.js';

/**
 * The one way to the server: same origin, cookie, anti-forgery header, problem documents as values. A failure that is
 * not the server's own (no network, a proxy's page) has the code `client.unreachable` or `client.not-ours`.
 */
export type ClientCode = 'client.unreachable' | 'client.not-ours';
export type ApiProblem = Omit<ProblemAnswer, 'type'>;
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ApiProblem };

let csrf = '';
/** From `GET /me`; the header proves that the request comes from our own page. */
export function keepCsrf(value: string): void {
  csrf = value;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
interface Asked {
  readonly body?: unknown;
  /** Sent as it is, instead of a body. */
  readonly file?: Blob;
  readonly signal?: AbortSignal;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
}

export const API = '/api/v1';

export async function ask<T>(
  method: Method,
  path: string,
  { body, file, signal, query }: Asked = {},
): Promise<Answer<T>> {
  const headers = new Headers({ accept: 'application/json', 'accept-language': document.documentElement.lang });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (file !== undefined) headers.set('content-type', 'application/octet-stream');
  if (method !== 'GET' && csrf !== '') headers.set('x-sallyport-csrf', csrf);
  let response: Response;
  try {
    response = await fetch(`${API}/${path}${queryString(query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(file !== undefined && { body: file }),
      ...(signal !== undefined && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    return { ok: false, problem: clientProblem('client.unreachable', 0) };
  }
  return read<T>(response);
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const type = response.headers.get('content-type') ?? '';
  if (response.ok) {
    if (response.status === 204) return { ok: true, value: undefined as T };
    if (type.includes('json')) return { ok: true, value: (await response.json()) as T };
  } else if (type.includes('problem+json')) {
    const problem = (await response.json()) as ProblemAnswer;
    if (problem.status === 401) for (const listener of signedOut) listener(problem);
    return { ok: false, problem };
  }
  return { ok: false, problem: clientProblem('client.not-ours', response.status) };
}

const clientProblem = (code: ClientCode, status: number): ApiProblem => ({
  code,
  status,
  title: '',
  next: '',
  params: {},
});

function queryString(query: Asked['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

/** For TanStack Query, which takes failures as rejections. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer;
  return settled.ok ? settled.value : Promise.reject(settled.problem);
}

export const get = <T>(path: string, asked?: Omit<Asked, 'body'>): Promise<T> => unwrap(ask<T>('GET', path, asked));

const signedOut = new Set<(problem: ApiProblem) => void>();
/** Told of every 401, so that the page can ask to sign in again wherever it happens. */
export function onSignedOut(listener: (problem: ApiProblem) => void): () => void {
  signedOut.add(listener);
  return () => {
    signedOut.delete(listener);
  };
}
