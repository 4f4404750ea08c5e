/** Pinyin of Chinese names, for search: `zhangmin zm` finds 张敏. Loaded with the first name that needs it. */
const HAN = /\p{Script=Han}/u;
const MAX_CACHED = 5_000;
const cache = new Map<string, string>();

export async function pinyinOf(text: string): Promise<string | undefined> {
  if (!HAN.test(text)) return undefined;
  const known = cache.get(text);
  if (known !== undefined) return known;
  const { pinyin } = await import('pinyin-pro');
  const syllables = pinyin(text, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' });
  const initials = pinyin(text, { pattern: 'first', toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' });
  const found = `${syllables.join('')} ${initials.join('')}`.toLowerCase();
  cache.set(text, found);
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value ?? '');
  return found;
}
