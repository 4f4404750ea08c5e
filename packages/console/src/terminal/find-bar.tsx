import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useText } from '../i18n/provider.js';
import { IconButton } from '../ui/button.js';
import { SearchBox } from '../ui/field.js';
import type { Emulator } from './emulator.js';

const MARKS: ISearchOptions = {
  decorations: {
    matchBackground: '#5c4a12',
    matchOverviewRuler: '#e0b656',
    activeMatchBackground: '#8a6d12',
    activeMatchColorOverviewRuler: '#f0cb76',
  },
};

export function FindBar({ emulator, onClose }: { emulator: Emulator; onClose(): void }) {
  const t = useText();
  const [words, setWords] = useState('');
  const [found, setFound] = useState({ at: -1, count: 0 });
  const addon = useRef<SearchAddon>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    let stop: (() => void) | undefined;
    let gone = false;
    void emulator.search().then((search) => {
      if (gone) return;
      addon.current = search;
      const subscription = search.onDidChangeResults(({ resultIndex, resultCount }) =>
        setFound({ at: resultIndex, count: resultCount }),
      );
      stop = () => {
        subscription.dispose();
        search.clearDecorations();
      };
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [emulator]);
  const find = (text: string, back: boolean, typing = false) => {
    if (text === '') {
      addon.current?.clearDecorations();
      setFound({ at: -1, count: 0 });
    } else if (back) addon.current?.findPrevious(text, MARKS);
    else addon.current?.findNext(text, { ...MARKS, incremental: typing });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') find(words, !event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the field inside
    <div className="findbar" onKeyDown={onKeyDown}>
      <SearchBox
        label={t('terminal.find-in')}
        value={words}
        inputRef={input}
        onValue={(value) => {
          setWords(value);
          find(value, false, true);
        }}
      >
        <span className="meta t3 nowrap" role="status">
          {words === ''
            ? ''
            : found.count === 0
              ? t('terminal.find-none')
              : t('terminal.find-count', { at: found.at + 1, count: found.count })}
        </span>
      </SearchBox>
      <span className="flip">
        <IconButton icon="down" small label={t('terminal.find-previous')} onClick={() => find(words, true)} />
      </span>
      <IconButton icon="down" small label={t('terminal.find-next')} onClick={() => find(words, false)} />
      <IconButton icon="close" small label={t('common.close')} onClick={onClose} />
    </div>
  );
}
