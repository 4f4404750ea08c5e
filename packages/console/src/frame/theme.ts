/** Light, dark or the system's. public/boot.js applies it before the first paint and keeps the same key. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'sallyport.theme';
const dark = () => matchMedia('(prefers-color-scheme: dark)');

export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

export function applyTheme(theme: Theme): void {
  const shown = theme === 'system' ? (dark().matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset.theme = shown;
}

export function keepTheme(theme: Theme): void {
  applyTheme(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
}

/** Follows the system while no theme is chosen. */
export function followSystemTheme(): void {
  dark().addEventListener('change', () => applyTheme(readTheme()));
}
