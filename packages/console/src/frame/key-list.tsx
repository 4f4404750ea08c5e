import { useMatches } from '@tanstack/react-router';
import { useState } from 'react';
import { useText } from '../i18n/provider.js';
import { Dialog } from '../ui/dialog.js';
import { Checkbox } from '../ui/field.js';
import { keepSingleKeys, singleKeysOn } from './keys.js';
import type { Place } from './places.js';

/** `?`: every key that works here. */
export function KeyList({ places, onClose }: { places: readonly Place[]; onClose(): void }) {
  const t = useText();
  const [on, setOn] = useState(singleKeysOn);
  const page = useMatches().flatMap(({ staticData }) => staticData.keys ?? []);
  return (
    <Dialog title={t('frame.keys')} onClose={onClose}>
      {page.length > 0 && <h3>{t('frame.keys-page')}</h3>}
      <dl className="kv">
        {page.map(([keys, meaning]) => (
          <KeyRow key={keys} keys={keys} meaning={t(meaning)} />
        ))}
      </dl>
      {page.length > 0 && <hr />}
      <h3>{t('frame.keys-everywhere')}</h3>
      <dl className="kv">
        <KeyRow keys="Ctrl K" meaning={t('frame.find')} />
        <KeyRow keys="?" meaning={t('frame.keys')} />
        {places.map(({ key, name }) => (
          <KeyRow key={key} keys={`g ${key}`} meaning={t('frame.go-to', { place: t(name) })} />
        ))}
      </dl>
      <hr />
      <Checkbox
        label={t('frame.single-keys')}
        help={t('frame.single-keys-help')}
        checked={on}
        onChecked={(next) => {
          keepSingleKeys(next);
          setOn(next);
        }}
      />
    </Dialog>
  );
}

function KeyRow({ keys, meaning }: { keys: string; meaning: string }) {
  return (
    <>
      <dt>
        {keys.split(' ').map((key, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
          <span key={index}>
            {index > 0 && ' '}
            <kbd>{key}</kbd>
          </span>
        ))}
      </dt>
      <dd>{meaning}</dd>
    </>
  );
}
