/**
 * A route as a declaration: method, path, schemas, who may, one handler. The router, the checks before the handler and
 * the OpenAPI document are all made from this table, so that none of them can miss a route (V1).
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Language, Problem, Result } from '@sallyport/core/model/problem.js';
import type { Operation } from '@sallyport/core/model/role.js';
import type { z } from 'zod';
import type { AccessSubject } from '../../../gateway/access-guard.js';
import type { ChangedBy, CurrentSignIn, SignedIn } from '../../../gateway/ports/identity.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a handler is told: everything is parsed, and the guard has said yes. */
export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly who: CurrentSignIn;
  /** For audit rows of what identity changes. */
  readonly by: ChangedBy;
  readonly language: Language;
  readonly headers: IncomingHttpHeaders;
  /** The body as it comes, of a route that declares `upload`; else empty. */
  readonly upload: Readable;
  /** The cookie's value, when a cookie spoke. */
  readonly cookie?: string;
  /** Aborts when the asking side goes away. */
  readonly signal: AbortSignal;
}
export type AskedByAnyone<P, Q, B> = Omit<Asked<P, Q, B>, 'who' | 'by' | 'cookie' | 'upload'> & {
  readonly address: string;
  readonly userAgent: string;
};

/** `gone`: it was there; whoever may see it is told what became of it. */
export type RouteSubject = AccessSubject & { readonly gone?: Problem };

export type Access<P> =
  /** Answers anybody. The list of these is fixed by a test. */
  | { readonly kind: 'public' }
  /** About oneself only. `web`: not by an API token, which must not be able to make itself stronger (V16). */
  | { readonly kind: 'self'; readonly web?: true }
  /** The guard decides here. Without a subject found, the answer is the one for an unknown id (W5). */
  | {
      readonly kind: 'operation';
      readonly operation: Operation;
      readonly subject?: (params: P) => Promise<RouteSubject | undefined>;
      /** What a refusal's audit row names, where nothing is looked up for the decision. */
      readonly target?: (params: P) => string;
    }
  /** The gateway's entry function asks the guard itself. */
  | { readonly kind: 'gateway'; readonly operation: Operation };

export type Reply =
  | {
      readonly kind: 'json';
      readonly status: 200 | 201;
      readonly value: unknown;
      /** Sets the cookie of a fresh sign-in. */
      readonly signedIn?: SignedIn;
    }
  | { readonly kind: 'empty'; readonly signedOut?: true }
  | {
      readonly kind: 'bytes';
      readonly status: 200 | 206 | 416;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Readable | undefined;
    };

/** `host:ID`, as audit rows name it. */
export const targetOf =
  (kind: 'host' | 'account' | 'hostkey' | 'user') =>
  ({ id }: { readonly id: string }): string =>
    `${kind}:${id}`;

export const json = (value: unknown): Reply => ({ kind: 'json', status: 200, value });
export const created = (value: unknown): Reply => ({ kind: 'json', status: 201, value });
export const EMPTY: Reply = { kind: 'empty' };

/** What the document says is answered. */
export type Answer =
  | { readonly status: 200 | 201; readonly schema: z.ZodType }
  | { readonly status: 204 }
  | { readonly status: 200; readonly mediaType: string | readonly string[]; readonly ranges?: true };

interface Declared<P> {
  readonly method: Method;
  /** Under /api/v1, as in OpenAPI: `/hosts/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access<P>;
  readonly answer: Answer;
  /** The body is a file: of any type, not read before the guard has decided, and given more time than other requests. */
  readonly upload?: true;
}
/** Erased: what router and document read. */
export interface Route extends Declared<never> {
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  handle(asked: Asked<never, never, never> | AskedByAnyone<never, never, never>): Promise<Result<Reply>>;
}

type NoParts = z.ZodType<Readonly<Record<string, never>>>;
interface Schemas<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
}

export function route<P extends z.ZodType = NoParts, Q extends z.ZodType = NoParts, B extends z.ZodType = NoParts>(
  declared: Declared<z.output<P>> &
    Schemas<P, Q, B> & {
      readonly access: Exclude<Access<z.output<P>>, { kind: 'public' }>;
      handle(asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Promise<Result<Reply>>;
    },
): Route {
  return { params: undefined, query: undefined, body: undefined, ...declared } as Route;
}

export function publicRoute<Q extends z.ZodType = NoParts, B extends z.ZodType = NoParts>(
  declared: Omit<Declared<never>, 'access'> &
    Schemas<NoParts, Q, B> & {
      handle(asked: AskedByAnyone<unknown, z.output<Q>, z.output<B>>): Promise<Result<Reply>>;
    },
): Route {
  return { params: undefined, query: undefined, body: undefined, ...declared, access: { kind: 'public' } } as Route;
}
