/** Elements from values. Text is always text: nothing of a recording is ever parsed as HTML. */
import { visibleText } from '@sallyport/core/terminal/visible-text.js';

type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string>>;

export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Names and titles come from anybody: what cannot be seen is written out. */
export const seen = (text: string): string => visibleText(text);

export function factList(rows: readonly (readonly [name: string, value: Node | string])[]): HTMLDListElement {
  return el('dl', {}, ...rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

export function tableOf(
  head: readonly string[],
  rows: readonly (readonly (Node | string)[])[],
  label: string,
): HTMLElement {
  const titles = el('tr', {}, ...head.map((name) => el('th', { scope: 'col' }, name)));
  const body = rows.map((cells) =>
    el('tr', {}, ...cells.map((cell, n) => el('td', { 'data-name': head[n] ?? '' }, cell))),
  );
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label },
    el('table', {}, el('thead', {}, titles), el('tbody', {}, ...body)),
  );
}

export function section(title: string, ...children: readonly Child[]): HTMLElement {
  return el('section', { class: 'card' }, el('h2', {}, title), ...children);
}
