/**
 * What does not fit a request's schema, field by field, as a sentence's end: “must be one of admin, operator”. Our own
 * words and not the schema library's, which speak to programmers and change with its versions. Values are never
 * repeated, they may be secrets (V46). Limit: what a field's schema says as `rule(...)` must be in the table below.
 */
import type { z } from 'zod';
import type { Language } from '../model/problem.js';

export interface InvalidField {
  /** `port`, `labels.env`, `secret.password`; empty when it is about the whole. */
  readonly path: string;
  readonly message: string;
}

interface Words {
  readonly en: string;
  readonly zh: string;
}
const RULES = {
  id: { en: 'must be an id', zh: '必须是一个标识' },
  name: {
    en: 'must have 1 to 64 characters, without white space or % + # : @ / \\',
    zh: '须为 1 至 64 个字符，不含空白及 % + # : @ / \\',
  },
  visible: { en: 'must not contain control or invisible characters', zh: '不得包含控制字符或不可见字符' },
  address: {
    en: 'must be a DNS name, an IPv4 or an IPv6 address without brackets',
    zh: '须为域名、IPv4 地址或不带方括号的 IPv6 地址',
  },
  printable: { en: 'must not contain control characters', zh: '不得包含控制字符' },
  labels: { en: 'must hold at most 32 labels', zh: '最多 32 个标签' },
  label: {
    en: 'must be named with 1 to 63 letters, digits, _ . or -',
    zh: '的名称须为 1 至 63 个字母、数字或 _ . -',
  },
  'six-digits': { en: 'must be 6 digits', zh: '须为 6 位数字' },
  range: { en: 'must be a whole number from {0} to {1}', zh: '须为 {0} 至 {1} 的整数' },
} as const satisfies Record<string, Words>;

/** The message of a check in a schema; `invalidFields` puts it into words. */
export const rule = (name: keyof typeof RULES, ...params: readonly number[]): string =>
  ['rule', name, ...params].join(':');

export type Parsed<T> = { readonly value: T } | { readonly fields: readonly InvalidField[] };

export function parseFields<T extends z.ZodType>(schema: T, value: unknown, language: Language): Parsed<z.output<T>> {
  const parsed = schema.safeParse(value, { error: (issue) => wordsOf(issue, language), reportInput: false });
  return parsed.success ? { value: parsed.data } : { fields: fieldsOf(parsed.error, language) };
}

function fieldsOf(error: z.ZodError, language: Language): readonly InvalidField[] {
  const seen = new Set<string>();
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    // One sentence for each field: the first says enough to correct it.
    if (issue.code !== 'unrecognized_keys' && seen.has(path)) return [];
    seen.add(path);
    return [{ path, message: ruleWords(issue.message, language) ?? issue.message }];
  });
}

const SHOWN = 3;

/** The first few as one sentence. */
export function describeFields(fields: readonly InvalidField[], language: Language): string {
  const whole = language === 'en' ? 'it' : '';
  const parts = fields.slice(0, SHOWN).map(({ path, message }) => `${path || whole} ${message}`.trim());
  return parts.join(language === 'en' ? '; ' : '；');
}

function ruleWords(message: string, language: Language): string | undefined {
  const [mark, name = '', ...params] = message.split(':');
  if (mark !== 'rule' || !Object.hasOwn(RULES, name)) return undefined;
  const words = RULES[name as keyof typeof RULES][language === 'en' ? 'en' : 'zh'];
  return words.replace(/\{(\d)\}/g, (_, index: string) => params[Number(index)] ?? '?');
}

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

function wordsOf(issue: RawIssue, language: Language): string | undefined {
  const words = plainWords(issue);
  return words && (language === 'en' ? words.en : words.zh);
}

function plainWords(issue: RawIssue): Words | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? { en: 'is missing', zh: '缺失' } : typeWords(issue.expected);
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'invalid_union':
      return oneOf((issue as { readonly options?: readonly unknown[] }).options?.map(String) ?? []);
    case 'unrecognized_keys': {
      const keys = issue.keys.join(', ');
      return { en: `takes no field ${keys}`, zh: `不接受字段 ${keys}` };
    }
    case 'too_small':
      return boundWords(issue.origin, Number(issue.minimum), 'min');
    case 'too_big':
      return boundWords(issue.origin, Number(issue.maximum), 'max');
    case 'invalid_key':
      return RULES.label;
    default:
      return { en: 'does not have the right form', zh: '格式不对' };
  }
}

function typeWords(expected: string): Words {
  switch (expected) {
    case 'string':
      return { en: 'must be a text', zh: '必须是文本' };
    case 'boolean':
      return { en: 'must be true or false', zh: '必须是 true 或 false' };
    case 'int':
      return { en: 'must be a whole number', zh: '必须是整数' };
    case 'number':
      return { en: 'must be a number', zh: '必须是数字' };
    case 'array':
      return { en: 'must be a list', zh: '必须是列表' };
    default:
      return { en: 'must be a JSON object', zh: '必须是 JSON 对象' };
  }
}

function oneOf(values: readonly string[]): Words {
  if (values.length === 0) return { en: 'does not have the right form', zh: '格式不对' };
  if (values.length === 1) return { en: `must be ${values[0]}`, zh: `必须是 ${values[0]}` };
  return { en: `must be one of ${values.join(', ')}`, zh: `必须是其中之一：${values.join('、')}` };
}

function boundWords(origin: string, limit: number, side: 'min' | 'max'): Words {
  if (origin === 'string') {
    if (side === 'min' && limit === 1) return { en: 'must not be empty', zh: '不能为空' };
    return side === 'min'
      ? { en: `must have at least ${limit} characters`, zh: `至少 ${limit} 个字符` }
      : { en: `must have at most ${limit} characters`, zh: `最多 ${limit} 个字符` };
  }
  if (origin === 'array' || origin === 'set') {
    return side === 'min'
      ? { en: `must have at least ${limit} entries`, zh: `至少 ${limit} 项` }
      : { en: `must have at most ${limit} entries`, zh: `最多 ${limit} 项` };
  }
  return side === 'min'
    ? { en: `must be at least ${limit}`, zh: `最小为 ${limit}` }
    : { en: `must be at most ${limit}`, zh: `最大为 ${limit}` };
}
