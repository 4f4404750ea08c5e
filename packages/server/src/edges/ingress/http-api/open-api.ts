/** OpenAPI 3.1 made from the table of routes: what the router does is what the document says. */
import { ok } from '@sallyport/core/model/problem.js';
import * as answers from '@sallyport/core/wire/api-answers.js';
import { z } from 'zod';
import { json, publicRoute, type Route } from './route.js';
import { CSRF_HEADER } from './same-site.js';

type Schema = Record<string, unknown>;

const named = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(answers)) if (schema instanceof z.ZodType) named.add(schema, { id });

/** A reference for a schema with a name, else the schema itself. Input: what may be sent. Output: what comes. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const id = named.get(schema)?.id;
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return plain;
}

function components(): Schema {
  const { schemas } = z.toJSONSchema(named, {
    io: 'output',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _dialect, $id: _id, ...plain }]) => [id, plain]),
  );
}

/** The fields of an object schema as parameters. */
function parameters(schema: z.ZodType | undefined, where: 'path' | 'query'): readonly Schema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Schema>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: one,
  }));
}

function responses({ answer, access }: Route): Schema {
  const problem = { description: 'A problem', content: { 'application/problem+json': { schema: PROBLEM } } };
  const media = (): Schema => {
    if ('schema' in answer) return { content: { 'application/json': { schema: schemaOf(answer.schema, 'output') } } };
    if (!('mediaType' in answer)) return {};
    const types = [answer.mediaType].flat();
    return { content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }])) };
  };
  return {
    [answer.status]: { description: 'Done', ...media() },
    ...('ranges' in answer ? { 206: { description: 'The part asked for', ...media() } } : {}),
    ...(access.kind === 'public' ? {} : { 401: problem }),
    default: problem,
  };
}
const PROBLEM = { $ref: '#/components/schemas/ProblemAnswer' };

function operation(route: Route): Schema {
  const { method, path, summary, access, params, query, body, upload } = route;
  const words = path.split('/').flatMap((part) => part.replace(/[{}]/g, '').split(/[-.]/));
  const reads = method === 'GET';
  return {
    operationId: [method.toLowerCase(), ...words.filter((word) => word !== '').map(capital)].join(''),
    summary,
    tags: [path.split('/')[1]],
    ...('operation' in access ? { 'x-sallyport-operation': access.operation } : {}),
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(upload
      ? {
          requestBody: {
            required: true,
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
        }
      : {}),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }
      : {}),
    responses: responses(route),
    security:
      access.kind === 'public'
        ? []
        : [reads ? { cookie: [] } : { cookie: [], csrf: [] }, ...('web' in access ? [] : [{ bearer: [] }])],
  };
}
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export function openApiDocument(routes: readonly Route[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sallyport', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-sallyport',
          description: 'Set by POST /sign-in. On plain HTTP, on loopback only, its name is sallyport-loopback.',
        },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: CSRF_HEADER,
          description: 'The csrf value of GET /me, with every changing request that a cookie signs.',
        },
        bearer: { type: 'http', scheme: 'bearer', description: 'An API token: sp_ and 43 characters.' },
      },
    },
  };
}

export function openApiRoute(routes: readonly Route[], version: string): Route {
  let document: Schema | undefined;
  const own = publicRoute({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    answer: { status: 200, schema: z.record(z.string(), z.unknown()) },
    async handle() {
      document ??= openApiDocument([...routes, own], version);
      return ok(json(document));
    },
  });
  return own;
}
