import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as requests from './api-requests.js';
import { describeFields, parseFields } from './invalid-fields.js';

const said = (schema: z.ZodType, value: unknown): readonly string[] =>
  (['en', 'zh-CN'] as const).map((language) => {
    const parsed = parseFields(schema, value, language);
    return 'fields' in parsed ? describeFields(parsed.fields, language) : 'fits';
  });

const host = { name: 'web-01', address: '192.0.2.1' };

test.each([
  [requests.CreateHost, host, 'fits', 'fits'],
  [
    requests.CreateHost,
    { ...host, port: 70_000 },
    'port must be a whole number from 1 to 65535',
    'port 须为 1 至 65535 的整数',
  ],
  [requests.CreateHost, { ...host, address: '' }, 'address must not be empty', 'address 不能为空'],
  [requests.CreateHost, { name: 'web-01' }, 'address is missing', 'address 缺失'],
  [
    requests.CreateHost,
    { ...host, labels: { 'a b': 'c' } },
    'labels.a b must be named with 1 to 63 letters, digits, _ . or -',
    'labels.a b 的名称须为 1 至 63 个字母、数字或 _ . -',
  ],
  [requests.CreateHost, { ...host, prot: 22 }, 'it takes no field prot', '不接受字段 prot'],
  [requests.CreateHost, [], 'it must be a JSON object', '必须是 JSON 对象'],
  [
    requests.CreateUser,
    { name: 'ada', role: 'boss', password: '' },
    'role must be one of admin, operator, auditor; password must not be empty',
    'role 必须是其中之一：admin、operator、auditor；password 不能为空',
  ],
  [
    requests.CreateAccount,
    { login: 'root', secret: { kind: 'kerberos' } },
    'secret.kind must be one of password, key',
    'secret.kind 必须是其中之一：password、key',
  ],
  [requests.ConfirmTotp, { code: '12' }, 'code must be 6 digits', 'code 须为 6 位数字'],
  [
    requests.ListSessions,
    { limit: 'many' },
    'limit must be a whole number from 1 to 500',
    'limit 须为 1 至 500 的整数',
  ],
])('a field that does not fit is told plainly, in both languages: %#', (schema, value, en, zh) => {
  expect(said(schema as z.ZodType, value)).toEqual([en, zh]);
});

const schemas = Object.entries<z.ZodType>(requests as unknown as Record<string, z.ZodType>).flatMap(([name, schema]) =>
  schema instanceof z.ZodObject ? [[name, schema] as const] : [],
);

test('V46: no schema’s refusal speaks like the schema library, or repeats a value', () => {
  const secret = 'hunter2-hunter2';
  const odd = fc.oneof(
    fc.constant(`${secret}\u0007`),
    fc.constant(secret.repeat(3_000)),
    fc.constantFrom(null, true, 1.5, -1, 1e9, '', []),
    fc.record({ kind: fc.constantFrom('password', 'key', secret), password: fc.constantFrom(7, '', secret) }),
  );
  expect(schemas.length).toBeGreaterThan(15);
  for (const [name, schema] of schemas) {
    const shape = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, odd]));
    fc.assert(
      fc.property(fc.record(shape, { requiredKeys: [] }), (value) => {
        for (const text of said(schema, value)) {
          expect(text, name).not.toMatch(/expected|received|Invalid|Too (small|big)|rule:|undefined|无效|期望/);
          expect(text, name).not.toContain(secret);
        }
      }),
      { numRuns: 100 },
    );
  }
});
