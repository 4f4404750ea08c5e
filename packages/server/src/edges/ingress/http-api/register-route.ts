/** Puts a declared route on the router: origin, sign-in, schemas, guard, handler, answer; in this order for every route. */
import type { IncomingMessage } from 'node:http';
import { fail, type Language, ok, type Problem, problem, type Result } from '@sallyport/core/model/problem.js';
import { describeFields, type InvalidField, parseFields } from '@sallyport/core/wire/invalid-fields.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessGuard } from '../../../gateway/access-guard.js';
import type { Authenticated, Authenticator } from './authenticate.js';
import { languageOf, sendProblem } from './problem-answer.js';
import type { Answer, Reply, Route } from './route.js';
import type { SameSite } from './same-site.js';
import type { SignInCookie } from './sign-in-cookie.js';
import type { SourceAddresses } from './source-address.js';

export const API_PREFIX = '/api/v1';
/** A file of the largest size over a slow line. */
const UPLOAD_MS = 30 * 60_000;
const USER_AGENT_CHARACTERS = 256;

export interface RouteKeepers {
  readonly guard: AccessGuard;
  readonly authenticator: Authenticator;
  readonly sameSite: SameSite;
  readonly cookie: SignInCookie;
  readonly addresses: SourceAddresses;
  allowTime(request: IncomingMessage, ms: number): void;
}

export function registerRoute(app: FastifyInstance, route: Route, keepers: RouteKeepers): void {
  const signedIn = new WeakMap<FastifyRequest, Authenticated>();

  app.route({
    method: route.method,
    url: API_PREFIX + route.path.replace(/\{(\w+)\}/g, ':$1'),
    // Before the body is read: who may not ask is not listened to.
    onRequest: async (request, reply) => {
      const language = languageOf(request.headers['accept-language']);
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        const refused = keepers.sameSite.checkChange(request.raw);
        if (refused) return sendProblem(reply, refused, language);
      }
      if (route.access.kind === 'public') return undefined;
      const found = await keepers.authenticator.request(request.raw);
      if (!found.ok) return sendProblem(reply, found.problem, language);
      signedIn.set(request, found.value);
      if (route.upload) keepers.allowTime(request.raw, UPLOAD_MS);
      return undefined;
    },
    handler: async (request, reply) => {
      const language = languageOf(request.headers['accept-language']);
      const parts = parseParts(route, request, language);
      if ('problem' in parts) return sendProblem(reply, parts.problem, language, parts.fields);
      const common = { ...parts.value, language, headers: request.headers, signal: goneSignal(reply) };
      if (route.access.kind === 'public') {
        const asked = {
          ...common,
          address: keepers.addresses.of(request.raw),
          userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_CHARACTERS),
        };
        return answer(reply, await route.handle(asked as never), route.answer, keepers, language);
      }
      const current = signedIn.get(request);
      // INVARIANT: no handler of a route that is not public runs without somebody signed in.
      if (!current) throw new Error('a route ran without its sign-in check');
      const { who, cookie } = current;
      const allowed = await decide(route, parts.value.params, who.principal, keepers.guard);
      if (!allowed.ok) return sendProblem(reply, allowed.problem, language);
      const { name, userId, address } = who.principal;
      const asked = {
        ...common,
        who,
        by: { actor: name, actorId: userId, source: address },
        ...(cookie === undefined ? {} : { cookie }),
        upload: request.raw,
      };
      return answer(reply, await route.handle(asked as never), route.answer, keepers, language);
    },
  });
}

async function decide(
  { access }: Route,
  params: unknown,
  principal: Authenticated['who']['principal'],
  guard: AccessGuard,
): Promise<Result<void>> {
  switch (access.kind) {
    case 'self':
      return access.web && principal.via !== 'web' ? fail('auth.forbidden', { operation: 'sign-in' }) : ok(undefined);
    case 'operation': {
      if (!access.subject) {
        return guard.decide(principal, access.operation, access.target && { target: access.target(params as never) });
      }
      const subject = await access.subject(params as never);
      if (!subject) return fail('not-found');
      const decided = await guard.decide(principal, access.operation, subject);
      return decided.ok && subject.gone ? { ok: false, problem: subject.gone } : decided;
    }
    case 'gateway':
      return ok(undefined);
    case 'public':
      throw new Error('a public route has nothing to decide');
  }
}

interface Parts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}
type Refused = { readonly problem: Problem; readonly fields?: readonly InvalidField[] };

function parseParts(route: Route, request: FastifyRequest, language: Language): { readonly value: Parts } | Refused {
  const invalid = (fields: readonly InvalidField[]): Refused => ({
    problem: problem('request.invalid', { detail: describeFields(fields, language) }),
    fields,
  });
  const part = (schema: z.ZodType = NOTHING, value: unknown) => parseFields(schema, value, language);

  // What cannot be an id is answered as an unknown one is (W5, V6).
  const params = route.params ? parseFields(route.params, { ...(request.params as object) }, language) : { value: {} };
  if ('fields' in params) return { problem: problem('not-found') };
  const query = part(route.query, { ...(request.query as object) });
  if ('fields' in query) return invalid(query.fields);
  const body = route.upload ? { value: {} } : part(route.body, request.body ?? {});
  if ('fields' in body) return invalid(body.fields);
  return { value: { params: params.value, query: query.value, body: body.value } };
}

const NOTHING = z.strictObject({});

function answer(
  reply: FastifyReply,
  result: Result<Reply>,
  declared: Answer,
  keepers: RouteKeepers,
  language: Language,
): FastifyReply {
  if (!result.ok) return sendProblem(reply, result.problem, language);
  const { value } = result;
  switch (value.kind) {
    case 'json': {
      if (!('schema' in declared)) throw new Error('this route declares no JSON answer');
      if (value.signedIn) reply.header('set-cookie', keepers.cookie.set(value.signedIn.token));
      // The schema lets through what it names and nothing else, so that no row's other columns ever leave.
      return reply
        .status(value.status)
        .type('application/json')
        .send(JSON.stringify(declared.schema.parse(value.value)));
    }
    case 'empty':
      if (value.signedOut) reply.header('set-cookie', keepers.cookie.clear()).header('clear-site-data', '"cache"');
      return reply.status(204).send();
    case 'bytes':
      return reply
        .status(value.status)
        .headers({ ...value.headers })
        .send(value.body);
  }
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
