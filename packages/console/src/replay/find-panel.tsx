import { MAX_NEEDLE_LENGTH } from '@sallyport/core/terminal/line-finder.js';
import { type KeyboardEvent, type Ref, useEffect, useRef, useState } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import { IconButton } from '../ui/button.js';
import { SearchBox } from '../ui/field.js';
import { type FindState, MAX_FOUND } from './find-in-events.js';
import type { Find } from './use-find.js';

/** Each search is a row of the audit log: half a word is not looked for. Enter does not wait. */
const TYPING_MS = 700;

/** Find in this recording’s output: matches with their moments, in the order they were shown. */
export function FindPanel(props: { find: Find; clock(ms: number): string; inputRef: Ref<HTMLInputElement> }) {
  const { find, clock, inputRef } = props;
  const t = useText();
  const [text, setText] = useState(find.search?.text ?? '');
  const list = useRef<HTMLOListElement>(null);
  const asked = find.search?.text ?? '';
  const start = useRef(find.start);
  start.current = find.start;
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => start.current(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, asked]);
  useEffect(() => {
    list.current?.children[find.at]?.scrollIntoView({ block: 'nearest' });
  }, [find.at]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      if (text === asked) find.step(event.shiftKey ? -1 : 1);
      else find.start(text);
    } else if (event.key === 'Escape') event.currentTarget.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div className="rfind">
        <SearchBox
          label={t('replay.find')}
          value={text}
          onValue={setText}
          inputRef={inputRef}
          onKeyDown={onKeyDown}
          maxLength={MAX_NEEDLE_LENGTH}
        >
          <IconButton icon="previous" label={t('replay.find-previous')} onClick={() => find.step(-1)} />
          <IconButton icon="next" label={t('replay.find-next')} onClick={() => find.step(1)} />
        </SearchBox>
        <p className="meta t3" role="status">
          {find.search ? <Progress search={find.search} at={find.at} clock={clock} /> : t('replay.find-help')}
        </p>
      </div>
      <ol className="rhits" ref={list} aria-label={t('replay.found-list')}>
        {find.search?.found.map((hit, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: matches are only ever added at the end
          <li key={index}>
            <button type="button" aria-current={index === find.at || undefined} onClick={() => find.go(index)}>
              <span className="t3">{clock(hit.atMs)}</span>
              <code dir="ltr">
                <bdi>{hit.before.slice(-24)}</bdi>
                <mark>{hit.match}</mark>
                <bdi>{hit.after}</bdi>
              </code>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function Progress({ search, at, clock }: { search: FindState; at: number; clock(ms: number): string }) {
  const t = useText();
  const format = useFormat();
  const count = search.found.length;
  const place = at < 0 ? t('replay.found', { count }) : t('replay.found-at', { at: at + 1, count });
  switch (search.state) {
    case 'running':
      return `${place} · ${t('replay.find-upto', { at: clock(search.atMs) })}`;
    case 'full':
      return t('replay.find-full', { count: format.number(MAX_FOUND), at: clock(search.atMs) });
    case 'failed':
      return `${place} · ${t('replay.find-failed', { at: clock(search.atMs) })}`;
    case 'refused':
      return t('replay.find-refused');
    case 'done':
      return place;
  }
}
