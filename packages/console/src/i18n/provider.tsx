import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { type Format, makeFormat } from './format.js';
import { keepLanguage, type Language } from './language.js';
import { loadText, type Text } from './text.js';

interface Speech {
  readonly text: Text;
  readonly format: Format;
  speak(language: Language): Promise<void>;
}

const Context = createContext<Speech | undefined>(undefined);

function useSpeech(): Speech {
  const speech = useContext(Context);
  if (speech === undefined) throw new Error('no TextProvider above');
  return speech;
}

/** `const t = useText(); t('connect.title')`. */
export const useText = (): Text => useSpeech().text;
/** Dates, times, numbers, sizes and durations in the page's language. */
export const useFormat = (): Format => useSpeech().format;
export const useSpeak = (): Speech['speak'] => useSpeech().speak;

export function TextProvider({ initial, children }: { initial: Text; children: ReactNode }) {
  const [text, setText] = useState(() => initial);
  const speak = useCallback(async (language: Language) => {
    const next = await loadText(language);
    keepLanguage(language);
    setText(() => next);
  }, []);
  const speech = useMemo(() => ({ text, format: makeFormat(text.language), speak }), [text, speak]);
  return <Context value={speech}>{children}</Context>;
}
