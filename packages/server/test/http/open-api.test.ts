import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gate, openGate } from '../fixtures/http-gate.js';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; security: object[]; responses: object }>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
}
let gate: Gate;
let text: string;
let document: Document;
beforeAll(async () => {
  gate = await openGate();
  text = await (await fetch(`${gate.url}/api/v1/openapi.json`)).text();
  document = JSON.parse(text) as Document;
});
afterAll(() => gate.close());

test('OpenAPI 3.1 names every route of the router, and no other', () => {
  expect(document.openapi).toBe('3.1.0');
  const named = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} /api/v1${path}`),
  );
  const routed = gate.api.routes
    .filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/'))
    .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  expect(named.sort()).toEqual(routed.sort());
});

test('every reference leads somewhere, every operation has a name of its own, every guarded one its security', () => {
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
  expect(references.length).toBeGreaterThan(40);
  for (const name of references) expect(document.components.schemas).toHaveProperty(name);
  expect(text).not.toContain('"$schema"');
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(operations.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId)).toEqual([
    'getStatus',
    'postSetup',
    'postSignIn',
    'getSigningKeys',
    'getOpenapiJson',
  ]);
});

test('an export names every type it can come as', () => {
  const { responses } = document.paths['/recordings/{id}/export']!.get!;
  const { content } = (responses as Record<string, { content: object }>)['200']!;
  expect(Object.keys(content)).toEqual([
    'application/x-asciicast',
    'text/plain; charset=utf-8',
    'image/svg+xml',
    'application/octet-stream',
  ]);
});
