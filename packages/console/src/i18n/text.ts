import { IntlMessageFormat } from 'intl-messageformat';
import type { ReactNode } from 'react';
import { createElement, Fragment } from 'react';
import type { Language } from './language.js';
import type { Area, Catalogue, MessageKey } from './messages.js';
import { pseudo } from './pseudo.js';

export type Value = string | number | boolean | Date;
/** Renders the children of a tag in a message: `<b>web-01</b>` with `b: (x) => <strong>{x}</strong>`. */
export type TagRenderer = (children: ReactNode) => ReactNode;

/** A message in the language of the page, its ICU arguments filled in. Untrusted values stay text. */
export interface Text {
  (key: MessageKey, values?: Readonly<Record<string, Value>>): string;
  readonly language: Language;
  rich(key: MessageKey, values: Readonly<Record<string, Value | TagRenderer>>): ReactNode;
}

export function makeText(language: Language, catalogue: Catalogue): Text {
  const cache = new Map<MessageKey, IntlMessageFormat>();
  const formatter = (key: MessageKey): IntlMessageFormat => {
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const dot = key.indexOf('.');
    const area = catalogue[key.slice(0, dot) as Area] as Readonly<Record<string, string>>;
    const source = area[key.slice(dot + 1)] ?? key;
    const made = new IntlMessageFormat(
      language === 'en-XA' ? pseudo(source) : source,
      language === 'en-XA' ? 'en' : language,
    );
    cache.set(key, made);
    return made;
  };
  const text = (key: MessageKey, values?: Readonly<Record<string, Value>>): string =>
    String(formatter(key).format(values ?? {}));
  const rich: Text['rich'] = (key, values) => {
    const renderers: Record<string, Value | ((chunks: ReactNode[]) => ReactNode)> = {};
    for (const [name, value] of Object.entries(values)) {
      renderers[name] =
        typeof value === 'function' ? (chunks) => value(createElement(Fragment, null, ...chunks)) : value;
    }
    const parts = formatter(key).format<ReactNode>(renderers);
    return Array.isArray(parts) ? createElement(Fragment, null, ...parts) : parts;
  };
  return Object.assign(text, { language, rich });
}

/** Each language is its own chunk: a page loads only the one it speaks. */
export async function loadText(language: Language): Promise<Text> {
  const { catalogue } = await (language === 'zh-CN' ? import('./zh-CN/catalogue.js') : import('./en/catalogue.js'));
  return makeText(language, catalogue);
}
