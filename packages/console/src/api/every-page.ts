import type { Page } from '@sallyport/core/wire/api-answers.js';

/** Lists searched on the page are read whole; the cap keeps a mistake from reading for ever. */
const MAX_PAGES = 50;

export async function everyPage<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items: more, next } = await read(cursor);
    items.push(...more);
    if (next === undefined) break;
    cursor = next;
  }
  return items;
}
