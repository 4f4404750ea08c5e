import { MAX_BLOCK_MINUTES } from '@sallyport/core/model/block.js';
import { useState } from 'react';
import { useText } from '../i18n/provider.js';
import { TextField } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';
import { useNow } from '../ui/words.js';
import { BLOCK_TERMS, type BlockTerm, blockMinutes, firstUntil } from './block-term.js';

export interface ChosenTerm {
  readonly term: BlockTerm;
  readonly until: string;
  /** undefined: no block, or a time that is none or has passed. */
  readonly minutes: number | undefined;
  readonly now: number;
  onTerm(term: BlockTerm): void;
  onUntil(until: string): void;
}

export function useBlockTerm(first: BlockTerm): ChosenTerm {
  const now = useNow(1_000);
  const [term, onTerm] = useState(first);
  const [until, onUntil] = useState(() => firstUntil(Date.now()));
  return { term, until, minutes: blockMinutes(term, until, now), now, onTerm, onUntil };
}

/** For how long. */
export function BlockTerms(props: { label: string; chosen: ChosenTerm; needed?: boolean }) {
  const { label, chosen, needed = false } = props;
  const { term, until, minutes, now } = chosen;
  const t = useText();
  return (
    <>
      <div>
        <span className="lab">{label}</span>
        <Segmented<BlockTerm>
          label={label}
          value={term}
          choices={BLOCK_TERMS.filter((value) => !needed || value !== 'none').map((value) => ({
            value,
            text: t(`control.term-${value}`),
          }))}
          onValue={chosen.onTerm}
        />
      </div>
      {term === 'until' && (
        <TextField
          type="datetime-local"
          label={t('control.until')}
          value={until}
          onValue={chosen.onUntil}
          required
          min={firstUntil(now - 59 * 60_000)}
          error={minutes === undefined || minutes > MAX_BLOCK_MINUTES ? t('control.until-bad') : undefined}
        />
      )}
    </>
  );
}
