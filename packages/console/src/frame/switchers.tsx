import { useState } from 'react';
import type { Language } from '../i18n/language.js';
import { useSpeak, useText } from '../i18n/provider.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';
import { keepTheme, readTheme, THEMES, type Theme } from './theme.js';

const THEME_ICON = { system: 'half', light: 'sun', dark: 'moon' } as const;

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(readTheme);
  return [
    theme,
    (next) => {
      keepTheme(next);
      setTheme(next);
    },
  ];
}

export function ThemeSwitch() {
  const t = useText();
  const [theme, choose] = useTheme();
  return (
    <Menu label={t('frame.theme')} button={<Icon name={THEME_ICON[theme]} />}>
      {(close) =>
        THEMES.map((one) => (
          <button
            key={one}
            type="button"
            role="menuitemradio"
            aria-checked={one === theme}
            onClick={() => {
              choose(one);
              close();
            }}
          >
            <Icon name={THEME_ICON[one]} />
            {t(`frame.theme-${one}`)}
            <span className="end">{one === theme && <Icon name="check" size="s" />}</span>
          </button>
        ))
      }
    </Menu>
  );
}

/** One press: there are two languages. Named in the language it leads to. */
export function LanguageSwitch() {
  const t = useText();
  const speak = useSpeak();
  const other: Language = t.language === 'zh-CN' ? 'en' : 'zh-CN';
  const label = other === 'en' ? 'EN, switch to English' : '切换到中文';
  return (
    <button
      type="button"
      className="icon"
      lang={other}
      aria-label={label}
      title={label}
      onClick={() => void speak(other)}
    >
      {other === 'en' ? 'EN' : '中'}
    </button>
  );
}
