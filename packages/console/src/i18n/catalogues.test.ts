import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { catalogue as en } from './en/catalogue.js';
import type { MessageKey } from './messages.js';
import { pseudo } from './pseudo.js';
import { makeText } from './text.js';
import { catalogue as zh } from './zh-CN/catalogue.js';

const sources = import.meta.glob<string>(['../**/*.ts', '../**/*.tsx', '!../i18n/**', '!../**/*.test.*'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const code = Object.values(sources).join('\n');

type Flat = Readonly<Record<string, string>>;
const flatten = (catalogue: Readonly<Record<string, Flat>>): Flat =>
  Object.fromEntries(
    Object.entries(catalogue).flatMap(([area, messages]) =>
      Object.entries(messages).map(([key, message]) => [`${area}.${key}`, message]),
    ),
  );
const english = flatten(en);
const chinese = flatten(zh);

/** Names of the arguments and tags a message takes. */
function slots(message: string): readonly string[] {
  const found = new Set<string>();
  const walk = (nodes: readonly unknown[]): void => {
    for (const node of nodes as {
      type: number;
      value?: string;
      options?: Record<string, { value: unknown[] }>;
      children?: unknown[];
    }[]) {
      // 0 is literal text, 7 the # of a plural; all others name a slot.
      if (node.type !== 0 && node.type !== 7 && node.value !== undefined) found.add(node.value);
      for (const option of Object.values(node.options ?? {})) walk(option.value);
      walk(node.children ?? []);
    }
  };
  walk(new IntlMessageFormat(message, 'en').getAst());
  return [...found].sort();
}

describe('catalogues', () => {
  test('both languages have the same keys', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  test('both languages take the same arguments', () => {
    for (const key of Object.keys(english)) expect(slots(chinese[key] ?? ''), key).toEqual(slots(english[key] ?? ''));
  });

  test('no message is empty, and Chinese is Chinese', () => {
    for (const [key, message] of Object.entries({ ...english, ...chinese })) expect(message.trim(), key).not.toBe('');
    const same = Object.keys(english).filter(
      (key) =>
        english[key] === chinese[key] && /[a-z]{3}/i.test((english[key] ?? '').replace(/\{[^}]*\}|<[^>]*>/g, '')),
    );
    // Names and words that are the same in both.
    expect(same.filter((key) => !/sallyport|shell|sally|json/i.test(english[key] ?? ''))).toEqual([]);
  });

  test('every key is used', () => {
    const used = new Set([...code.matchAll(/['"`]([a-zA-Z]+\.[\w-]+)['"`]/g)].map((match) => match[1]));
    // `area.key-${state}`: every key of that beginning counts as used.
    const stems = [...code.matchAll(/`([a-zA-Z]+\.[\w-]*)\$\{/g)].map((match) => match[1] ?? '');
    const unused = Object.keys(english).filter((key) => {
      // These two are asked for by what the server wrote: `actions.ACTION`, `details.FIELD`.
      if (/^(actions|details)\./.test(key)) return false;
      if (used.has(key)) return false;
      if (/^settings\./.test(key) && code.includes(`of('${key.slice('settings.'.length).replace(/-help$/, '')}')`))
        return false;
      return !stems.some((stem) => !stem.endsWith('.') && key.startsWith(stem));
    });
    expect(unused).toEqual([]);
  });

  test('no used key is missing', () => {
    const areas = Object.keys(en).join('|');
    const asked = [...code.matchAll(new RegExp(`\\b(?:t|t\\.rich|text)\\(\\s*'((?:${areas})\\.[\\w-]+)'`, 'g'))].map(
      (match) => match[1] ?? '',
    );
    expect(asked.filter((key) => !(key in english))).toEqual([]);
    expect(asked.length).toBeGreaterThan(100);
  });
});

describe('text', () => {
  test('fills arguments and plurals', () => {
    const t = makeText('en', en);
    expect(t('connect.count', { count: 1 })).toBe('1 host');
    expect(t('connect.count', { count: 214 })).toBe('214 hosts');
    expect(makeText('zh-CN', zh)('connect.count', { count: 3 })).toBe('3 台主机');
  });

  test('untrusted values stay text', () => {
    const name = '<b>{x}</b>';
    expect(makeText('en', en)('inventory.saved', { name })).toBe('<b>{x}</b> saved');
  });

  test('the pseudo-locale changes every message, is longer and keeps its slots', () => {
    const t = makeText('en-XA', en);
    expect(t('connect.count', { count: 2 })).toMatch(/^\[2 hösštš~+\]$|^\[2 höštš~+\]$/);
    for (const [key, message] of Object.entries(english)) {
      expect(slots(pseudo(message)), key).toEqual(slots(message));
      expect(pseudo(message).length, key as MessageKey).toBeGreaterThan(message.length);
    }
  });
});
