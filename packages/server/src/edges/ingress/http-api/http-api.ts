/** The HTTP ingress: API under /api/v1, health, the console's files. One Fastify over one limited server. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { parse as parseQuery } from 'node:querystring';
import { type Problem, problem, type Result } from '@sallyport/core/model/problem.js';
import { decodeJson } from '@sallyport/core/wire/terminal-frames.js';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { CurrentSignIn } from '../../../gateway/ports/identity.js';
import { createAuthenticator, type UpgradeDoor } from './authenticate.js';
import { readConsoleFiles } from './console-files.js';
import { createLimitedServer, type LimitedServer, MAX_HEADERS, type TlsFiles } from './limited-server.js';
import { languageOf, sendProblem } from './problem-answer.js';
import { registerRoute } from './register-route.js';
import { logAnswer } from './request-log.js';
import { allRoutes } from './routes/all-routes.js';
import { createSameSite } from './same-site.js';
import { CONSOLE_POLICY, securityHeaders } from './security-headers.js';
import type { HttpLog, Services } from './services.js';
import { createSignInCookie } from './sign-in-cookie.js';
import { createSourceAddresses } from './source-address.js';

export interface HttpApiOptions extends Omit<Services, 'random'> {
  readonly random?: Services['random'];
  /** The address people open, when it is not the one listened on (a proxy, a DNS name). */
  readonly publicUrl?: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly tls?: TlsFiles | undefined;
  /** The built console; without it only the API is served. */
  readonly consoleDirectory?: string | undefined;
  readonly log: HttpLog;
}
export interface HttpApi {
  readonly server: Server | TlsServer;
  /** Every route of the router, for the test that tries each (V1). */
  readonly routes: readonly { readonly method: string; readonly url: string }[];
  listen(host: string, port: number): Promise<{ readonly address: string; readonly port: number }>;
  /** Answers no new request, waits `graceMs` for those under way, then cuts. */
  close(graceMs?: number): Promise<void>;
  authenticateUpgrade(request: IncomingMessage, door?: UpgradeDoor): Promise<Result<CurrentSignIn>>;
}

export const MAX_BODY_BYTES = 64 * 1024;
const CLOSE_GRACE_MS = 2_000;
const MAX_QUERY_PAIRS = 64;

export async function createHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const { log, identity, gateway } = options;
  const services: Services = { ...options, random: options.random ?? randomBytes };
  const secure = options.tls !== undefined || options.publicUrl?.startsWith('https:') === true;
  const addresses = createSourceAddresses(options.trustedProxies);
  const sameSite = createSameSite({ publicUrl: options.publicUrl, tls: options.tls !== undefined });
  const cookie = createSignInCookie(secure);
  const authenticator = createAuthenticator({ identity, sameSite, cookie, addresses });
  const files = await readConsoleFiles(options.consoleDirectory);
  const headers = securityHeaders(secure);
  let closing = false;

  const limited: { current?: LimitedServer } = {};
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      querystringParser: (text: string) => ({ ...parseQuery(text, '&', '=', { maxKeys: MAX_QUERY_PAIRS }) }),
    },
    return503OnClosing: false,
    serverFactory: (handler) => {
      limited.current = createLimitedServer(handler, options.tls, addresses.isProxy);
      return limited.current.server;
    },
    frameworkErrors: (_error, request, reply) =>
      refuse(request, reply, problem('request.invalid', { detail: 'address' })),
  });
  const routes: { method: string; url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });

  const refuse = (request: FastifyRequest, reply: FastifyReply, found: Problem): FastifyReply =>
    sendProblem(reply, found, languageOf(request.headers['accept-language']));

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    // Node drops what is over its own limit in silence; a header we would not see must not decide anything (V29).
    if (request.raw.rawHeaders.length / 2 > MAX_HEADERS) {
      return reply.status(431).header('connection', 'close').send();
    }
    return undefined;
  });
  app.addHook('onSend', async (request, reply) => {
    // What is left of a body nobody reads is not waited for (V10).
    if (!request.raw.complete || closing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => logAnswer(log, request, reply, addresses.of(request.raw)));

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const value = decodeJson(typeof body === 'string' ? Buffer.from(body) : body);
    // Not JSON, not an object, or a key that reaches for a prototype (V44).
    return value ? done(null, value) : done(new InvalidBody('the body is not a JSON object'));
  });

  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof InvalidBody)
      return refuse(request, reply, problem('request.invalid', { detail: error.message }));
    switch (error.code) {
      case 'FST_ERR_CTP_BODY_TOO_LARGE':
        return refuse(request, reply, problem('request.too-large', { limit: String(MAX_BODY_BYTES) }));
      case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
        return refuse(request, reply, problem('request.invalid', { detail: 'content-type: application/json' }));
      case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
        return refuse(request, reply, problem('request.invalid', { detail: 'content-length' }));
    }
    const reference = randomBytes(6).toString('hex');
    log.error({ err: error, reference }, 'a request failed inside');
    return refuse(request, reply, problem('internal', { reference }));
  });

  app.get('/healthz', async (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const ready =
      !closing &&
      (await identity.isSetUp().then(
        () => true,
        () => false,
      ));
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });

  const allowTime = (request: IncomingMessage, ms: number): void => limited.current?.allowTime(request, ms);
  const keepers = { guard: gateway.guard, authenticator, sameSite, cookie, addresses, allowTime };
  for (const route of allRoutes(services)) {
    if (!route.upload) registerRoute(app, route, keepers);
    else
      app.register((scope, _options, done) => {
        registerRoute(takingFiles(scope), route, keepers);
        done();
      });
  }

  app.setNotFoundHandler(async (request, reply) => {
    const path = (request.raw.url ?? '/').split('?', 1)[0]!;
    // Whatever looks like the API answers like the API: nothing to anybody who is not signed in (V1).
    if (/^\/+(api|%61pi)/i.test(path)) {
      const found = await authenticator.request(request.raw);
      return refuse(request, reply, found.ok ? problem('not-found') : found.problem);
    }
    const file =
      request.method === 'GET' || request.method === 'HEAD' ? files.answer(path, request.headers) : undefined;
    if (!file) return refuse(request, reply, problem('not-found'));
    return reply
      .status(file.status)
      .headers({ ...file.headers, 'content-security-policy': CONSOLE_POLICY })
      .send(file.body);
  });

  await app.ready();
  const { current } = limited;
  if (!current) throw new Error('no server was made');

  return {
    server: current.server,
    routes,
    async listen(host, port) {
      await app.listen({ host, port, listenTextResolver: () => '' });
      const bound = current.server.address();
      if (bound === null || typeof bound === 'string') throw new Error('not listening on an address');
      return { address: bound.address, port: bound.port };
    },
    async close(graceMs = CLOSE_GRACE_MS) {
      closing = true;
      const cut = setTimeout(current.destroyAll, graceMs);
      current.server.closeIdleConnections();
      await app.close();
      clearTimeout(cut);
    },
    authenticateUpgrade: authenticator.upgrade,
  };
}

/** Bodies of any type, left where they are for the handler to read. */
function takingFiles(scope: FastifyInstance): FastifyInstance {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _body, done) => done(null, undefined));
  return scope;
}

class InvalidBody extends Error {
  override readonly name = 'InvalidBody';
}
