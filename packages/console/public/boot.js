// Runs before the first paint: theme and language, so that nothing flashes. A file of its own, because the page's
// content security policy allows no inline script. Keep in step with src/frame/theme.ts and src/i18n/language.ts.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is forbidden: the defaults do
    }
  };
  const theme = read('sallyport.theme');
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  const chosen = read('sallyport.language');
  const first = (navigator.languages ?? [navigator.language]).find((one) => /^(zh|en)\b/i.test(one)) ?? 'en';
  root.lang = chosen ?? (/^zh/i.test(first) ? 'zh-CN' : 'en');
})();
