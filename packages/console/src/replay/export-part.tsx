import type { EXPORT_FORMATS } from '@sallyport/core/wire/api-requests.js';
import { useState } from 'react';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { SelectField, TextField } from '../ui/field.js';
import { partAddress } from './content.js';
import { readMoment, writeMoment } from './typed-moment.js';

type Format = Exclude<(typeof EXPORT_FORMATS)[number], 'raw'>;
const FORMATS = [
  ['asciicast-v2', 'replay.export-v2'],
  ['asciicast-v3', 'replay.export-v3'],
  ['text', 'replay.export-text'],
  ['svg', 'replay.export-svg'],
] as const;

/** A part of the recording as a file of its own, from the moment shown unless another is written. */
export function ExportPart(props: { sessionId: string; positionMs: number; durationMs: number; onClose(): void }) {
  const { sessionId, durationMs, onClose } = props;
  const t = useText();
  const [from, setFrom] = useState(() => writeMoment(props.positionMs < durationMs ? props.positionMs : 0));
  // Rounded up: the last tenth is in.
  const [to, setTo] = useState(() => writeMoment(durationMs + 99));
  const [format, setFormat] = useState<Format>('asciicast-v2');
  const [fromMs, toMs] = [readMoment(from), readMoment(to)];
  const turned = fromMs !== undefined && toMs !== undefined && fromMs >= toMs;
  const fits = fromMs !== undefined && toMs !== undefined && !turned;
  const unreadable = (ms: number | undefined) => (ms === undefined ? t('replay.part-unreadable') : undefined);
  return (
    <Dialog title={t('replay.part-title')} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!fits) return;
          const link = document.createElement('a');
          link.href = partAddress(sessionId, format, fromMs, toMs);
          link.download = '';
          link.click();
          onClose();
        }}
      >
        <TextField
          label={t('replay.part-from')}
          help={t('replay.part-help')}
          error={unreadable(fromMs)}
          value={from}
          onValue={setFrom}
          autoComplete="off"
          required
        />
        <TextField
          label={t('replay.part-to')}
          error={unreadable(toMs) ?? (turned ? t('replay.part-turned') : undefined)}
          value={to}
          onValue={setTo}
          autoComplete="off"
          required
        />
        <SelectField<Format>
          label={t('replay.part-format')}
          value={format}
          choices={FORMATS.map(([value, text]) => ({ value, text: t(text) }))}
          onValue={setFormat}
        />
        <footer>
          <Button kind="quiet" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" kind="primary">
            {t('replay.export')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
