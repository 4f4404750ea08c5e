/** Which language the page speaks. Read before the first paint by public/boot.js, which keeps the same key. */
export type Language = 'en' | 'zh-CN' | 'en-XA';

const KEY = 'sallyport.language';

/** The language boot.js has put on the root element. `en-XA` is the pseudo-locale: English, accented and 40 % longer. */
export function startLanguage(): Language {
  const { lang } = document.documentElement;
  return lang === 'zh-CN' || lang === 'en-XA' ? lang : 'en';
}

export function keepLanguage(language: Language): void {
  document.documentElement.lang = language;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
}

/** What the API calls it. */
export const apiLanguage = (language: Language): 'en' | 'zh-CN' => (language === 'zh-CN' ? 'zh-CN' : 'en');
