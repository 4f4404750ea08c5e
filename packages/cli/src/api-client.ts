/** The one way to the gateway: its HTTP API. Every refusal becomes a Failure with the API's own words. */
import { Readable } from 'node:stream';
import { ProblemAnswer } from '@sallyport/core/wire/api-answers.js';
import { tokenFor, tokenOrigin } from './credentials.js';
import { EXIT } from './exit-code.js';
import { Failure, failureOf } from './failure.js';

export interface ApiClient {
  readonly server: string;
  get<T>(path: string, query?: Readonly<Record<string, string | number | undefined>>): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** A file as the body, as it comes. */
  upload<T>(path: string, content: Readable, query?: Readonly<Record<string, string | number | undefined>>): Promise<T>;
  /** The body as it comes, for downloads. */
  download(
    path: string,
    query?: Readonly<Record<string, string | number | undefined>>,
  ): Promise<AsyncIterable<Uint8Array>>;
}

const ANSWER_TIMEOUT_MS = 60_000;
/** As long as the gateway listens to an upload. */
const UPLOAD_TIMEOUT_MS = 30 * 60_000;
const noAnswer = (ms: number): string => `no answer within ${ms / 1000} s`;

export function apiClient(server: string, headers?: Readonly<Record<string, string>>): ApiClient {
  const token = headers === undefined ? tokenFor(server) : undefined;

  async function call(
    method: string,
    path: string,
    body?: unknown,
    query: Readonly<Record<string, string | number | undefined>> = {},
    content?: ReadableStream<Uint8Array>,
  ): Promise<Response> {
    const url = new URL(`/api/v1/${path}`, server);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const patience = new AbortController();
    const limit = content === undefined ? ANSWER_TIMEOUT_MS : UPLOAD_TIMEOUT_MS;
    const timer = setTimeout(() => patience.abort(new Error(noAnswer(limit))), limit);
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        redirect: 'error',
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(content === undefined ? {} : { 'content-type': 'application/octet-stream' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(content === undefined ? {} : { body: content, duplex: 'half' as const }),
        signal: patience.signal,
      });
    } catch (error) {
      throw unreachable(server, error);
    } finally {
      // A long download may take as long as it goes on; a silent one is ended by fetch itself.
      clearTimeout(timer);
    }
    if (response.ok) return response;
    throw await refusal(server, response, token);
  }

  async function json<T>(response: Promise<Response>): Promise<T> {
    const answer = await response;
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  return {
    server,
    get: (path, query) => json(call('GET', path, undefined, query)),
    send: (method, path, body) => json(call(method, path, body)),
    upload: (path, content, query) =>
      json(call('POST', path, undefined, query, Readable.toWeb(content) as ReadableStream<Uint8Array>)),
    async download(path, query) {
      const { body } = await call('GET', path, undefined, query);
      if (body === null) return (async function* () {})();
      return body;
    },
  };
}

function unreachable(server: string, error: unknown): Failure {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  const why = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : 'failed');
  return new Failure(
    `The gateway at ${server} cannot be reached: ${why}`,
    EXIT.unreachable,
    'Start it with “sallyport serve”, or name another one with --server or SALLYPORT_SERVER.',
  );
}

async function refusal(server: string, response: Response, token: string | undefined): Promise<Failure> {
  const answer = ProblemAnswer.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) {
    return new Failure(`${server} answered ${response.status}, which is not an answer of Sallyport.`, EXIT.unreachable);
  }
  const { code, title } = answer.data;
  if (code === 'auth.token-refused') {
    const next =
      token === undefined
        ? 'Give another token, or sign in with “sallyport login”.'
        : `It came from ${tokenOrigin()}. Replace it there, or run “sallyport login”.`;
    return new Failure(title, EXIT.signIn, next, answer.data);
  }
  if (code !== 'auth.required') return failureOf(answer.data);
  return new Failure(
    title,
    EXIT.signIn,
    'Run “sallyport login”, or set SALLYPORT_TOKEN. On the gateway itself: “sallyport token create --user NAME”.',
    answer.data,
  );
}
